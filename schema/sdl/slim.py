"""Types and members that take less memory than the library's, and are read like them; none is copied.

A joined schema of a tenant of its own has tens of thousands of members, nearly all of which have a type, a meaning and
nothing else; and what the library finds once for a type it keeps in a way that makes a dictionary of the whole type.
"""

from __future__ import annotations

from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar, cast

from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLObjectType,
    Undefined,
    assert_name,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphql import (
        GraphQLArgumentMap,
        GraphQLDefaultInput,
        GraphQLInputType,
        GraphQLInterfaceType,
        GraphQLOutputType,
        InputValueDefinitionNode,
        ThunkMapping,
    )

M = TypeVar("M")

# Shared by all that have nothing to say; nobody can write into it.
_NOTHING = cast("dict[str, Any]", MappingProxyType({}))  # read like any of the library's dictionaries
# The same names stand in a dozen types of an object, and to look at each of their letters takes as long as the rest.
_checked = lru_cache(maxsize=256)(assert_name)


class OutputField(GraphQLField):
    """A member of an object type. What it does not say is said by the class, so that it takes no place in each."""

    args = _NOTHING
    resolve = None
    subscribe = None
    description: str | None = None
    deprecation_reason = None
    extensions = _NOTHING
    ast_node = None

    def __init__(
        self,
        type_: GraphQLOutputType,
        args: GraphQLArgumentMap | None = None,
        *,
        description: str | None = None,
        extensions: dict[str, Any] | None = None,  # the library's own loose type
    ) -> None:
        self.type = type_
        if args:
            self.args = args
        if description is not None:
            self.description = description
        if extensions:
            self.extensions = extensions


class _InputValue:
    """What members of input types and arguments have in common: an input value without a default."""

    default_value = Undefined
    default: GraphQLDefaultInput | None = None
    description: str | None = None
    deprecation_reason: str | None = None
    out_name: str | None = None
    extensions = _NOTHING
    ast_node: InputValueDefinitionNode | None = None

    def __init__(
        self,
        type_: GraphQLInputType,
        *,
        description: str | None = None,
        extensions: dict[str, Any] | None = None,  # the library's own loose type
    ) -> None:
        self.type = type_
        if description is not None:
            self.description = description
        if extensions:
            self.extensions = extensions


class InputField(_InputValue, GraphQLInputField):
    """A member of an input type, without a default."""


class Argument(_InputValue, GraphQLArgument):
    """An argument, without a default."""


class ObjectType(GraphQLObjectType):
    """An object type."""

    description: str | None = None
    is_type_of = None
    extensions = _NOTHING
    ast_node = None
    extension_ast_nodes = ()

    def __init__(
        self,
        name: str,
        fields: ThunkMapping[GraphQLField],
        interfaces: tuple[GraphQLInterfaceType, ...] = (),
        *,
        description: str | None = None,
    ) -> None:
        self.name = assert_name(name)
        self._members = fields if callable(fields) else _found(fields)
        self._implemented = interfaces
        if description is not None:
            self.description = description

    @property
    def fields(self) -> dict[str, GraphQLField]:
        """The fields, found when they are first asked for; what finds them holds more than they do, and goes."""
        members = self._members
        if callable(members):
            members = self._members = _found(members())
        return members

    @property
    def interfaces(self) -> tuple[GraphQLInterfaceType, ...]:
        """The interfaces."""
        return self._implemented


class InputType(GraphQLInputObjectType):
    """An input type."""

    description: str | None = None
    extensions = _NOTHING
    ast_node = None
    extension_ast_nodes = ()

    def __init__(
        self,
        name: str,
        fields: ThunkMapping[GraphQLInputField],
        description: str | None = None,
        *,
        is_one_of: bool = False,
    ) -> None:
        self.name = assert_name(name)
        self._members = fields if callable(fields) else _found(fields)
        self.is_one_of = is_one_of
        if description is not None:
            self.description = description

    @property
    def fields(self) -> dict[str, GraphQLInputField]:
        """The members, found when they are first asked for; what finds them holds more than they do, and goes."""
        members = self._members
        if callable(members):
            members = self._members = _found(members())
        return members


def _found(members: Mapping[str, M]) -> dict[str, M]:
    return {_checked(name): member for name, member in members.items()}
