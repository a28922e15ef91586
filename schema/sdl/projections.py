"""What one caller gets to see of a schema, as plain data: whoever builds a schema is given it, and asks it by name.

The schema that is executed is whole and holds no rights. Introspection, the printed SDL and what tokens are validated
against are projections: what the caller may not use is not there, and so is answered like a name that never was.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, cast

from graphql import (
    DirectiveLocation,
    GraphQLArgument,
    GraphQLDirective,
    GraphQLField,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLString,
)

from schema.sdl.slim import ObjectType

_KEY = "auth"


class Auth(Protocol):
    """What a field asks of its caller: the arguments of `@auth`; what is empty is left out."""

    @property
    def requires(self) -> str:
        """Who: `anybody`, `signedIn`, `person` (no token), `definer`, `administrator`."""

    @property
    def scope(self) -> str:
        """The scope that a token needs."""

    @property
    def action(self) -> str:
        """The named action, as `lead.convert`."""

    @property
    def level(self) -> str:
        """How far the caller reaches the field: `masked`, `read` or `write`."""

    @property
    def roles(self) -> tuple[str, ...]:
        """How far each role does, for those who may read the policy: `sales: masked`."""


AUTH = GraphQLDirective(
    "auth",
    [DirectiveLocation.FIELD_DEFINITION],
    {
        **{name: GraphQLArgument(GraphQLString) for name in ("requires", "scope", "action", "level")},
        "roles": GraphQLArgument(GraphQLList(GraphQLNonNull(GraphQLString))),
    },
    description="What a field asks: who may use it, the scope that a token needs, a named action, how far you reach it, "
    "and, for those who may read the policy, how far each role does.",
)


def auth_of(field: GraphQLField) -> Auth | None:
    """What a field asks; nothing is said in a schema that holds no rights."""
    extensions: Mapping[str, object] = field.extensions
    return cast("Auth | None", extensions.get(_KEY))


def with_auth(extensions: dict[str, Any], auth: Auth | None) -> dict[str, Any]:  # the library's own loose type
    """The extensions of a field that also says what it asks of its caller; the same ones where it asks nothing."""
    return extensions if auth is None else {**extensions, _KEY: auth}


class Projection(Protocol):
    """What is there for a caller, and what it asks of him."""

    def reads(self, object_name: str) -> bool:
        """Whether some of its records may be read."""

    def selects(self, object_name: str, field_name: str) -> bool:
        """Whether a field may be selected, perhaps masked."""

    def compares(self, object_name: str, field_name: str) -> bool:
        """Whether it may be filtered, sorted, grouped and measured by."""

    def writes(self, object_name: str, field_name: str) -> bool:
        """Whether it may be written."""

    def does(self, object_name: str, verb: str, *, many: bool = False) -> bool:
        """Whether a generated mutation may be used."""

    def trash(self, object_name: str) -> bool:
        """Whether deleted records may be read."""

    def runs(self, verb_name: str) -> bool:
        """Whether a declared mutation may be used."""

    def opens(self, static_name: str) -> bool:
        """Whether a static root field may be used."""

    def of_object(self, object_name: str, verb: str = "read") -> Auth | None:
        """What reading the records asks, or a generated mutation."""

    def of_field(self, object_name: str, field_name: str) -> Auth | None:
        """What a field asks."""

    def of_name(self, name: str) -> Auth | None:
        """What a static field or a declared mutation asks."""


class Whole:
    """Everything, and nothing said of rights: the schema that is executed."""

    def reads(self, object_name: str) -> bool:  # noqa: ARG002 - the protocol's shape
        """Always."""
        return True

    def selects(self, object_name: str, field_name: str) -> bool:  # noqa: ARG002 - the protocol's shape
        """Always."""
        return True

    compares = writes = selects

    def does(self, object_name: str, verb: str, *, many: bool = False) -> bool:  # noqa: ARG002 - the protocol's shape
        """Always."""
        return True

    trash = runs = opens = reads

    def of_object(self, object_name: str, verb: str = "read") -> Auth | None:  # noqa: ARG002 - the protocol's shape
        """Nothing."""
        return None

    def of_field(self, object_name: str, field_name: str) -> Auth | None:  # noqa: ARG002 - the protocol's shape
        """Nothing."""
        return None

    def of_name(self, name: str) -> Auth | None:  # noqa: ARG002 - the protocol's shape
        """Nothing."""
        return None


WHOLE = Whole()


def static_part(static: GraphQLSchema, projection: Projection) -> GraphQLSchema:
    """The static schema with what is there for the caller, and the types that this needs."""
    roots = [_projected(root, projection) for root in (static.query_type, static.mutation_type)]
    return GraphQLSchema(
        query=roots[0],
        mutation=roots[1],
        directives=static.directives,
        description=static.description,
        extensions=static.extensions,
        assume_valid=True,
    )


def _projected(root: GraphQLObjectType | None, projection: Projection) -> GraphQLObjectType | None:
    if root is None:
        return None
    there = {name: _with_auth(field, projection.of_name(name)) for name, field in root.fields.items()
             if projection.opens(name)}  # fmt: skip
    return ObjectType(root.name, there) if there else None


def _with_auth(field: GraphQLField, auth: Auth | None) -> GraphQLField:
    if auth is None:
        return field
    given = field.to_kwargs()
    given["extensions"] = with_auth(field.extensions, auth)
    return GraphQLField(**given)
