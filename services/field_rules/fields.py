"""What is asked of one field beyond its type: when it must be filled, is there, or may be written, and its choices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from types import MappingProxyType
from typing import TYPE_CHECKING

from schema.metadata.errors import UnknownChoice, UnknownField
from schema.metadata.field_rules import NO_RULES, FieldRules, OfferedChoices
from schema.metadata.near_names import LONGEST, hints
from schema.tables.metadata import field_definition
from services import metadata, permissions
from services.audit import Entry
from services.field_rules import conditions
from services.field_rules.errors import ChoicesInCircle, NotAChoiceField, RuleOnFixedField
from services.metadata import Defined, Findings

if TYPE_CHECKING:
    from schema.metadata.definitions import FieldDefinition, ObjectDefinition
    from schema.metadata.field_rules import Condition
    from services.permissions import Policy
    from tenants.context import DefinitionWork

# What a person does not write is never asked for and never closed.
_OF_WRITERS = frozenset({"requiredIf", "readOnlyIf"})
_SINGLE = "choice"
_MOST_TOLD = 100


@dataclass(frozen=True, slots=True)
class FieldRulesChange:
    """What changes about the conditions of a field: one that is not named stays, one that is nothing goes."""

    conditions: Mapping[str, str | None] = field(default_factory=lambda: MappingProxyType({}))
    # The version of the field that the change goes by; nothing if any will do.
    if_version: int | None = None


async def set_field_rules(work: DefinitionWork, object_name: str, name: str, changes: FieldRulesChange) -> Defined:
    """Say when a field must be filled, when it is there, and when it is read only."""
    before = await metadata.opened(work)
    present = _live(before, object_name, name)
    await metadata.require_version(work, field_definition, present.id, changes.if_version)
    policy, found = await permissions.policy(work), Findings()
    made: dict[str, Condition | None] = {}
    for each, text in changes.conditions.items():
        with found.at(each):
            made[each] = None if text is None else condition_of(before, policy, object_name, present, each, text)
    found.settle()
    said = dict(changes.conditions)
    rules = _with(present.rules, made)
    return await _save(work, before, object_name, present, rules, "field.rulesChanged", said)


async def offer_choices(
    work: DefinitionWork,
    object_name: str,
    name: str,
    *,
    by: str | None,
    offered: Mapping[str, Sequence[str]],
    if_version: int | None = None,
) -> Defined:
    """Offer choices of a field by the choice of another one; without that one, offer all of them always."""
    before = await metadata.opened(work)
    present = _live(before, object_name, name)
    await metadata.require_version(work, field_definition, present.id, if_version)
    if by is None:
        rules = replace(present.rules, offered=None)
        return await _save(work, before, object_name, present, rules, "field.choicesOffered", {"by": None})
    found = Findings()
    with found.at("field"):
        if not present.field.type.has_choices:
            raise NotAChoiceField(field=name)
    with found.at("by"):
        refuse_controlling(before.live(object_name), present, by)
    found.settle()
    controlling = _live(before, object_name, by)
    with found.at("offered"):
        refuse_unknown(found, controlling, present, offered)
    found.settle()
    matrix = OfferedChoices(by, tuple((key, tuple(dict.fromkeys(keys))) for key, keys in sorted(offered.items())))
    rules = replace(present.rules, offered=matrix)
    said = {"by": by, "offered": {key: list(keys) for key, keys in matrix.offered}}
    return await _save(work, before, object_name, present, rules, "field.choicesOffered", said)


def condition_of(  # noqa: PLR0917 - of which field, which of its conditions, and its text
    before: metadata.Snapshot, policy: Policy, object_name: str, present: FieldDefinition, name: str, text: str
) -> Condition:
    """What a text means as one of the conditions of a field."""
    if name in _OF_WRITERS and (present.field.type.computed or present.field.read_only):
        raise RuleOnFixedField(field=present.name)
    return conditions.condition(before.registry, policy, object_name, text, at=(), of=present.name)[0]


def _with(rules: FieldRules, made: Mapping[str, Condition | None]) -> FieldRules:
    return FieldRules(
        made.get("requiredIf", rules.required_if),
        made.get("visibleIf", rules.visible_if),
        made.get("readOnlyIf", rules.read_only_if),
        rules.offered,
    )


def _live(before: metadata.Snapshot, object_name: str, name: str) -> FieldDefinition:
    found = before.field(object_name, name)
    if found.is_retired:
        raise UnknownField(object=object_name, name=name)
    return found


def refuse_controlling(thing: ObjectDefinition, present: FieldDefinition, by: str) -> None:
    """Choices are offered by a single choice that is not, over others, offered by this very field."""
    controlling = thing.field(by)
    if controlling is None or controlling.is_retired:
        known = (each.name for each in thing.fields if each.field.type_name == _SINGLE)
        raise UnknownField(object=thing.name, name=by[:LONGEST], **hints(by, known))
    if controlling.field.type_name != _SINGLE:
        raise NotAChoiceField(field=by)
    above: str | None = by
    while above is not None:
        if above == present.name:
            raise ChoicesInCircle(field=present.name)
        following = thing.field(above)
        offered = None if following is None else following.rules.offered
        above = None if offered is None else offered.by


def refuse_unknown(
    found: Findings, controlling: FieldDefinition, present: FieldDefinition, offered: Mapping[str, Sequence[str]]
) -> None:
    """Keys of choices that one of the two fields does not have."""
    deciding, deciding_on = ({choice.key: None for choice in each.choices} for each in (controlling, present))
    unknown = (
        (each, known, place)
        for key, keys in offered.items()
        for each, known, place in (
            (key, deciding, ("offered", key)),
            *((each, deciding_on, ("offered", key, at)) for at, each in enumerate(keys)),
        )
        if each not in known
    )
    # To find what each may have meant costs time, and who means a hundred others is told enough.
    for each, known, place in islice(unknown, _MOST_TOLD):
        found.note(UnknownChoice(key=each[:LONGEST], **hints(each, known)), *place)


async def _save(  # noqa: PLR0917 - what was, what is, and what to call it
    work: DefinitionWork,
    before: metadata.Snapshot,
    object_name: str,
    present: FieldDefinition,
    rules: FieldRules,
    action: str,
    said: Mapping[str, object],
) -> Defined:
    after = replace(present, rules=NO_RULES if rules == NO_RULES else rules)
    details = {"object": object_name, "field": present.name, **said}
    entry = Entry(action, "fieldDefinition", present.id, details=details)
    then = before.with_field(object_name, after)
    await metadata.change(work, before, then, [entry])
    lacking = await metadata.lacking_in(work, then.by_name[object_name], after)
    return Defined(present.id, object_name, present.name, lacking=lacking)
