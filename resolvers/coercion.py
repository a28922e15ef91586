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

from resolvers.selection import VariableLeaf, freeze, mark
from tenants.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Hashable

    from graphql import GraphQLNamedInputType, GraphQLNullableInputType, OperationDefinitionNode

Coercer: TypeAlias = Callable[[object], object]

# Whatever a scalar may raise at a value that it does not take; the slow way words it.
_MISFITS = (GraphQLError, Fault, ValueError, TypeError, LookupError, ArithmeticError, RecursionError)
# How many variables of an operation take a kibibyte, with their types as they were declared.
_DECLARED_IN_A_KIBIBYTE = 2
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
    # What they are as a key of a cache, if every variable has one.
    usual_shape: Hashable | None = None

    @property
    def weight(self) -> int:
        """About the memory that it takes, in kibibytes."""
        return 1 + len(self.members) // _DECLARED_IN_A_KIBIBYTE

    def is_usual(self, coerced: Mapping[str, object]) -> bool:
        """Whether every variable has such a marker, is given and is no null: then all values have one shape."""
        return self.usual_shape is not None and len(coerced) == len(self.markers) and None not in coerced.values()

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


class Coercers:
    """Those of the named types of one schema, each made once, when a variable first needs it."""

    def __init__(self) -> None:
        self.members = 0
        self._or_null: dict[GraphQLNamedInputType, Coercer] = {}
        self._of_value: dict[GraphQLNamedInputType, Coercer] = {}

    def of(self, type_: GraphQLInputType) -> Coercer:
        """How values of a type are coerced. Lists and types without null are made anew for each variable, and so is this."""
        if isinstance(type_, GraphQLNonNull):
            return self.of_value(type_.of_type)
        if isinstance(type_, GraphQLList):
            return _or_null(self.of_value(type_))
        found = self._or_null.get(type_)
        if found is None:
            found = self._or_null[type_] = _or_null(self.of_value(type_))
        return found

    def of_value(self, type_: GraphQLNullableInputType) -> Coercer:
        """The same for what is not null."""
        if isinstance(type_, GraphQLList):
            return _of_list(self.of(type_.of_type))
        found = self._of_value.get(type_)
        if found is None:
            if isinstance(type_, GraphQLInputObjectType):
                found = _Object(type_, self)
            else:
                found = _of_leaf(cast("Coercer", type_.parse_value))
            self._of_value[type_] = found
        return found

    def take_apart(self) -> None:
        """Nobody has the schema any more. Those of objects name each other, like their types."""
        made = [*self._of_value.values()]
        self._or_null.clear()
        self._of_value.clear()
        for each in made:
            if isinstance(each, _Object):
                each.forget()


def variables_of(schema: GraphQLSchema, node: OperationDefinitionNode, coercers: Coercers) -> Variables:
    """How the variables of an operation are coerced; it has been validated against the schema."""
    members = []
    markers = {}
    for each in node.variable_definitions or ():
        signature = get_variable_signature(schema, each)
        if not isinstance(signature, GraphQLError):
            members.append((signature.name, signature, coercers.of(signature.type)))
            marker = mark(_ANYTHING, signature.type, (signature.name,))
            if isinstance(marker, VariableLeaf) and not isinstance(
                get_named_type(signature.type), GraphQLInputObjectType
            ):
                markers[signature.name] = marker
    return Variables(tuple(members), markers, freeze(markers) if len(markers) == len(members) else None)


def _or_null(of_value: Coercer) -> Coercer:
    return lambda value: None if value is None else of_value(value)


def _of_list(item: Coercer) -> Coercer:
    return lambda value: [item(each) for each in value] if isinstance(value, list) else [item(_given(value))]


def _of_leaf(parse: Coercer) -> Coercer:
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

    def __init__(self, type_: GraphQLInputObjectType, coercers: Coercers) -> None:
        self._type = type_
        self._coercers = coercers
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
        found = {
            name: (place, field.out_name or name, self._coercers.of(field.type))
            for place, (name, field) in enumerate(fields.items())
        }
        self._needs_all = any(
            isinstance(field.type, GraphQLNonNull) or field.default is not None or field.default_value is not Undefined
            for field in fields.values()
        )
        # Last: whoever finds them does not look again, for any operation of the schema.
        self._members = found
        self._coercers.members += len(found)
        return found

    def forget(self) -> None:
        """Name no other any more."""
        self._members = {}
