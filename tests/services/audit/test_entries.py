"""Entries: the stored body says exactly what the columns say, and one content is one text."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa

from schema.tables.audit import audit_entry
from services import audit
from services.audit import Entry

if TYPE_CHECKING:
    import asyncpg

    from tenants.context import Work
    from tests.builders.tenants import Tenant

RECORD = UUID("01890a5d-ac96-774b-bcce-b302099a8057")


async def written(tenant: Tenant, *entries: Entry, person: str = "sales") -> list[asyncpg.Record]:
    async def append(work: Work) -> list[asyncpg.Record]:
        await audit.append(work, entries)
        query = sa.select(audit_entry).where(audit_entry.c.action.like("test.%")).order_by(audit_entry.c.id)
        return await work.session.rows(query)

    return await tenant.write(append, person=person)


async def test_an_entry_says_who_did_what_from_where(tenant: Tenant) -> None:
    (row,) = await written(tenant, Entry("test.exported", "customer", RECORD, 3, {"备注": "全部", "rows": 2}))

    assert (row["action"], row["object_name"], row["record_id"], row["record_version"]) == (
        "test.exported", "customer", RECORD, 3,
    )  # fmt: skip
    assert (row["principal_kind"], row["principal_id"]) == ("user", tenant.user_id("sales"))
    assert (row["request_id"], row["seq"], row["hash"]) == ("test-request", None, None)


async def test_the_body_holds_the_columns_and_the_details(tenant: Tenant) -> None:
    (row,) = await written(tenant, Entry("test.exported", details={"rows": 2}))

    body = json.loads(row["body"])
    assert body.pop("details") == {"rows": 2}
    assert datetime.fromisoformat(body.pop("created_at")) == row["created_at"]
    assert body == {
        "id": str(row["id"]),
        "principal_kind": "user",
        "principal_id": str(tenant.user_id("sales")),
        "client_id": "",
        "action": "test.exported",
        "object_name": "",
        "record_id": None,
        "record_version": None,
        "request_id": "test-request",
        "address": "",
        "agent": "",
        "scope": "",
    }


async def test_the_bytes_are_the_canonical_text_itself(tenant: Tenant) -> None:
    (row,) = await written(tenant, Entry("test.exported", details={"b": 1, "a": {"z": "远", "y": None}}))

    assert row["body"] == audit.canonical(json.loads(row["body"])).encode()
    assert '"details":{"a":{"y":null,"z":"远"},"b":1}' in row["body"].decode()


async def test_no_entries_leave_nothing(tenant: Tenant) -> None:
    assert await written(tenant) == []


def test_one_content_is_one_text() -> None:
    assert audit.canonical({"b": 1, "a": "远"}) == audit.canonical({"a": "远", "b": 1}) == '{"a":"远","b":1}'
