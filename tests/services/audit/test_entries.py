from __future__ import annotations

import json
from typing import TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa

from schema.tables.audit import audit_entry
from services import audit
from services.audit import entries

if TYPE_CHECKING:
    from tenants.context import Work
    from tests.builders.tenants import Tenant

RECORD = UUID(int=7)


def test_one_content_has_one_text() -> None:
    assert entries.canonical({"b": [1, None], "a": "客"}) == entries.canonical({"a": "客", "b": [1, None]})
    assert entries.canonical({"b": UUID(int=1), "a": "客"}) == ('{"a":"客","b":"00000000-0000-0000-0000-000000000001"}')


async def test_an_entry_says_who_did_what_and_its_body_repeats_it(tenant: Tenant) -> None:
    async def append(work: Work) -> list[str]:
        await audit.append(work, [])
        await audit.append(work, [audit.Entry("thing.done", "thing", RECORD, 3, {"why": "测试"})])
        return work.touched

    assert await tenant.write(append, person="sales") == ["audit"]

    query = sa.select(audit_entry).where(audit_entry.c.action == "thing.done")
    (row,) = await tenant.read(lambda work: work.session.rows(query))
    sales = tenant.user_id("sales")
    assert (row["principal_kind"], row["principal_id"], row["record_id"], row["record_version"]) == (
        "user",
        sales,
        RECORD,
        3,
    )
    assert (row["seq"], row["prev_hash"], row["hash"]) == (None, None, None)
    body = json.loads(row["body"])
    assert (body["id"], body["principal_id"], body["details"]) == (str(row["id"]), str(sales), {"why": "测试"})
    assert row["body"] == entries.canonical(body).encode()
