"""One operation while it is being read: the document, and the sources of values that the plan's parameters name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from graphql import (
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLObjectType,
    SelectionSetNode,
    get_argument_values,
    get_named_type,
)

from resolvers.selection.picking import Document, Picked, pick
from schema.sdl.conditions import IF_PERMITTED
from schema.sdl.coordinates import Coordinate, coordinate
from services.query.plan import Parameter


@dataclass(slots=True)
class Reading:
    """Collects value sources while a plan is made."""

    document: Document
    default_page: int
    sources: list[object] = field(default_factory=list)
    # Whether a field was met that is answered only if it is permitted.
    is_conditional: bool = False

    def parameter(self, source: object) -> Parameter:
        """The place of one more value."""
        self.sources.append(source)
        return Parameter(len(self.sources) - 1)

    def asks_if_permitted(self, picked: Picked) -> bool:
        """Whether every mention of a field carries `@ifPermitted`: one without it wants to be refused."""
        found = all(
            any(each.name.value == IF_PERMITTED.name for each in node.directives or ()) for node in picked.nodes
        )
        self.is_conditional |= found
        return found

    def arguments(self, picked: Picked) -> Mapping[str, object]:
        """The arguments of a field, with markers for variables."""
        return get_argument_values(definition(picked), picked.nodes[0], self.document.variables)

    def pick(self, type_: GraphQLObjectType, sets: Iterable[SelectionSetNode]) -> list[Picked]:
        """The fields picked of a type."""
        return pick(self.document, type_, sets)


def definition(picked: Picked) -> GraphQLField:
    """The field's definition; validation has seen that it is there."""
    if picked.definition is None:
        msg = f"no definition: {picked.name}"
        raise LookupError(msg)
    return picked.definition


def meaning(picked: Picked) -> Coordinate:
    """What a generated field means; a static field has no place in a plan."""
    found = coordinate(definition(picked))
    if found is None:
        msg = f"no generated field: {picked.name}"
        raise LookupError(msg)
    return found


def object_type(picked: Picked) -> GraphQLObjectType:
    """The object type that a field answers, without lists and non-null."""
    named = get_named_type(definition(picked).type)
    if not isinstance(named, GraphQLObjectType):
        msg = f"no object type: {picked.name}"
        raise TypeError(msg)
    return named


def argument_type(picked: Picked, name: str) -> GraphQLInputObjectType:
    """The input object of an argument, without lists and non-null."""
    named = get_named_type(definition(picked).args[name].type)
    if not isinstance(named, GraphQLInputObjectType):
        msg = f"no input object: {named.name}"
        raise TypeError(msg)
    return named


def parts(reading: Reading, picked: Picked) -> tuple[tuple[str, str], ...]:
    """The (key, name) pairs of a type with plain members only."""
    return tuple((each.key, each.name) for each in reading.pick(object_type(picked), picked.selection_sets))
