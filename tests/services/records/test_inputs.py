from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from schema.metadata.errors import UnknownField
from schema.metadata.values import Money
from services.permissions import EVERYONE, Level, ObjectRights
from services.records import inputs
from services.records.errors import FieldNotWritable

if TYPE_CHECKING:
    from services.records.targets import Target
    from tenants.errors import Violation


def named(violations: list[Violation]) -> list[tuple[tuple[str | int, ...], str]]:
    return [(each.path, each.fault.code) for each in violations]


def test_a_new_record_has_what_was_given_and_defaults(own_customers: Target) -> None:
    values, violations = inputs.for_creation(own_customers, {"name": " 甲 ", "level": "a"}, (0,))

    owner = own_customers.work.principal.id
    assert values == {"name": "甲", "level": "a", "status": "potential", "owner": owner}
    assert violations == []


def test_the_platform_owns_nothing(customers: Target) -> None:
    values, _ = inputs.for_creation(customers, {"name": "甲"}, (0,))

    assert "owner" not in values


def test_an_activity_happens_now_unless_it_says_otherwise(customers: Target) -> None:
    activities = customers.beside("activity")

    values, violations = inputs.for_creation(activities, {"subject": "回访"}, (0,))

    assert (values["occurredAt"], violations) == (customers.work.now, [])


def test_default_outside_of_the_limits_is_named(customers: Target) -> None:
    activity = customers.beside("activity").object
    late = replace(
        activity,
        fields=tuple(
            replace(each, options=(("default", "now"), ("max", "2000-01-01T00:00:00+00:00")))
            if each.name == "occurredAt"
            else each
            for each in activity.fields
        ),
    )

    _, violations = inputs.for_creation(replace(customers, object=late), {"subject": "回访"}, (0,))

    assert named(violations) == [((0, "occurredAt"), "OUT_OF_RANGE")]


def test_null_takes_the_place_of_a_default(customers: Target) -> None:
    values, _ = inputs.for_creation(customers, {"name": "甲", "status": None}, (0,))

    assert values["status"] is None


def test_what_is_wrong_is_named_once_for_each_field(customers: Target) -> None:
    _, violations = inputs.for_creation(customers, {"name": None, "level": "z", "tags": "x"}, (4,))

    assert named(violations) == [
        ((4, "name"), "REQUIRED"),
        ((4, "level"), "UNKNOWN_CHOICE"),
        ((4, "tags"), "WRONG_TYPE"),
    ]


def test_a_change_has_only_what_was_given(customers: Target) -> None:
    values, violations = inputs.for_change(customers, {"region": None, "level": "b"}, ())

    assert (values, violations) == ({"region": None, "level": "b"}, [])


def test_money_without_currency_is_in_that_of_the_tenant(customers: Target) -> None:
    euro = replace(customers, work=replace(customers.work, settings=replace(customers.work.settings, currency="EUR")))

    values, _ = inputs.for_change(euro, {"annualRevenue": {"amount": "5"}}, ())

    assert values["annualRevenue"] == Money(Decimal(5), "EUR")


def test_json_that_speaks_of_an_amount_is_no_money(customers: Target) -> None:
    fields = (
        replace(each, type_name="json", options=()) if each.name == "note" else each for each in customers.object.fields
    )
    free = replace(customers, object=replace(customers.object, fields=tuple(fields)))

    values, _ = inputs.for_change(free, {"note": {"amount": 5}}, ())

    assert values == {"note": {"amount": 5}}


@pytest.mark.parametrize("name", ["id", "version", "createdAt", "deletedAt", "createdById", "lastActivityAt"])
def test_what_the_platform_writes_is_read_only(customers: Target, name: str) -> None:
    _, violations = inputs.for_change(customers, {name: None}, ())

    assert named(violations) == [((name,), "READ_ONLY")]


def test_a_verb_of_the_platform_may_open_a_read_only_field(customers: Target) -> None:
    values, violations = inputs.for_change(customers, {"lastActivityAt": None}, (), frozenset({"lastActivityAt"}))

    assert (values, violations) == ({"lastActivityAt": None}, [])


@pytest.mark.parametrize("name", ["nothing", "parent", "owner"])
def test_a_name_that_no_input_has_is_unknown(customers: Target, name: str) -> None:
    with pytest.raises(UnknownField):
        inputs.for_change(customers, {name: None}, ())


def test_a_field_that_may_only_be_read_is_forbidden(customers: Target) -> None:
    rights = ObjectRights(create=True, read=EVERYONE, update=EVERYONE, fields=(("level", Level.READ),))
    limited = replace(customers, policy=replace(customers.policy, rights={"customer": rights}))

    with pytest.raises(FieldNotWritable):
        inputs.for_change(limited, {"level": "a"}, ())


@pytest.mark.parametrize(
    ("old", "new", "is_other"),
    [
        (None, None, False),
        (Decimal("1.50"), Decimal("1.5"), False),
        (Money(Decimal("1.50"), "CNY"), Money(Decimal("1.5"), "CNY"), False),
        (Money(Decimal(1), "CNY"), Money(Decimal(1), "USD"), True),
        (["a", "b"], ("a", "b"), False),
        (["a", "b"], ["b", "a"], True),
        ("a", None, True),
        (0, False, False),
    ],
)
def test_only_other_content_differs(old: object, new: object, *, is_other: bool) -> None:
    assert inputs.differs(old, new) is is_other
