"""Variables coerced by functions that are made once for each type of a schema: the quick way for what is valid.

What does not fit answers nothing here; `resolvers.variables` then says what is wrong with it, or finds that nothing is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias, cast

from graphql import (
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    Undefined,
    get_named_type,
)
from graphql.execution import VariableValues
from graphql.execution.get_variable_signature import GraphQLVariableSignature, get_variable_signature
from graphql.execution.values import VariableValueSource

from resolvers.selection import VariableLeaf, mark
from tenants.errors import Fault

if TYPE_CHECKING:
    from graphql import GraphQLScalarType, OperationDefinitionNode

Coercer: TypeAlias = Callable[[object], object]

# Whatever a scalar may raise at a value that it does not take; the slow way words it.
_MISFITS = (GraphQLError, Fault, ValueError, TypeError, LookupError, ArithmeticError, RecursionError)
# Stands for any value of a variable.
_ANYTHING = object()


class _Misfit(ValueError):
    """The value is none of this type, or needs the slow way."""


@dataclass(frozen=True, slots=True)
class Variables:
    """The variables of one operation, for one schema."""

    members: tuple[tuple[str, GraphQLVariableSignature, Coercer], ...]
    # The markers of those whose values are no part of an operation's shape, whatever they are; a null is.
    markers: Mapping[str, VariableLeaf] = field(default_factory=dict)

    def coerced(self, given: Mapping[str, object]) -> VariableValues | None:
        """The values, or nothing where the slow way has to look."""
        sources: dict[str, VariableValueSource] = {}
        values: dict[str, object] = {}
        try:
            for name, signature, coerce in self.members:
                if name in given:
                    values[name] = coerce(given[name])
                    sources[name] = VariableValueSource(signature, given[name])
                elif signature.default is not None or isinstance(signature.type, GraphQLNonNull):
                    return None
                else:
                    sources[name] = VariableValueSource(signature)
        except _MISFITS:
            return None
        return VariableValues(sources, values)


def variables_of(schema: GraphQLSchema, node: OperationDefinitionNode) -> Variables:
    """How the variables of an operation are coerced; it has been validated against the schema."""
    made: dict[str, _Object] = {}
    members = []
    markers = {}
    for each in node.variable_definitions or ():
        signature = get_variable_signature(schema, each)
        if not isinstance(signature, GraphQLError):
            members.append((signature.name, signature, _coercer(signature.type, made)))
            marker = mark(_ANYTHING, signature.type, (signature.name,))
            if isinstance(marker, VariableLeaf) and not isinstance(
                get_named_type(signature.type), GraphQLInputObjectType
            ):
                markers[signature.name] = marker
    return Variables(tuple(members), markers)


def _coercer(type_: GraphQLInputType, made: dict[str, _Object]) -> Coercer:
    if isinstance(type_, GraphQLNonNull):
        return _of_value(type_.of_type, made)
    of_value = _of_value(type_, made)
    return lambda value: None if value is None else of_value(value)


def _of_value(type_: GraphQLInputType, made: dict[str, _Object]) -> Coercer:
    """For a value that is not null."""
    if isinstance(type_, GraphQLList):
        item = _coercer(type_.of_type, made)
        return lambda value: [item(each) for each in value] if isinstance(value, list) else [item(_given(value))]
    if isinstance(type_, GraphQLInputObjectType):
        if type_.name not in made:
            made[type_.name] = _Object(type_, made)
        return made[type_.name]
    parse = cast("Coercer", cast("GraphQLScalarType", type_).parse_value)

    def leaf(value: object) -> object:
        parsed = parse(_given(value))
        if parsed is Undefined:
            raise _Misfit
        return parsed

    return leaf


def _given(value: object) -> object:
    if value is None:
        raise _Misfit
    return value


class _Object:
    """An input object. Its members are looked at when it is first used, because filters hold themselves."""

    def __init__(self, type_: GraphQLInputObjectType, made: dict[str, _Object]) -> None:
        self._type = type_
        self._made = made
        self._members: dict[str, tuple[int, str, Coercer]] = {}
        self._needs_all = False

    def __call__(self, value: object) -> object:
        """The coerced object, its members in the order of their definition."""
        if not isinstance(value, dict):
            raise _Misfit
        members = self._members or self._look()
        if self._needs_all and len(value) != len(members):
            # A default, or a member that is missing.
            raise _Misfit
        names = value if len(value) < 2 else sorted(value, key=lambda name: members[name][0])  # noqa: PLR2004
        coerced = {}
        for name in names:
            _, out_name, coerce = members[name]
            coerced[out_name] = coerce(value[name])
        if self._type.is_one_of and (len(coerced) != 1 or None in coerced.values()):
            raise _Misfit
        return self._type.out_type(coerced)

    def _look(self) -> dict[str, tuple[int, str, Coercer]]:
        fields = self._type.fields
        self._members = {
            name: (place, field.out_name or name, _coercer(field.type, self._made))
            for place, (name, field) in enumerate(fields.items())
        }
        self._needs_all = any(
            isinstance(field.type, GraphQLNonNull) or field.default is not None or field.default_value is not Undefined
            for field in fields.values()
        )
        return self._members
