"""`@ifPermitted`: a client that shares a query between roles asks for a field only where its caller may read it.

It stands where null may stand: on root queries and on fields of records. Everywhere else it is refused.
"""

from __future__ import annotations

from graphql import (
    DirectiveLocation,
    FieldNode,
    GraphQLDirective,
    GraphQLError,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNonNull,
    GraphQLObjectType,
    ValidationRule,
)

from schema.sdl.coordinates import Role, coordinate

IF_PERMITTED = GraphQLDirective(
    "ifPermitted",
    [DirectiveLocation.FIELD],
    description="Null instead of a refusal where you may not read all that the field names. On root queries and fields of "
    "records, where they may be null.",
)
_ROOTS = frozenset({Role.RECORD, Role.NODE, Role.RECORDS, Role.GROUPS})
_MEMBERS = frozenset({
    *(Role.LEAF, Role.MONEY, Role.PARTS, Role.CHOICE_LABEL),
    *(Role.TO_ONE, Role.TO_SEVERAL, Role.TO_MANY, Role.CHILD_GROUPS),
})


class IfPermittedRule(ValidationRule):
    """The directive stands where its field may be null."""

    def enter_field(self, node: FieldNode, *_args: object) -> None:
        """Look at one field."""
        if not any(each.name.value == IF_PERMITTED.name for each in node.directives or ()):
            return
        definition, parent = self.context.get_field_def(), self.context.get_parent_type()
        if definition is not None and not _may_be_null(definition, parent):
            self.report_error(
                GraphQLError(f"Directive '@ifPermitted' may not be used on '{node.name.value}' here.", node)
            )


def _may_be_null(definition: GraphQLField, parent: object) -> bool:
    means = coordinate(definition)
    if means is None or isinstance(definition.type, GraphQLNonNull):
        return False
    if means.role in _ROOTS:
        return True
    is_record = isinstance(parent, GraphQLObjectType | GraphQLInterfaceType) and any(
        each.name == "Node" for each in parent.interfaces
    )
    return is_record and means.role in _MEMBERS
