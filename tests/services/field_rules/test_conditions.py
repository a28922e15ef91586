"""[A4] A text becomes a condition that can be asked while a record is written, or all that is wrong with it is told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services import packs
from services.field_rules import conditions
from services.metadata import Snapshot
from services.permissions import Level, ObjectRights, Policy
from services.permissions.loading import unrestricted
from services.query import FieldNotReadable
from tenants.errors import Refused

CRM = Snapshot(packs.load("crm").objects, 1).registry
EVERYTHING = unrestricted(1)


def codes(text: str, *, of: str = "") -> list[tuple[tuple[str | int, ...], str]]:
    with pytest.raises(Refused) as caught:
        conditions.condition(CRM, EVERYTHING, "opportunity", text, at=("expression",), of=of)
    return [(each.path, each.fault.code) for each in caught.value.violations]


def test_condition_keeps_its_text_and_its_tree() -> None:
    kept, node = conditions.condition(CRM, EVERYTHING, "opportunity", "stage=='won'", at=())

    assert kept.text == "stage == 'won'"
    assert conditions.node_of(CRM.shape, "opportunity", kept) == node


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("quotes.exists(q, q.total != null)", "RULE_LOOKS_AT_MANY"),
        ("customer.contacts.all(c, c.name != 'x')", "RULE_LOOKS_AT_MANY"),
        ("id != null", "RULE_FIELD_NOT_USABLE"),
        ("deletedAt == null", "RULE_FIELD_NOT_USABLE"),
        ("amount", "EXPRESSION_WRONG_RESULT"),
        ("stage == 'nearly'", "EXPRESSION_UNKNOWN_CHOICE"),
        ("nothing == 1", "EXPRESSION_UNKNOWN_NAME"),
        ("stage ==", "EXPRESSION_MALFORMED"),
        ("(" * 31 + "true" + ")" * 31, "EXPRESSION_TOO_LARGE"),
        ("name == '" + "x" * 4000 + "'", "EXPRESSION_TOO_LARGE"),
    ],
)
def test_text_that_cannot_be_asked_is_refused(text: str, code: str) -> None:
    assert codes(text) == [(("expression",), code)]


def test_field_is_no_condition_of_itself() -> None:
    assert codes("stage == 'won' && amount != null", of="stage") == [(("expression",), "RULE_LOOKS_AT_ITSELF")]


def test_each_thing_is_told_once() -> None:
    assert [code for _, code in codes("id == null || id != null")] == ["RULE_FIELD_NOT_USABLE"]


def test_id_of_a_record_behind_a_relation_can_be_asked() -> None:
    kept, node = conditions.condition(CRM, EVERYTHING, "opportunity", "customer.id == customer", at=())

    assert kept.text == "customer.id == customer"
    assert conditions.own_fields(node, "opportunity") == ("customer",)


def test_what_its_writer_may_not_read_stands_in_no_condition() -> None:
    rights = replace(EVERYTHING.on("customer"), fields=(("region", Level.MASKED),))
    blind = Policy({"customer": rights}, 1, others=EVERYTHING.on("opportunity"))

    with pytest.raises(FieldNotReadable):
        conditions.condition(CRM, blind, "opportunity", "customer.region == 'x'", at=())
    assert isinstance(rights, ObjectRights)


def test_own_fields_stand_in_the_order_of_the_text() -> None:
    _, node = conditions.condition(
        CRM, EVERYTHING, "opportunity", "stage == 'won' || amount == null || customer.name != name", at=()
    )

    assert conditions.own_fields(node, "opportunity") == ("stage", "amount", "customer", "name")


def test_condition_that_fits_no_more_has_no_expression() -> None:
    kept, _ = conditions.condition(CRM, EVERYTHING, "opportunity", "stage == 'won'", at=())
    without = Snapshot((), 1).registry

    assert conditions.node_of(without.shape, "opportunity", kept) is None
