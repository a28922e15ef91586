"""[G7] What a check of the chain found is kept for ever, and told to active administrators alone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import sqlalchemy as sa

from schema.tables.audit import audit_entry
from schema.tables.jobs import notification
from services import audit_checks
from services.audit import Break, Verification

if TYPE_CHECKING:
    from tests.builders.tenants import Tenant

BROKEN = Verification(9, 0, 1, (Break(7, "was changed after it was written"), Break(4, "is missing before entry 5")))


async def kept(tenant: Tenant) -> list[object]:
    query = sa.select(audit_entry.c.body).where(audit_entry.c.action == "audit.checked").order_by(audit_entry.c.id)
    return [json.loads(row["body"])["details"] for row in await tenant.read(lambda work: work.session.rows(query))]


async def test_a_whole_chain_is_noted(tenant: Tenant) -> None:
    await tenant.write(lambda work: audit_checks.report(work, Verification(9, 2, 1, ())))

    assert await kept(tenant) == [{"entries": 9, "heads": 1, "breaks": 0}]


async def test_the_first_bad_entry_is_told_in_both_languages_once_a_day(tenant: Tenant) -> None:
    for _ in range(2):
        await tenant.write(lambda work: audit_checks.report(work, BROKEN))

    query = sa.select(notification.c.user_id, notification.c.title_zh, notification.c.title_en)
    rows = await tenant.read(lambda work: work.session.rows(query))
    assert [tuple(row) for row in rows] == [
        (
            tenant.user_id("admin"),
            "审计记录不完整：第 4 条与原样不符",
            "The audit chain does not hold from entry 4: it is missing before entry 5",
        )
    ]
    found = {"entries": 9, "heads": 1, "breaks": 2, "first": 4, "reason": "is missing before entry 5"}
    assert await kept(tenant) == [found, found]
