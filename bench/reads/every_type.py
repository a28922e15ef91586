"""Documents that name every type of a schema, a root field each, with values of their variables that look into every input."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphql import GraphQLInputObjectType, GraphQLObjectType, get_named_type, is_leaf_type, is_required_argument

from resolvers.documents import ParsedDocument, parse_document
from tenants.settings import LimitSettings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from graphql import GraphQLField, GraphQLNamedType, GraphQLSchema

# Longer than any way from a root field to a type that nothing nearer names.
_DEPTH = 8
# It is not what clients may ask that is measured.
_NO_LIMITS = LimitSettings(depth=_DEPTH + 2, tokens=100_000)


@dataclass(frozen=True, slots=True)
class Document:
    """One operation, and values that its variables are coerced with one after the other."""

    parsed: ParsedDocument
    values: tuple[Mapping[str, object], ...]


def documents(schema: GraphQLSchema, static: Mapping[str, GraphQLNamedType]) -> list[Document]:
    """One for each root field that answers types or takes inputs of the schema's own."""
    named: set[str] = {*static}
    made = []
    for kind, root in (("query", schema.query_type), ("mutation", schema.mutation_type)):
        for name, field in (root.fields if root else {}).items():
            if new := _new(field, named):
                text = _text(kind, name, field, named)
                values = tuple(
                    {argument: value}
                    for argument, given in field.args.items()
                    for value in _values(get_named_type(given.type), named, _DEPTH)
                )
                named.update(new)
                made.append(Document(parse_document(text, _NO_LIMITS), values))
    return made


def _new(field: GraphQLField, named: set[str]) -> list[str]:
    types = [get_named_type(field.type), *(get_named_type(each.type) for each in field.args.values())]
    return [each.name for each in types if each.name not in named]


def _text(kind: str, name: str, field: GraphQLField, named: set[str]) -> str:
    declared = ", ".join(f"${argument}: {given.type}" for argument, given in field.args.items())
    given = ", ".join(f"{argument}: ${argument}" for argument in field.args)
    arguments = (f" ({declared})", f"({given})") if field.args else ("", "")
    return f"{kind}{arguments[0]} {{ {name}{arguments[1]} {_selected(get_named_type(field.type), named, _DEPTH)} }}"


def _selected(type_: GraphQLNamedType, named: set[str], depth: int) -> str:
    """Every member, and behind each what no document has selected yet."""
    if not isinstance(type_, GraphQLObjectType):
        return "" if is_leaf_type(type_) else "{ __typename }"
    if type_.name in named or not depth:
        return "{ __typename }"
    named.add(type_.name)
    members = (
        f"{name} {_selected(get_named_type(member.type), named, depth - 1)}".strip()
        for name, member in type_.fields.items()
        if not any(is_required_argument(each) for each in member.args.values())
    )
    return f"{{ {' '.join(members)} }}"


def _values(type_: GraphQLNamedType, named: set[str], depth: int) -> Iterator[object]:
    """Objects of one member within each other, down to every input that no document has looked into yet."""
    if not isinstance(type_, GraphQLInputObjectType) or type_.name in named or not depth:
        return
    named.add(type_.name)
    yield {}
    for name, member in type_.fields.items():
        for value in _values(get_named_type(member.type), named, depth - 1):
            yield {name: value}
