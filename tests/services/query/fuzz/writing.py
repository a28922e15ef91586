"""Operations as GraphQL text and variables, in one of the many ways in which the same thing can be said.

Fragments, named and inline; fields that are skipped, some of which nobody may read; arguments as literals, as variables,
or literals with variables inside.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
)

from schema.metadata.naming import aggregate_member, type_name
from tests.services.query.fuzz.asked import ChildGroups, Item, Many, One, Root, Selection, Value
from tests.services.query.fuzz.values import as_json


class Writing:
    """One document being written."""

    def __init__(self, rng: random.Random, schema: GraphQLSchema) -> None:
        self._rng = rng
        self._schema = schema
        self._fragments: list[str] = []
        self._variables: dict[str, tuple[str, Any]] = {}
        self._numbers = count()

    def operation(self, roots: Iterable[Root]) -> tuple[str, dict[str, Any]]:
        query = self._schema.query_type
        assert query is not None
        body = self._set([self._root(each, query) for each in roots], query)
        declared = ", ".join(f"${name}: {type_}" for name, (type_, _) in self._variables.items())
        head = f"query Fuzz({declared})" if declared else self._rng.choice(("query", "query Fuzz"))
        given = {name: value for name, (_, value) in self._variables.items()}
        return "\n".join([f"{head} {body}", *self._fragments]), given

    def _root(self, root: Root, query: GraphQLObjectType) -> str:
        if root.what == "typename":
            return f"{root.key}: __typename"
        field = query.fields[root.name]
        type_ = _object(field) if root.what not in {"node", "search"} else None
        arguments = root.arguments
        match root.what:
            case "records" | "groups":
                assert type_ is not None
                arguments = root.inner.arguments
                inner = self._parts(root.inner.parts, type_)
            case "record":
                assert type_ is not None
                inner = self._selection(root.inner, type_)
            case "node":
                inner = self._of_node(root.inner)
            case _:
                hit = get_named_type(field.type)
                assert isinstance(hit, GraphQLObjectType)
                inner = self._set(
                    [f"{key}: {name} {'' if each is None else self._of_node(each)}" for key, name, each in root.inner],
                    hit,
                )
        return f"{root.key}: {root.name}{self._arguments(arguments, field)} {inner}"

    def _of_node(self, selections: Sequence[Selection]) -> str:
        parts = []
        for each in selections:
            type_ = self._type(each.object_name)
            parts.append(f"... on {type_.name} {self._selection(each, type_)}")
        return "{ " + " ".join(parts) + " }"

    def _type(self, object_name: str) -> GraphQLObjectType:
        found = self._schema.get_type(type_name(object_name))
        assert isinstance(found, GraphQLObjectType)
        return found

    # --- selections ---------------------------------------------------------------------------------------------------

    def _selection(self, selection: Selection, type_: GraphQLObjectType) -> str:
        return self._set([self._item(each, type_) for each in selection.items], type_)

    def _item(self, item: Item, type_: GraphQLObjectType) -> str:
        match item:
            case Value():
                inner = "{ " + " ".join(map(_aliased, item.parts)) + " }" if item.parts else ""
                given = {} if item.locale is None else {"locale": item.locale}
                arguments = self._arguments(given, type_.fields[item.name]) if given else ""
                return f"{_aliased((item.key, item.name))}{arguments} {inner}"
            case One():
                inner = self._selection(item.selection, _object(type_.fields[item.field]))
                return f"{_aliased((item.key, item.field))} {inner}"
            case Many():
                field = type_.fields[item.inverse.name]
                inner = self._parts(item.page.parts, _object(field))
                return f"{_aliased((item.key, item.inverse.name))}{self._arguments(item.page.arguments, field)} {inner}"
            case ChildGroups():
                name = aggregate_member(item.inverse.name)
                field = type_.fields[name]
                inner = self._parts(item.groups.parts, _object(field))
                return f"{_aliased((item.key, name))}{self._arguments(item.groups.arguments, field)} {inner}"

    def _parts(self, parts: Sequence[tuple[Any, ...]], type_: GraphQLObjectType) -> str:
        """Members of connections and groups, however deep."""
        return self._set([self._part(each, type_) for each in parts], type_)

    def _part(self, part: tuple[Any, ...], type_: GraphQLObjectType) -> str:
        key, name, *rest = part
        inner = rest[0] if rest else None
        head = _aliased((key, name))
        if isinstance(inner, Selection):
            return f"{head} {self._selection(inner, self._type(inner.object_name))}"
        return f"{head} {self._parts(inner, _object(type_.fields[name]))}" if isinstance(inner, list) else head

    def _set(self, fields: list[str], type_: GraphQLObjectType) -> str:
        """A selection set that comes to these fields in this order."""
        rng, written = self._rng, []
        while fields:
            size = rng.randint(1, len(fields))
            part, fields = " ".join(fields[:size]), fields[size:]
            match rng.randint(0, 9):
                case 0:
                    written.append(f"... {{ {part} }}")
                case 1:
                    written.append(f"... on {type_.name} {self._kept()} {{ {part} }}")
                case 2:
                    name = f"F{len(self._fragments)}"
                    self._fragments.append(f"fragment {name} on {type_.name} {{ {part} }}")
                    written.append(f"...{name}")
                case 3:
                    written.append(f"{part} {self._left_out(type_)}")
                case _:
                    written.append(part)
        return "{ " + " ".join(written) + " }"

    def _left_out(self, type_: GraphQLObjectType) -> str:
        """A field that is not asked for after all; whether it may be read does not matter."""
        plain = [
            name for name, field in type_.fields.items() if is_leaf_type(get_named_type(field.type)) and not field.args
        ]
        if not plain or type_.name == "Query":
            return ""
        value = self._rng.random() < 0.5
        return f"x{next(self._numbers)}: {self._rng.choice(plain)} @{'skip' if value else 'include'}(if: {self._boolean(value)})"

    def _kept(self) -> str:
        if self._rng.random() < 0.5:
            return ""
        value = self._rng.random() < 0.5
        return f"@{'include' if value else 'skip'}(if: {self._boolean(value)})"

    def _boolean(self, value: bool) -> str:
        return self._variable("Boolean!", value) if self._rng.random() < 0.5 else json.dumps(value)

    # --- arguments ----------------------------------------------------------------------------------------------------

    def _arguments(self, given: Mapping[str, Any], field: GraphQLField) -> str:
        written = [f"{name}: {self._value(as_json(value), field.args[name].type)}" for name, value in given.items()]
        return f"({', '.join(written)})" if written else ""

    def _value(self, value: Any, type_: GraphQLInputType, ending: str = "") -> str:
        if self._rng.random() < 0.15:
            return self._variable(f"{type_}{ending}", value)
        plain = get_nullable_type(type_)
        if isinstance(plain, GraphQLList) and isinstance(value, list):
            return "[" + ", ".join(self._value(each, plain.of_type) for each in value) + "]"
        if isinstance(plain, GraphQLInputObjectType):
            # Where exactly one member is taken, none may be empty.
            ending = "!" if plain.is_one_of else ""
            members = (f"{name}: {self._value(each, plain.fields[name].type, ending)}" for name, each in value.items())
            return "{" + ", ".join(members) + "}"
        return str(value) if isinstance(plain, GraphQLEnumType) else json.dumps(value, ensure_ascii=False)

    def _variable(self, type_: str, value: Any) -> str:
        name = f"v{len(self._variables)}"
        self._variables[name] = (type_, value)
        return f"${name}"


def _object(field: GraphQLField) -> GraphQLObjectType:
    found = get_named_type(field.type)
    assert isinstance(found, GraphQLObjectType)
    return found


def _aliased(part: Sequence[str]) -> str:
    key, name = part
    return name if key == name else f"{key}: {name}"
