"""Which fields a selection set picks of one type, after fragments and `@skip`/`@include`; equal keys are merged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLIncludeDirective,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLSkipDirective,
    InlineFragmentNode,
    SelectionSetNode,
    get_directive_values,
)
from graphql.execution import VariableValues

TYPENAME = "__typename"


@dataclass(frozen=True, slots=True)
class Document:
    """What a selection is read against: schema, fragments and variables."""

    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: VariableValues


@dataclass(slots=True)
class Picked:
    """One response key of a type, with every node that asked for it. `__typename` has no definition."""

    key: str
    name: str
    definition: GraphQLField | None
    nodes: list[FieldNode] = field(default_factory=list)

    @property
    def selection_sets(self) -> tuple[SelectionSetNode, ...]:
        """What was asked of the field's own type."""
        return tuple(node.selection_set for node in self.nodes if node.selection_set is not None)


def pick(document: Document, type_: GraphQLObjectType, sets: Iterable[SelectionSetNode]) -> list[Picked]:
    """The fields in response order."""
    found: dict[str, Picked] = {}
    seen: set[str] = set()
    for selection_set in sets:
        _visit(document, type_, selection_set, found, seen)
    return list(found.values())


def _visit(
    document: Document,
    type_: GraphQLObjectType,
    selection_set: SelectionSetNode,
    found: dict[str, Picked],
    seen: set[str],
) -> None:
    for node in selection_set.selections:
        if not _is_included(document, node):
            continue
        if isinstance(node, FieldNode):
            name = node.name.value
            key = node.alias.value if node.alias else name
            if key not in found:
                found[key] = Picked(key, name, type_.fields.get(name))
            found[key].nodes.append(node)
            continue
        fragment: InlineFragmentNode | FragmentDefinitionNode
        if isinstance(node, FragmentSpreadNode):
            if node.name.value in seen:
                continue
            seen.add(node.name.value)
            fragment = document.fragments[node.name.value]
        elif isinstance(node, InlineFragmentNode):
            fragment = node
        else:  # pragma: no cover - the grammar has three kinds of selection
            continue
        if _applies(document.schema, fragment, type_):
            _visit(document, type_, fragment.selection_set, found, seen)


def _is_included(document: Document, node: FieldNode | FragmentSpreadNode | InlineFragmentNode | object) -> bool:
    if not getattr(node, "directives", None):
        return True
    skip = get_directive_values(GraphQLSkipDirective, node, document.variables)  # type: ignore[arg-type]
    if skip is not None and skip["if"]:
        return False
    include = get_directive_values(GraphQLIncludeDirective, node, document.variables)  # type: ignore[arg-type]
    return include is None or bool(include["if"])


def _applies(
    schema: GraphQLSchema, fragment: InlineFragmentNode | FragmentDefinitionNode, type_: GraphQLObjectType
) -> bool:
    condition = fragment.type_condition
    if condition is None or condition.name.value == type_.name:
        return True
    wanted = schema.get_type(condition.name.value)
    return isinstance(wanted, GraphQLInterfaceType) and schema.is_sub_type(wanted, type_)
