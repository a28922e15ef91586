"""Rules that come with an object as text become rules that can be asked: those of its fields, of its records, of its indexes.

The same checks as the verbs make one by one; whoever brings the object is who has to be able to read what they look at.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from schema.metadata.errors import UnknownField
from schema.metadata.field_rules import NO_RULES
from schema.metadata.near_names import LONGEST, hints
from schema.metadata.record_fields import RECORD_FIELDS
from services.field_rules import conditions, fields, validation
from services.field_rules.combinations import MOST_UNIQUE_RULES, may_stand_together
from services.field_rules.errors import CannotBeUniqueTogether, NotAChoiceField, TooManyUniqueRules
from services.metadata import Findings

if TYPE_CHECKING:
    from schema.metadata.definitions import FieldDefinition, ObjectDefinition
    from schema.metadata.field_rules import Condition, FieldRules, ValidationRule
    from services.metadata import Snapshot
    from services.permissions import Policy


def settled_field_rules(
    snapshot: Snapshot, policy: Policy, object_name: str, definition: FieldDefinition
) -> FieldRules:
    """The rules of a field with what their texts mean among everything that is defined."""
    rules, found = definition.rules, Findings()
    made: dict[str, Condition] = {}
    for name, condition in rules.conditions:
        with found.at(name):
            made[name] = fields.condition_of(snapshot, policy, object_name, definition, name, condition.text)
    with found.at("offered"):
        _check_offered(snapshot, object_name, definition)
    found.settle()
    if rules == NO_RULES:
        return rules
    return replace(
        rules, required_if=made.get("requiredIf"), visible_if=made.get("visibleIf"), read_only_if=made.get("readOnlyIf")
    )


def settled_rule(snapshot: Snapshot, policy: Policy, thing: ObjectDefinition, rule: ValidationRule) -> ValidationRule:
    """A validation rule with what its text means; without fields it is told of those that it looks at."""
    found = Findings()
    with found.at("expression"):
        made, node = conditions.condition(snapshot.registry, policy, thing.name, rule.condition.text, at=())
        looked_at = conditions.own_fields(node, thing.name)[: validation.MOST_FIELDS]
        rule = replace(rule, condition=made, fields=rule.fields or looked_at)
    with found.at("fields"):
        rule = replace(rule, fields=validation.told_of(thing, rule.fields))
    found.settle()
    return rule


def refuse_unfit_indexes(thing: ObjectDefinition) -> None:
    """Indexes over several fields that an object cannot have."""
    found = Findings()
    live = [each for each in thing.indexes if each.is_live]
    if sum(each.index.is_unique for each in live) > MOST_UNIQUE_RULES:
        raise TooManyUniqueRules(max=MOST_UNIQUE_RULES)
    known = {each.name: each for each in RECORD_FIELDS} | {
        each.name: each.field for each in thing.fields if not each.is_retired
    }
    for each in live:
        place = ("indexes", ",".join(each.index.fields))
        for name in each.index.fields:
            if name not in known:
                found.note(UnknownField(object=thing.name, name=name[:LONGEST], **hints(name, known)), *place)
            elif not may_stand_together(known[name]):
                found.note(CannotBeUniqueTogether(field=name), *place)
    found.settle()


def _check_offered(snapshot: Snapshot, object_name: str, definition: FieldDefinition) -> None:
    offered = definition.rules.offered
    if offered is None:
        return
    if not definition.field.type.has_choices:
        raise NotAChoiceField(field=definition.name)
    thing, found = snapshot.live(object_name), Findings()
    fields.refuse_controlling(thing, definition, offered.by)
    fields.refuse_unknown(found, snapshot.field(object_name, offered.by), definition, dict(offered.offered))
    found.settle()
