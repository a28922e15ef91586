"""[A4] What is wrong with one record as it will be, as a table: what stands in it, what moves, what was refused."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from schema.metadata.field_rules import Condition, FieldRules, ObjectRules, OfferedChoices, ValidationRule
from schema.metadata.fields import Label
from schema.metadata.rule_rows import tree_text
from services import expressions, packs
from services.expressions import Circumstance
from services.metadata import Snapshot
from services.records.judging import Standing, found_wrong, is_empty
from services.records.rulebooks import Rulebook, rulebook

if TYPE_CHECKING:
    from collections.abc import Mapping

SHAPE = Snapshot(packs.load("crm").objects, 1).registry
AROUND = Circumstance(datetime(2026, 5, 1, tzinfo=UTC), ZoneInfo("Asia/Shanghai"))
NEW = None
WON = {"stage": "won"}
ALL: dict[str, Any] = {"moved": NEW}


def condition(text: str) -> Condition:
    return Condition(text, tree_text(expressions.stored(expressions.check(SHAPE, "opportunity", text))))


def book(*rules: ValidationRule, **fields: FieldRules) -> Rulebook:
    return rulebook(replace(SHAPE, rules={"opportunity": ObjectRules(fields, rules)}), "opportunity")


def wrong(found: Rulebook, record: Mapping[str, object], **standing: Any) -> list[tuple[tuple[str, ...], str]]:
    moved = standing.get("moved", frozenset(record))
    given = standing.get("given", frozenset(record))
    asked = Standing(record, moved, given, standing.get("refused", frozenset()))
    return [(names, fault.code) for names, fault in found_wrong(found, asked, AROUND)]


REASON = book(lostReason=FieldRules(required_if=condition("stage == 'lost'")))
SHOWN = book(lostReason=FieldRules(visible_if=condition("stage == 'lost'")))
# The stage is required in every opportunity, so it is asked for wherever it is there to be filled.
HIDDEN_STAGE = book(stage=FieldRules(visible_if=condition("amount != null")))
FIXED = book(amount=FieldRules(read_only_if=condition("stage == 'won'")))
OFFERED = book(type=FieldRules(offered=OfferedChoices("stage", (("needs", ("upsell",)), ("won", ())))))
LATE = book(ValidationRule(UUID(int=1), "late", condition("closeOn > createdAt.date()"), Label("晚", ""), ("closeOn",)))


@pytest.mark.parametrize(
    ("record", "standing", "codes"),
    [
        ({"stage": "lost"}, ALL, ["REQUIRED"]),
        ({"stage": "lost", "lostReason": "price"}, ALL, []),
        ({"stage": "won"}, ALL, []),
        ({}, ALL, []),
        # What does not move is not asked.
        ({"stage": "lost"}, {"moved": {"name"}}, []),
        ({"stage": "lost"}, {"moved": {"lostReason"}}, ["REQUIRED"]),
        ({"stage": "lost"}, {"moved": {"stage"}, "refused": {"stage"}}, []),
        ({"stage": "lost"}, {"moved": NEW, "refused": {"lostReason"}}, []),
    ],
)
def test_field_is_required_where_its_condition_is_true(
    record: Mapping[str, object], standing: Mapping[str, Any], codes: list[str]
) -> None:
    assert wrong(REASON, record, **standing) == [(("lostReason",), code) for code in codes]


@pytest.mark.parametrize(
    ("record", "standing", "codes"),
    [
        ({"stage": "won", "lostReason": "price"}, ALL, ["FIELD_INVISIBLE"]),
        ({"lostReason": "price"}, ALL, ["FIELD_INVISIBLE"]),
        ({"stage": "lost", "lostReason": "price"}, ALL, []),
        # It stays as it is when it becomes invisible, and may be emptied.
        ({"stage": "won", "lostReason": "price"}, {"moved": {"stage"}, "given": {"stage"}}, []),
        ({"stage": "won", "lostReason": None}, {"moved": {"lostReason"}, "given": {"lostReason"}}, []),
        ({"stage": "won", "lostReason": "price"}, {"refused": {"stage"}}, []),
    ],
)
def test_value_that_is_given_to_an_invisible_field_is_refused(
    record: Mapping[str, object], standing: Mapping[str, Any], codes: list[str]
) -> None:
    assert wrong(SHOWN, record, **standing) == [(("lostReason",), code) for code in codes]


@pytest.mark.parametrize(
    ("record", "moved", "codes"),
    [
        ({"amount": 5}, NEW, ["REQUIRED"]),
        ({}, NEW, []),
        ({"amount": 5, "stage": None}, {"stage"}, ["REQUIRED"]),
        ({"amount": 5, "stage": None}, {"amount"}, ["REQUIRED"]),
        ({"amount": 5, "stage": None}, {"name"}, []),
        ({"amount": None, "stage": None}, {"stage"}, []),
    ],
)
def test_required_field_is_asked_for_only_while_it_is_visible(
    record: Mapping[str, object], moved: frozenset[str] | None, codes: list[str]
) -> None:
    assert wrong(HIDDEN_STAGE, record, moved=moved) == [(("stage",), code) for code in codes]


@pytest.mark.parametrize(
    ("record", "given", "codes"),
    [
        ({"stage": "won", "amount": 5}, {"amount"}, ["READ_ONLY"]),
        ({"stage": "won", "amount": None}, {"amount"}, ["READ_ONLY"]),
        ({"stage": "won", "amount": 5}, {"stage"}, []),
        ({"stage": "needs", "amount": 5}, {"amount", "stage"}, []),
    ],
)
def test_read_only_field_keeps_its_value(record: Mapping[str, object], given: set[str], codes: list[str]) -> None:
    assert wrong(FIXED, record, moved=given, given=given) == [(("amount",), code) for code in codes]


@pytest.mark.parametrize(
    ("record", "moved", "codes"),
    [
        ({"stage": "needs", "type": "upsell"}, NEW, []),
        ({"stage": "needs", "type": "newBusiness"}, NEW, ["CHOICE_NOT_OFFERED"]),
        ({"stage": "won", "type": "upsell"}, {"stage"}, ["CHOICE_NOT_OFFERED"]),
        ({"stage": "won", "type": "upsell"}, {"name"}, []),
        ({"stage": "proposal", "type": "upsell"}, {"type"}, ["CHOICE_NOT_OFFERED"]),
        ({"type": "upsell"}, NEW, ["CHOICE_NOT_OFFERED"]),
        ({"stage": "won", "type": ["upsell", "newBusiness"]}, NEW, ["CHOICE_NOT_OFFERED"]),
        ({"stage": "won", "type": None}, NEW, []),
    ],
)
def test_choice_is_offered_by_another(record: Mapping[str, object], moved: set[str] | None, codes: list[str]) -> None:
    assert wrong(OFFERED, record, moved=moved) == [(("type",), code) for code in codes]


def test_message_of_a_choice_names_the_field_and_not_its_value() -> None:
    ((_, fault),) = found_wrong(OFFERED, Standing({"stage": "won", "type": "upsell"}, NEW, ()), AROUND)

    assert fault.message("en") == "upsell is not offered here: it does not go with the choice of stage."


def test_rule_is_broken_where_it_is_false_and_said_in_the_words_that_there_are() -> None:
    def on(day: str) -> Any:
        return datetime.fromisoformat(day).date()

    at = datetime(2026, 5, 1, 10, tzinfo=UTC)
    found = [
        [(names, fault.code, fault.message("zh"), fault.message("en")) for names, fault in found_wrong(
            LATE, Standing({"closeOn": day, "createdAt": at}, NEW, ()), AROUND)]
        for day in (on("2026-05-01"), on("2026-05-02"), None)
    ]  # fmt: skip

    assert found == [[(("closeOn",), "RULE_BROKEN", "晚", "晚")], [], []]


def test_message_is_said_as_it_was_written() -> None:
    odd = book(ValidationRule(UUID(int=1), "x", condition("name == 'a'"), Label("{0} %s {name}", ""), ()))
    ((names, fault),) = found_wrong(odd, Standing({"name": "b"}, NEW, ()), AROUND)

    assert (names, fault.message("zh")) == ((), "{0} %s {name}")


@pytest.mark.parametrize(("value", "answer"), [(None, True), ("", True), ([], True), (0, False), (False, False)])
def test_empty(value: object, *, answer: bool) -> None:
    assert is_empty(value) is answer


def test_tree_is_read_from_text() -> None:
    assert json.loads(condition("stage == null").tree) == {
        "call": {"function": "isNull", "arguments": [{"field": {"scope": 0, "steps": [["opportunity", "stage"]]}}]}
    }
