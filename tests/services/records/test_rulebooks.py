"""[A4] Rules made ready: what each looks at, and that one which fits no more asks nothing and is counted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from schema.metadata.field_rules import Condition, FieldRules, ObjectRules, OfferedChoices, ValidationRule
from schema.metadata.rule_rows import tree_text
from services import expressions, packs
from services.metadata import Snapshot
from services.permissions import Coordinate, Covered, Group, Pilot, Withheld
from services.records.rulebooks import NOTHING_ASKED, OUTDATED, kept_rulebook, rulebook, without

if TYPE_CHECKING:
    from schema.metadata.registry import Registry
    from tests.builders.tenants import Tenant

CRM = Snapshot(packs.load("crm").objects, 1).registry


def condition(text: str) -> Condition:
    return Condition(text, tree_text(expressions.stored(expressions.check(CRM, "opportunity", text))))


def ruled(*rules: ValidationRule, **fields: FieldRules) -> Registry:
    return replace(CRM, rules={"opportunity": ObjectRules(fields, rules)})


def test_object_without_rules_asks_nothing() -> None:
    assert rulebook(CRM, "opportunity") is NOTHING_ASKED


def test_fields_that_are_looked_at_where_some_move() -> None:
    book = rulebook(
        ruled(
            ValidationRule(UUID(int=1), "a", condition("closeOn > today() || customer.region == 'x'")),
            lostReason=FieldRules(required_if=condition("stage == 'lost' && owner.name != 'x'")),
            type=FieldRules(offered=OfferedChoices("stage", ())),
        ),
        "opportunity",
    )

    looked = {name: sorted(book.looks_at({name})) for name in ("name", "customer", "type", "stage", "owner")}
    assert looked == {
        "name": [],
        "customer": ["closeOn", "customer"],
        "type": ["stage", "type"],
        "stage": ["lostReason", "owner", "stage", "type"],
        "owner": ["lostReason", "owner", "stage"],
    }


def test_fields_that_are_sometimes_invisible_are_not_always_asked_for() -> None:
    book = rulebook(
        ruled(lostReason=FieldRules(visible_if=condition("stage == 'lost'")), type=FieldRules()), "opportunity"
    )

    assert book.conditional == {"lostReason"}


def test_rule_that_fits_the_shape_no_more_asks_nothing_and_is_counted() -> None:
    gone = Condition("gone == 1", '{"call": {"function": "isNull", "arguments": '
                     '[{"field": {"scope": 0, "steps": [["opportunity", "gone"]]}}]}}')  # fmt: skip
    before = OUTDATED._value.get()

    book = rulebook(
        ruled(
            ValidationRule(UUID(int=1), "a", gone),
            lostReason=FieldRules(visible_if=gone, offered=OfferedChoices("gone", ())),
        ),
        "opportunity",
    )

    assert (book.records, book.asked, book.conditional) == ((), (), frozenset())
    assert book.fields["lostReason"].offered_by == ""
    assert OUTDATED._value.get() == before + 2


def test_what_a_pilot_withholds_is_not_asked_and_nor_is_what_looks_at_it() -> None:
    book = rulebook(
        ruled(
            ValidationRule(UUID(int=1), "of the pilot", condition("name != 'x'")),
            ValidationRule(UUID(int=2), "looks at it", condition("name != 'z' && closeOn > today()")),
            ValidationRule(UUID(int=3), "looks behind", condition("customer.region == 'x'")),
            ValidationRule(UUID(int=4), "stays", condition("name != 'y'")),
            closeOn=FieldRules(required_if=condition("stage == 'lost'")),
            lostReason=FieldRules(required_if=condition("closeOn > today()"), visible_if=condition("stage == 'lost'")),
            type=FieldRules(offered=OfferedChoices("stage", ())),
        ),
        "opportunity",
    )
    covered = (
        Coordinate(Covered.FIELD, UUID(int=5), "opportunity", "closeOn"),
        Coordinate(Covered.OBJECT, UUID(int=6), "customer"),
        Coordinate(Covered.VALIDATION_RULE, UUID(int=1), "opportunity"),
    )
    withheld = Withheld((Pilot(UUID(int=7), "Trial", Group(), covered),))

    left = without(book, {"closeOn"}, withheld)

    assert [each.rule.name for each in left.records] == ["stays"]
    assert left.fields == {"lostReason": replace(book.fields["lostReason"], required=None), "type": book.fields["type"]}
    assert without(book, {"stage", "closeOn"}, withheld).fields["type"].offered_by == ""
    assert without(without(book, book.fields, withheld), (), Withheld()).fields == {}
    only = rulebook(ruled(ValidationRule(UUID(int=1), "of the pilot", condition("name != 'x'"))), "opportunity")
    assert without(only, (), withheld) is NOTHING_ASKED


@pytest.mark.anyio
@pytest.mark.integration
async def test_rulebook_is_made_once_for_a_version(shared_tenant: Tenant) -> None:
    registry = replace(ruled(ValidationRule(UUID(int=1), "a", condition("name != 'x'"))), version=10**9)

    found = await shared_tenant.read(
        lambda work: _twice(kept_rulebook(work, registry, "opportunity"), kept_rulebook(work, registry, "opportunity"))
    )
    nothing = await shared_tenant.read(lambda work: _twice(kept_rulebook(work, registry, "customer"), NOTHING_ASKED))

    assert found[0] is found[1]
    assert nothing[0] is NOTHING_ASKED


async def _twice(first: object, second: object) -> tuple[object, object]:
    return first, second
