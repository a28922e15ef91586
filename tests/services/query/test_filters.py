"""[G2] A filter in JSON becomes the same condition as the same filter in a query, and is refused for the same reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from services import query
from tenants.errors import Fault

if TYPE_CHECKING:
    from tests.builders.tenants import Tenant


def compared(field: str, operator: str, operand: object, part: str = "") -> dict[str, Any]:
    return {"compare": {"field": field, "operator": operator, "operand": operand} | ({"part": part} if part else {})}


KEPT: list[tuple[object, dict[str, Any]]] = [
    ({"region": {"eq": "east"}}, compared("region", "eq", "east")),
    (
        {"region": {"ne": "east"}, "phone": {"isEmpty": False}},
        {"and": [compared("region", "ne", "east"), {"not": {"isEmpty": {"field": "phone"}}}]},
    ),
    ({"or": [{"region": {"in": ["a"]}}, {"not": {"name": {"isEmpty": True}}}]},
     {"or": [compared("region", "in", ["a"]), {"not": {"isEmpty": {"field": "name"}}}]}),
    ({"owner": {"department": {"name": {"eq": "x"}}}},
     {"follows": {"field": "owner", "condition": {"follows": {"field": "department",
      "condition": compared("name", "eq", "x")}}}}),
    ({"opportunities": {"some": {"amount": {"amount": {"gt": "1"}, "currency": {"eq": "CNY"}}}}},
     {"quantified": {"inverse": "opportunities", "quantifier": "some", "condition": {"and": [
         compared("amount", "gt", "1", "amount"), compared("amount", "eq", "CNY", "currency")]}}}),
    ({"ownerId": {"eq": "0192a000-0000-7001-8000-000000000000"}},
     compared("ownerId", "eq", "0192a000-0000-7001-8000-000000000000")),
    ({"createdAt": {"within": {"unit": "MONTH"}}},
     compared("createdAt", "within", {"from": 0, "to": 0, "unit": "MONTH"})),
]  # fmt: skip


@pytest.mark.parametrize(("given", "kept"), KEPT)
async def test_filters_are_kept(shared_tenant: Tenant, given: object, kept: dict[str, Any]) -> None:
    assert await shared_tenant.read(lambda work: query.kept_condition(work, "customer", given)) == kept


EVERYTHING: list[object] = [
    {},
    {"and": []},
    {"not": {"or": []}},
    {"name": {"contains": ""}},
    {"level": {"notIn": []}},
    {"and": [{"tags": {"hasAll": []}}, {"not": {"level": {"in": []}}}]},
]


@pytest.mark.parametrize("given", EVERYTHING)
async def test_a_filter_that_chooses_everything_is_none(shared_tenant: Tenant, given: object) -> None:
    assert await shared_tenant.read(lambda work: query.kept_condition(work, "customer", given)) is None


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("x", "WRONG_OPERAND"),
        ({"region": None}, "NULL_OPERAND"),
        ({"or": {"region": {"eq": "x"}}}, "WRONG_OPERAND"),
        ({"region": {"like": "x"}}, "OPERATOR_NOT_OFFERED"),
        ({"owner": {"nothing": {"eq": "x"}}}, "UNKNOWN_NAME"),
        ({"opportunities": {"most": {"name": {"eq": "x"}}}}, "OPERATOR_NOT_OFFERED"),
        ({"opportunities": {"some": {"amount": {"amount": {"gt": "much"}}}}}, "WRONG_OPERAND"),
    ],
)
async def test_what_cannot_be_asked_is_refused(shared_tenant: Tenant, given: object, code: str) -> None:
    with pytest.raises(Fault) as refused:
        await shared_tenant.read(lambda work: query.kept_condition(work, "customer", given))

    assert refused.value.code == code


@pytest.mark.parametrize("amount", ["1e999", "1_000", "٣", " 1 ", "+1", "1.", "NaN", ["1", "1e2"]])
async def test_numbers_are_kept_only_as_a_list_takes_them(shared_tenant: Tenant, amount: object) -> None:
    operator = "in" if isinstance(amount, list) else "eq"
    given = {"opportunities": {"some": {"amount": {"amount": {operator: amount}}}}}

    with pytest.raises(Fault) as refused:
        await shared_tenant.read(lambda work: query.kept_condition(work, "customer", given))

    assert refused.value.code == "WRONG_OPERAND"


@pytest.mark.parametrize(
    ("object_name", "given"),
    [
        ("customer", {"version": {"eq": "1_0"}}),
        ("customer", {"version": {"eq": "10"}}),
        ("customer", {"createdAt": {"gt": "20260331T000000Z"}}),
        ("opportunity", {"closeOn": {"eq": "20260331"}}),
        ("opportunity", {"closeOn": {"between": ["2026-03-31", "2026-W01-1"]}}),
    ],
)
async def test_other_numbers_and_days_as_well(shared_tenant: Tenant, object_name: str, given: object) -> None:
    with pytest.raises(Fault) as refused:
        await shared_tenant.read(lambda work: query.kept_condition(work, object_name, given))

    assert refused.value.code == "WRONG_OPERAND"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("x", "The value given for “filter” does not fit “customer”."),
        ({"region": None}, "“region” cannot be null in a filter; use isEmpty to find empty values."),
        ({"region": "east"}, "The value given for “region” does not fit “customer”."),
        ({"region": {"eq": None}}, "“eq” cannot be null in a filter; use isEmpty to find empty values."),
        ({"opportunities": {"some": {"amount": {"amount": 1}}}}, "The value given for “amount” does not fit “opportunity”."),
    ],
)  # fmt: skip
async def test_what_does_not_fit_is_named(shared_tenant: Tenant, given: object, message: str) -> None:
    with pytest.raises(Fault) as refused:
        await shared_tenant.read(lambda work: query.kept_condition(work, "customer", given))

    assert refused.value.message("en") == message
