"""Every place where a field of a record can stand, as the schema has it: shown, and deciding what is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLObjectType, get_named_type, is_leaf_type

from resolvers.root import static_schema, verb_shapes
from schema.metadata.naming import aggregate_member, id_member, type_name
from schema.metadata.objects import ObjectKind
from schema.sdl.builder import build
from services.permissions import ALWAYS_READABLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphql import GraphQLField, GraphQLSchema

    from schema.metadata.fields import Field
    from schema.metadata.objects import Object
    from schema.metadata.registry import Registry, Shape

_GRANULARITY = "MONTH"


@dataclass(frozen=True)
class Coordinate:
    """A root field without its alias. `how` is select, filter, sort, cursor, group, aggregate, having or inverse."""

    how: str
    object_name: str
    field: str
    text: str


def coordinates(registry: Registry) -> list[Coordinate]:
    """Those of every object with records."""
    schema = build(registry.shape, static_schema(), verbs=verb_shapes(registry.shape.objects))
    return [
        each
        for thing in registry.shape.objects.values()
        if thing.kind is not ObjectKind.SYSTEM
        for field in thing.fields
        if field.name not in ALWAYS_READABLE
        for each in _Places(schema, registry.shape, thing, field).found()
    ]


class _Places:
    def __init__(self, schema: GraphQLSchema, shape: Shape, thing: Object, field: Field) -> None:
        self._schema, self._shape, self._thing, self._field = schema, shape, thing, field
        assert schema.query_type is not None
        self._roots = schema.query_type.fields

    def found(self) -> Iterator[Coordinate]:
        plural, groups = self._thing.plural, aggregate_member(self._thing.plural)
        yield self._at("select", f"{plural}(first: 1) {{ nodes {{ {self._selected()} }} }}")
        for how, argument in (("filter", self._filter()), ("sort", self._sort())):
            if argument:
                yield self._at(how, f"{plural}({argument}, first: 1) {{ nodes {{ id }} }}")
                yield self._at("count", f"{plural}({argument}) {{ totalCount }}")
        if self._sort():
            yield self._at("cursor", f"{plural}({self._sort()}, first: 1) {{ edges {{ cursor }} }}")
        if self._filter():
            yield self._at("aggregate", f"{groups}({self._filter()}) {{ count }}")
        if self._group():
            yield self._at("group", f"{groups}({self._group()}) {{ count }}")
        if self._is_counted():
            counted = f"countDistinct: {{{self._field.name}: {{gt: 0}}}}"
            yield self._at("aggregate", f"{groups} {{ countDistinct {{ {self._field.name} }} }}")
            yield self._at("having", f"{groups}(having: {{{counted}}}) {{ count }}")
        yield from self._inverse()

    def _at(self, how: str, text: str) -> Coordinate:
        return Coordinate(how, self._thing.name, self._field.name, text)

    def _selected(self) -> str:
        type_ = self._schema.get_type(type_name(self._thing.name))
        assert isinstance(type_, GraphQLObjectType)
        name = self._field.name
        return name if is_leaf_type(get_named_type(type_.fields[name].type)) else f"{name} {{ __typename }}"

    def _filter(self) -> str:
        name = id_member(self._field.name) if self._field.relation is not None else self._field.name
        members = self._members(self._roots[self._thing.plural], "filter")
        inner = get_named_type(members.fields[name].type) if members and name in members.fields else None
        if not isinstance(inner, GraphQLInputObjectType) or "isEmpty" not in inner.fields:
            return ""
        return f"filter: {{{name}: {{isEmpty: true}}}}"

    def _sort(self) -> str:
        members = self._members(self._roots[self._thing.plural], "orderBy")
        found = members.fields.get(self._field.name) if members else None
        is_key = found is not None and isinstance(get_named_type(found.type), GraphQLEnumType)
        return f"orderBy: [{{{self._field.name}: ASC}}]" if is_key else ""

    def _group(self) -> str:
        name = id_member(self._field.name) if self._field.relation is not None else self._field.name
        members = self._members(self._roots[aggregate_member(self._thing.plural)], "groupBy")
        found = members.fields.get(name) if members else None
        if found is None:
            return ""
        by = _GRANULARITY if isinstance(get_named_type(found.type), GraphQLEnumType) else "true"
        return f"groupBy: [{{{name}: {by}}}]"

    def _is_counted(self) -> bool:
        type_ = get_named_type(self._roots[aggregate_member(self._thing.plural)].type)
        assert isinstance(type_, GraphQLObjectType)
        counts = get_named_type(type_.fields["countDistinct"].type) if "countDistinct" in type_.fields else None
        return isinstance(counts, GraphQLObjectType) and self._field.name in counts.fields

    def _inverse(self) -> Iterator[Coordinate]:
        relation = self._field.relation
        if relation is None or not relation.inverse_name:
            return
        plural, inverse = self._shape.objects[relation.target].plural, relation.inverse_name
        yield self._at("inverse", f"{plural}(first: 1) {{ nodes {{ {inverse} {{ totalCount }} }} }}")
        some = f"filter: {{{inverse}: {{some: {{}}}}}}"
        yield self._at("inverse", f"{plural}({some}, first: 1) {{ nodes {{ id }} }}")
        group = f"{aggregate_member(inverse)} {{ count }}"
        yield self._at("inverse", f"{plural}(first: 1) {{ nodes {{ {group} }} }}")

    def _members(self, field: GraphQLField, argument: str) -> GraphQLInputObjectType | None:
        found = get_named_type(field.args[argument].type)
        return found if isinstance(found, GraphQLInputObjectType) else None
