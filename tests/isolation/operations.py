"""Every operation that there is, as the schema has it, each with the least that it can be asked with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    get_named_type,
    is_leaf_type,
    is_required_argument,
    is_required_input_field,
)

from resolvers.root import static_schema, verb_shapes
from schema.metadata.objects import ObjectKind
from schema.sdl.builder import build
from schema.sdl.coordinates import Role, coordinate
from services import metadata

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from graphql import GraphQLField, GraphQLInputType, GraphQLSchema

    from schema.metadata.registry import Registry
    from tests.builders.tenants import Tenant

_SCALARS = {
    "String": '"x"', "Int": "1", "Boolean": "false", "Float": "1.0", "Date": '"2026-03-31"', "JSON": "{}",
    "DateTime": '"2026-03-31T00:00:00Z"', "Decimal": '"1"', "Long": '"1"', "Duration": '"1"',
}  # fmt: skip
_AT_ONCE = 10


@dataclass(frozen=True)
class Operation:
    """One root field. `object_name` is that of generated ones, `kind` what they do."""

    name: str
    text: str
    is_mutation: bool
    object_name: str = ""
    is_of_platform: bool = False
    kind: str = ""


def all_of(registry: Registry) -> list[Operation]:
    """The root fields of a tenant's schema."""
    shape = registry.shape
    schema = build(shape, static_schema(), verbs=verb_shapes(shape.objects))
    return list(_found(schema, registry))


async def of_tenant(tenant: Tenant) -> list[Operation]:
    return all_of(await tenant.read(metadata.registry))


def documents(operations: Sequence[Operation]) -> Iterator[tuple[str, Sequence[Operation]]]:
    """As few documents as may hold them, queries apart from mutations."""
    for is_mutation in (False, True):
        mine = [each for each in operations if each.is_mutation is is_mutation]
        for start in range(0, len(mine), _AT_ONCE):
            part = mine[start : start + _AT_ONCE]
            yield ("mutation { " if is_mutation else "{ ") + " ".join(each.text for each in part) + " }", part


def _found(schema: GraphQLSchema, registry: Registry) -> Iterator[Operation]:
    for type_, is_mutation in ((schema.query_type, False), (schema.mutation_type, True)):
        assert type_ is not None
        for name, field in type_.fields.items():
            means = coordinate(field)
            object_name = means.object_name if means is not None else ""
            number = registry.names[object_name].number if object_name else 0
            yield Operation(
                name,
                f"{name}{_arguments(field, number)} {_selected(field)}",
                is_mutation,
                object_name,
                bool(object_name) and registry.shape.objects[object_name].kind is ObjectKind.SYSTEM,
                means.name if means is not None and means.role is Role.WRITE else "",
            )


def _selected(field: GraphQLField) -> str:
    type_ = get_named_type(field.type)
    if is_leaf_type(type_):
        return ""
    return (
        "{ errors { code } }" if isinstance(type_, GraphQLObjectType) and "errors" in type_.fields else "{ __typename }"
    )


def _arguments(field: GraphQLField, number: int) -> str:
    given = [
        f"{name}: {_value(each.type, number, (name,))}"
        for name, each in field.args.items()
        if is_required_argument(each)
    ]
    return f"({', '.join(given)})" if given else ""


def _value(type_: GraphQLInputType, number: int, path: Sequence[str]) -> str:
    if isinstance(type_, GraphQLNonNull):
        return _value(type_.of_type, number, path)
    if isinstance(type_, GraphQLList):
        return f"[{_value(type_.of_type, number, path)}]"
    if isinstance(type_, GraphQLEnumType):
        return str(next(iter(type_.values)))
    if isinstance(type_, GraphQLInputObjectType):
        members = [
            f"{name}: {_value(each.type, number, (*path, name))}"
            for name, each in type_.fields.items()
            if is_required_input_field(each) or (name == "ids" and path == ("input",))
        ]
        if not members and path[-1] == "set":
            # An empty one is refused before anything is asked of the caller.
            members = [next(f"{name}: null" for name in type_.fields)]
        return "{" + ", ".join(members) + "}"
    # An id of the object that nobody has.
    return f'"{absent(number)}"' if type_.name == "ID" else _SCALARS[type_.name]


def absent(number: int) -> UUID:
    return UUID(int=(1_700_000_000_000 << 80) | (7 << 76) | (number << 64) | (2 << 62) | 1)
