"""[B11] What is asked for is kept: the order, its job, and the entry that says who asked."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa

from schema.tables.audit import audit_entry
from schema.tables.hand_over import hand_over as hand_over_table
from services import hand_over
from services.hand_over import Rule
from services.hand_over.errors import HandOverNotDone, HandOverNotFound
from tests.services.hand_over.conftest import Office


async def test_the_order_says_what_was_asked_for(office: Office) -> None:
    rules = (Rule(office.tenant.user_id("colleague"), ("customer",), ("east",)),)

    made = await office.tenant.write(
        lambda work: hand_over.request(work, office.leaver, rules, deactivates=True), person="admin"
    )

    row = await office.row(hand_over_table, made.id)
    assert (row["state"], row["from_user_id"], row["requested_by_id"]) == (
        "queued", office.leaver, office.tenant.user_id("admin"),
    )  # fmt: skip
    assert (row["rules"], row["deactivates"], row["moved"]) == ([rules[0].as_json()], True, 0)
    assert await office.progress(made) == ("queued", 0, 1)
    query = sa.select(audit_entry.c.body).where(
        audit_entry.c.action == "handOver.requested", audit_entry.c.record_id == office.leaver
    )
    (entry,) = await office.tenant.read(lambda work: work.session.rows(query))
    assert json.loads(entry["body"])["details"] == {
        "handOver": str(made.id), "rules": [rules[0].as_json()], "deactivates": True, "records": 1,
    }  # fmt: skip


async def test_one_that_has_not_ended_is_not_reversed(office: Office) -> None:
    rules = (Rule(office.tenant.user_id("colleague")),)
    made = await office.tenant.write(
        lambda work: hand_over.request(work, office.leaver, rules, deactivates=False), person="admin"
    )

    with pytest.raises(HandOverNotDone):
        await office.tenant.write(lambda work: hand_over.reverse(work, made.id), person="admin")
    assert await office.tenant.read(lambda work: hand_over.started(work, made.id)) == made


async def test_one_that_is_not_there_did_not_start(office: Office) -> None:
    with pytest.raises(HandOverNotFound):
        await office.tenant.read(lambda work: hand_over.started(work, office.leaver))
