from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
import sqlalchemy as sa

from schema.metadata.values import Money
from schema.tables.audit import audit_entry
from services.events import Kind
from services.records import trace
from services.records.trace import Deed
from tenants.sql import render
from tests.builders.records import create_one, update

if TYPE_CHECKING:
    from services.records.targets import Target
    from tests.builders.tenants import Tenant

ONE = UUID(int=1)


def test_a_deed_is_told_by_field_number_and_audited_by_name(own_customers: Target) -> None:
    money = Money(Decimal(5), "CNY")
    deed = Deed(ONE, 3, {"annualRevenue": (None, money), "parent": (ONE, None)}, {"unlinked": []})

    values = trace.values_of(own_customers, Kind.UPDATED, [deed])

    (entry,) = json.loads(str(values["trace"]))
    assert entry["changes"] == {
        "32": [None, {"amount": "5", "currency": "CNY"}],
        "34": [str(ONE), None],
        "unlinked": [],
    }
    assert json.loads(entry["body"])["details"] == {
        "changes": {"annualRevenue": [None, {"amount": "5", "currency": "CNY"}], "parent": [str(ONE), None]}
    }
    assert (entry["action"], entry["record_id"], entry["record_version"]) == ("customer.updated", str(ONE), 3)
    assert entry["principal_id"] == str(own_customers.work.principal.id)


def test_of_what_the_platform_keeps_only_the_feed_is_told(own_customers: Target) -> None:
    values = trace.values_of(own_customers, Kind.DERIVED, [Deed(ONE, 3, {"lastActivityAt": (None, None)})])

    (entry,) = json.loads(str(values["trace"]))
    assert {name: each for name, each in entry.items() if name != "change_id"} == {
        "record_id": str(ONE),
        "record_version": 3,
    }


def test_an_event_names_fields_as_inputs_do(customers: Target) -> None:
    values = trace.values_of(customers, Kind.UPDATED, [Deed(ONE, 2, {"parent": (None, ONE), "level": (None, "a")})])

    assert values["event"] == "record.updated"
    assert json.loads(str(values["payload"])) == {"object_name": "customer", "ids": [], "fields": ["level", "parentId"]}


@pytest.mark.parametrize("kind", list(Kind))
def test_what_the_platform_keeps_has_no_memory(kind: Kind) -> None:
    text = render(trace.left_behind(kind)).bind("t_x", lambda slot: slot.object_name)

    assert ("record_history" in text, "audit_entry" in text) == (kind is not Kind.DERIVED, kind is not Kind.DERIVED)
    assert all(name in text for name in ('"t_x".change', "kezhi.touched", "kezhi.outbox"))


async def test_the_audited_body_is_canonical_and_whole(tenant: Tenant) -> None:
    made = await create_one(tenant, "customer", name="甲", person="sales")
    await update(tenant, "customer", made, level="a", person="sales")

    query = sa.select(audit_entry).where(audit_entry.c.record_id == made).order_by(audit_entry.c.record_version)
    rows = await tenant.read(lambda work: work.session.rows(query))

    bodies = [json.loads(row["body"]) for row in rows]
    assert [row["body"] for row in rows] == [
        json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() for body in bodies
    ]
    assert [(row["action"], row["record_version"], row["seq"]) for row in rows] == [
        ("customer.created", 1, None),
        ("customer.updated", 2, None),
    ]
    assert bodies[1]["details"] == {"changes": {"level": [None, "a"]}}
    assert (bodies[1]["principal_id"], bodies[1]["request_id"]) == (str(tenant.user_id("sales")), "test-request")
