"""Validation rules of an object: made, changed, retired and brought back. Records that break a new one are counted, not touched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID

from schema.metadata.errors import LabelMissing, NameTaken, Required, UnknownField
from schema.metadata.field_rules import RuleState, ValidationRule
from schema.metadata.fields import NO_LABEL, Field, Label
from schema.metadata.near_names import LONGEST, hints
from schema.metadata.record_fields import RECORD_FIELD_NAMES
from schema.metadata.system_objects import SYSTEM_OBJECTS
from schema.metadata.values import text as read_text
from schema.tables.metadata import validation_rule
from services import metadata, permissions, query
from services.audit import Entry
from services.field_rules import conditions, references
from services.field_rules.errors import TooManyRuleFields, TooManyRules, TooManyRulesKept
from services.metadata import Findings
from tenants.errors import Forbidden

if TYPE_CHECKING:
    from schema.metadata.definitions import ObjectDefinition
    from services.expressions import Node
    from services.field_rules.references import RuleReference
    from tenants.context import DefinitionWork

MOST_RULES = 50
# Retired ones too: every process has them with the definitions of the tenant.
MOST_KEPT = 200
MOST_FIELDS = 10
_OBJECT = "validationRule"
_NAME = Field("name", "text", options=(("maxLength", 80),))
_MESSAGE = Field("message", "text", options=(("maxLength", 255),))


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """A rule that is asked for; without fields, those that its expression looks at."""

    name: str
    expression: str
    message: Label
    fields: Sequence[str] | None = None


@dataclass(frozen=True, slots=True)
class RuleChange:
    """What changes about a rule; nothing means untouched, and a word that is empty stays."""

    name: str | None = None
    expression: str | None = None
    message: Label = NO_LABEL
    fields: Sequence[str] | None = None
    if_version: int | None = None


@dataclass(frozen=True, slots=True)
class Ruled:
    """A rule, and how many live records it is false of; nothing where it is not asked."""

    id: UUID
    object_name: str
    name: str
    broken: int | None = None


async def create_validation_rule(work: DefinitionWork, object_name: str, draft: RuleDraft) -> Ruled:
    """Ask something of every record that is written from now on."""
    before = await metadata.opened(work)
    thing = before.live(object_name)
    _refuse_more(thing)
    if len(thing.validation) >= MOST_KEPT:
        raise TooManyRulesKept(max=MOST_KEPT)
    made = ValidationRule(work.ids.new(SYSTEM_OBJECTS[_OBJECT][1].number), "", conditions.NOTHING)
    change = RuleChange(draft.name, draft.expression, draft.message, draft.fields)
    rule, node = await _changed(work, before, thing, made, change)
    return await _save(work, before, thing, rule, "validationRule.created", node)


async def update_validation_rule(work: DefinitionWork, rule: RuleReference, changes: RuleChange) -> Ruled:
    """Change what is asked, or what is said where it is not met."""
    before = await metadata.opened(work)
    thing, present = references.validation_rule(before, rule)
    await metadata.require_version(work, validation_rule, present.id, changes.if_version)
    changed, node = await _changed(work, before, thing, present, changes)
    return await _save(work, before, thing, changed, "validationRule.updated", node)


async def retire_validation_rule(work: DefinitionWork, rule: RuleReference, *, if_version: int | None = None) -> Ruled:
    """Ask it no longer."""
    before = await metadata.opened(work)
    thing, present = references.validation_rule(before, rule)
    await metadata.require_version(work, validation_rule, present.id, if_version)
    return await _save(work, before, thing, replace(present, state=RuleState.RETIRED), "validationRule.retired", None)


async def restore_validation_rule(work: DefinitionWork, rule: RuleReference, *, if_version: int | None = None) -> Ruled:
    """Ask it again, if it still fits the object."""
    before = await metadata.opened(work)
    thing, present = references.validation_rule(before, rule)
    await metadata.require_version(work, validation_rule, present.id, if_version)
    if not present.is_live:
        _refuse_more(thing)
    restored = replace(present, state=RuleState.LIVE)
    changed, node = await _changed(work, before, thing, restored, RuleChange(expression=present.condition.text))
    return await _save(work, before, thing, changed, "validationRule.restored", node)


async def recall_rule(work: DefinitionWork, rule_id: UUID) -> Ruled:
    """A rule as it is now, for a mutation that was sent twice."""
    before = await metadata.opened(work)
    thing, rule = references.validation_rule(before, rule_id)
    node = conditions.node_of(before.registry.shape, thing.name, rule.condition) if rule.is_live else None
    return Ruled(rule.id, thing.name, rule.name, await _count(work, before, thing, node))


# --- parts ------------------------------------------------------------------------------------------------------------


def _refuse_more(thing: ObjectDefinition) -> None:
    if sum(each.is_live for each in thing.validation) >= MOST_RULES:
        raise TooManyRules(max=MOST_RULES)


async def _changed(
    work: DefinitionWork,
    before: metadata.Snapshot,
    thing: ObjectDefinition,
    present: ValidationRule,
    changes: RuleChange,
) -> tuple[ValidationRule, Node | None]:
    """The rule as it shall be, and its expression where it is asked; everything wrong with it at once."""
    found, rule, node = Findings(), present, None
    if changes.name is not None:
        with found.at("name"):
            rule = replace(rule, name=_name(thing, present, changes.name))
    with found.at("message"):
        rule = replace(rule, message=_message(present.message, changes.message))
    if changes.expression is not None:
        with found.at("expression"):
            policy = await permissions.policy(work)
            condition, node = conditions.condition(before.registry, policy, thing.name, changes.expression, at=())
            rule = replace(rule, condition=condition)
    if changes.fields is not None:
        with found.at("fields"):
            rule = replace(rule, fields=told_of(thing, changes.fields))
    found.settle()
    if node is None:
        node = conditions.node_of(before.registry.shape, thing.name, rule.condition)
    elif changes.fields is None and not present.fields:
        rule = replace(rule, fields=conditions.own_fields(node, thing.name)[:MOST_FIELDS])
    return rule, node if rule.is_live else None


def _name(thing: ObjectDefinition, present: ValidationRule, given: str) -> str:
    name = str(read_text(given, _NAME) or "")
    if not name:
        raise Required
    if any(each.name == name and each.id != present.id for each in thing.validation):
        raise NameTaken(name=name[:LONGEST])
    return name


def _message(present: Label, given: Label) -> Label:
    zh, en = (str(read_text(each, _MESSAGE) or "") for each in (given.zh, given.en))
    message = Label(zh or present.zh, en or present.en)
    if not message.zh and not message.en:
        raise LabelMissing
    return message


def told_of(thing: ObjectDefinition, given: Sequence[str]) -> tuple[str, ...]:
    """The fields that a violation is told of, if they are there."""
    named = tuple(dict.fromkeys(given))
    if len(named) > MOST_FIELDS:
        raise TooManyRuleFields(max=MOST_FIELDS)
    known = {*RECORD_FIELD_NAMES, *(each.name for each in thing.fields if not each.is_retired)}
    for each in named:
        if each not in known:
            raise UnknownField(object=thing.name, name=each[:LONGEST], **hints(each, known))
    return named


async def _save(  # noqa: PLR0917 - what was, what is, and what to call it
    work: DefinitionWork,
    before: metadata.Snapshot,
    thing: ObjectDefinition,
    rule: ValidationRule,
    action: str,
    node: Node | None,
) -> Ruled:
    # Counted before the table is locked, so that nobody who writes waits for it.
    broken = await _count(work, before, thing, node)
    others = tuple(each for each in thing.validation if each.id != rule.id)
    details = {"object": thing.name, "rule": rule.name, "expression": rule.condition.text, "state": rule.state.value}
    entry = Entry(action, _OBJECT, rule.id, details=details)
    await metadata.change(work, before, before.with_object(replace(thing, validation=(*others, rule))), [entry])
    return Ruled(rule.id, thing.name, rule.name, broken)


async def _count(
    work: DefinitionWork, before: metadata.Snapshot, thing: ObjectDefinition, node: Node | None
) -> int | None:
    # Where changes are gathered nobody is told, and what it looks at may not be there yet.
    if node is None or metadata.gathered_by(work) is not None:
        return None
    policy = await permissions.policy(work)
    try:
        query.require_open(policy, thing.name, node)
    except Forbidden:
        # Whoever changes only its words need not read what it looks at; the number would tell of that.
        return None
    return await query.count_false(work, (before.registry, policy), thing.name, node)
