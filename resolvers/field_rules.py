"""Rules over fields and records, over GraphQL: made and changed here, read as records, asked by every write."""

# ruff: noqa: A002 - `input` is the name of the one argument in the API
from __future__ import annotations

from dataclasses import replace
from typing import TypeVar
from uuid import UUID

import strawberry

from resolvers.context import Info
from resolvers.definitions import KEPT, field_payload, label
from resolvers.ids import input_id, required_id
from resolvers.once import Ids, Kept, define_once
from schema.types.field_rules import (
    BrokenRecords,
    CreateUniqueRuleInput,
    CreateUniqueRulePayload,
    CreateValidationRuleInput,
    CreateValidationRulePayload,
    OfferChoicesInput,
    OfferChoicesPayload,
    RepeatedGroup,
    RepeatedRecords,
    RestoreValidationRuleInput,
    RestoreValidationRulePayload,
    RetireUniqueRuleInput,
    RetireUniqueRulePayload,
    RetireValidationRuleInput,
    RetireValidationRulePayload,
    SetFieldRulesInput,
    SetFieldRulesPayload,
    UniqueRulePayload,
    UpdateValidationRuleInput,
    UpdateValidationRulePayload,
    ValidationRulePayload,
)
from services import field_rules
from services.field_rules import (
    FieldRulesChange,
    FieldsTogether,
    NamedRule,
    RuleChange,
    Ruled,
    RuleDraft,
    RuleReference,
    RuleUnnamed,
    UniqueReference,
    UniqueRule,
)
from tenants.context import DefinitionWork
from tenants.errors import Refused, Violation

P = TypeVar("P", bound=ValidationRulePayload)
U = TypeVar("U", bound=UniqueRulePayload)
_CONDITIONS = {"required_if": "requiredIf", "visible_if": "visibleIf", "read_only_if": "readOnlyIf"}


def _kept_ids(done: Ruled) -> Ids:
    return {"rule": (done.id,)}


async def _recalled(work: DefinitionWork, ids: Ids) -> Ruled:
    return await field_rules.recall_rule(work, ids["rule"][0])


async def _recalled_unique(work: DefinitionWork, ids: Ids) -> UniqueRule:
    rule = await field_rules.recall_unique_rule(work, ids["rule"][0])
    return replace(rule, job_id=next(iter(ids.get("job", ())), None))


_KEPT = Kept(_kept_ids, _recalled)
_KEPT_UNIQUE: Kept[DefinitionWork, UniqueRule] = Kept(
    lambda done: {"rule": (done.id,), **({"job": (done.job_id,)} if done.job_id else {})}, _recalled_unique
)


@strawberry.type
class RulesQuery:
    """Rules, tried out on the records that there are."""

    @strawberry.field(description="The live records that a validation rule is false of; for those who define.")
    async def broken_records(self, info: Info, rule_id: strawberry.ID, first: int = 20) -> BrokenRecords | None:
        """All of them counted, the newest named."""
        asked = required_id(rule_id)
        found = await info.context.read(lambda work: field_rules.broken_records(work, asked, first=first))
        if found is None:
            return None
        return BrokenRecords(object=found.object_name, count=found.count, ids=[_id(each) for each in found.ids])

    @strawberry.field(description="Records that hold the same in all of these fields; for those who define.")
    async def repeated_records(
        self, info: Info, object: str, fields: list[str], first: int = 20
    ) -> RepeatedRecords | None:
        """The most frequent first."""
        count, groups = await info.context.read(
            lambda work: field_rules.repeated_records(work, object, fields, first=first)
        )
        told = [RepeatedGroup(count=each.count, ids=[_id(record) for record in each.ids]) for each in groups]
        return RepeatedRecords(count=count, groups=told)


@strawberry.type
class RulesMutation:
    """What an administrator asks of records. The next write of any process is asked it."""

    @strawberry.mutation(description="Says when a field must be filled, is there, and may be written.")
    async def set_field_rules(self, info: Info, input: SetFieldRulesInput) -> SetFieldRulesPayload | None:
        """The field."""
        changes = _field_rules(input)
        done = await define_once(
            info, input, KEPT, lambda work: field_rules.set_field_rules(work, input.object, input.field, changes)
        )
        return field_payload(SetFieldRulesPayload, done)

    @strawberry.mutation(description="Offers choices of a field by the choice of another field.")
    async def offer_choices(self, info: Info, input: OfferChoicesInput) -> OfferChoicesPayload | None:
        """The field."""
        offered = {each.choice: each.offered for each in input.offered}
        done = await define_once(
            info,
            input,
            KEPT,
            lambda work: field_rules.offer_choices(
                work, input.object, input.field, by=input.by, offered=offered, if_version=input.if_version
            ),
        )
        return field_payload(OfferChoicesPayload, done)

    @strawberry.mutation(description="Asks something of every record of an object that is written from now on.")
    async def create_validation_rule(
        self, info: Info, input: CreateValidationRuleInput
    ) -> CreateValidationRulePayload | None:
        """The rule, and how many records it is false of."""
        draft = RuleDraft(input.name, input.expression, label(input.message), input.fields)
        done = await define_once(
            info, input, _KEPT, lambda work: field_rules.create_validation_rule(work, input.object, draft)
        )
        return _payload(CreateValidationRulePayload, done)

    @strawberry.mutation(description="Changes what a rule asks, or what is said where it is not met.")
    async def update_validation_rule(
        self, info: Info, input: UpdateValidationRuleInput
    ) -> UpdateValidationRulePayload | None:
        """The rule, and how many records it is false of."""
        changes = RuleChange(input.name, input.expression, label(input.message), input.fields, input.if_version)
        done = await define_once(
            info, input, _KEPT, lambda work: field_rules.update_validation_rule(work, _rule(input), changes)
        )
        return _payload(UpdateValidationRulePayload, done)

    @strawberry.mutation(description="Asks a rule no longer.")
    async def retire_validation_rule(
        self, info: Info, input: RetireValidationRuleInput
    ) -> RetireValidationRulePayload | None:
        """The rule."""
        version = input.if_version
        done = await define_once(
            info, input, _KEPT, lambda work: field_rules.retire_validation_rule(work, _rule(input), if_version=version)
        )
        return _payload(RetireValidationRulePayload, done)

    @strawberry.mutation(description="Asks a retired rule again.")
    async def restore_validation_rule(
        self, info: Info, input: RestoreValidationRuleInput
    ) -> RestoreValidationRulePayload | None:
        """The rule, and how many records it is false of."""
        version = input.if_version
        done = await define_once(
            info, input, _KEPT, lambda work: field_rules.restore_validation_rule(work, _rule(input), if_version=version)
        )
        return _payload(RestoreValidationRulePayload, done)

    @strawberry.mutation(description="Lets no two live records hold the same in all of some fields.")
    async def create_unique_rule(self, info: Info, input: CreateUniqueRuleInput) -> CreateUniqueRulePayload | None:
        """The rule."""
        done = await define_once(
            info, input, _KEPT_UNIQUE, lambda work: field_rules.create_unique_rule(work, input.object, input.fields)
        )
        made = _unique_payload(CreateUniqueRulePayload, done)
        made.job_id = _id(done.job_id) if done.job_id else None
        return made

    @strawberry.mutation(description="Lets records be alike again.")
    async def retire_unique_rule(self, info: Info, input: RetireUniqueRuleInput) -> RetireUniqueRulePayload | None:
        """The rule."""
        done = await define_once(
            info, input, _KEPT_UNIQUE, lambda work: field_rules.retire_unique_rule(work, _unique_rule(input))
        )
        return _unique_payload(RetireUniqueRulePayload, done)


def _field_rules(given: SetFieldRulesInput) -> FieldRulesChange:
    named = {name: getattr(given, member) for member, name in _CONDITIONS.items()}
    return FieldRulesChange(
        {name: text for name, text in named.items() if text is not strawberry.UNSET}, given.if_version
    )


# Asked within the transaction: who may not define is told that, and nothing of the input.
def _rule(given: UpdateValidationRuleInput | RetireValidationRuleInput | RestoreValidationRuleInput) -> RuleReference:
    _refuse_unnamed(given.id, given.rule)
    return input_id(given.id) if given.rule is None else NamedRule(given.rule.object, given.rule.name)


def _unique_rule(given: RetireUniqueRuleInput) -> UniqueReference:
    _refuse_unnamed(given.id, given.rule)
    named = given.rule
    return input_id(given.id) if named is None else FieldsTogether(named.object, tuple(named.fields))


def _refuse_unnamed(given_id: object, named: object) -> None:
    if (given_id is None) == (named is None):
        raise Refused((Violation(("id",), RuleUnnamed()),))


def _payload(kind: type[P], done: Ruled) -> P:
    return kind(id=_id(done.id), object=done.object_name, name=done.name, broken=done.broken, errors=[])


def _unique_payload(kind: type[U], done: UniqueRule) -> U:
    return kind(id=_id(done.id), object=done.object_name, fields=list(done.fields), errors=[])


def _id(value: UUID) -> strawberry.ID:
    return strawberry.ID(str(value))
