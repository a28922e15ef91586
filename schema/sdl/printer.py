"""The only printer of schemas: types in the order of their names, so that equal schemas print equal text.

graphql-core prints no applied directives, and `@auth` is one: fields of object types and interfaces are written here.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLString,
    ast_from_value,
    is_introspection_type,
    is_specified_directive,
    is_specified_scalar_type,
    lexicographic_sort_schema,
    print_ast,
    print_directive,
    print_type,
)
from graphql.utilities.print_schema import (
    print_args,
    print_deprecated,
    print_description,
    print_implemented_interfaces,
    print_schema_definition,
)

from schema.sdl.projections import Auth, auth_of

__all__ = ["print_sdl"]


def print_sdl(schema: GraphQLSchema) -> str:
    """The whole schema, static and generated types alike."""
    return "\n\n".join(_printed(lexicographic_sort_schema(schema))) + "\n"


def _printed(schema: GraphQLSchema) -> Iterator[str]:
    definition = print_schema_definition(schema)
    if definition:
        yield definition
    for directive in schema.directives:
        if not is_specified_directive(directive):
            yield print_directive(directive)
    for type_ in schema.type_map.values():
        if not is_introspection_type(type_) and not is_specified_scalar_type(type_):
            yield _type(type_)


def _type(type_: GraphQLNamedType) -> str:
    if not isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
        return print_type(type_)
    kind = "type" if isinstance(type_, GraphQLObjectType) else "interface"
    members = (
        print_description(field, "  ", first)
        + f"  {name}{print_args(field.args, '  ')}: {field.type}{_auth(field)}{print_deprecated(field.deprecation_reason)}"
        for name, field, first in ((name, field, at == 0) for at, (name, field) in enumerate(type_.fields.items()))
    )
    head = f"{print_description(type_)}{kind} {type_.name}{print_implemented_interfaces(type_)}"
    return head + " {\n" + "\n".join(members) + "\n}"


def _auth(field: GraphQLField) -> str:
    auth = auth_of(field)
    arguments = ", ".join(_arguments(auth)) if auth is not None else ""
    return f" @auth({arguments})" if arguments else ""


def _arguments(auth: Auth) -> Iterator[str]:
    for name in ("requires", "scope", "action", "level"):
        value = getattr(auth, name)
        if value:
            yield f"{name}: {_text(value)}"
    if auth.roles:
        yield f"roles: [{', '.join(map(_text, auth.roles))}]"


def _text(value: str) -> str:
    node = ast_from_value(value, GraphQLString)
    return print_ast(node) if node is not None else '""'
