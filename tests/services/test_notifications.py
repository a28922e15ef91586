"""The inbox: told once, read by its user only [D4]."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from schema.tables.jobs import notification
from services import notifications, verbs
from services.notifications import Notice, NotificationNotFound
from tenants.errors import Refused
from tenants.ids import object_number

if TYPE_CHECKING:
    from collections.abc import Mapping

    import asyncpg

    from tenants.context import Work
    from tests.builders.tenants import Tenant


def notice(tenant: Tenant, *, person: str = "sales", key: str = "one") -> Notice:
    return Notice(tenant.user_id(person), "test.notice", "标题", "Title", key)


async def notify(tenant: Tenant, *notices: Notice) -> int:
    return await tenant.write(lambda work: notifications.notify(work, notices))


async def rows(tenant: Tenant) -> Mapping[str, asyncpg.Record]:
    found = await tenant.read(lambda work: work.session.rows(sa.select(notification)))
    return {row["dedup_key"]: row for row in found}


async def read_by(tenant: Tenant, person: str, *ids: UUID) -> None:
    async def mark(work: Work) -> None:
        await notifications.mark_read(work, ids)

    await tenant.write(mark, person=person)


async def test_a_notice_is_told_once(company: Tenant) -> None:
    before = await rows(company)
    first = await notify(company, notice(company), notice(company, key="two"))
    second = await notify(company, notice(company), notice(company, key="three"))

    assert (first, second) == (2, 1)
    found = {key: row for key, row in (await rows(company)).items() if key not in before}
    assert sorted(found) == ["one", "three", "two"]
    assert {object_number(row["id"]) for row in found.values()} == {6}
    assert found["one"]["user_id"] == company.user_id("sales")
    assert (found["one"]["title_zh"], found["one"]["title_en"], found["one"]["read_at"]) == ("标题", "Title", None)


async def test_no_notices_are_no_work(company: Tenant) -> None:
    assert await notify(company) == 0


async def test_its_user_reads_a_notice_and_the_first_time_counts(company: Tenant) -> None:
    await notify(company, notice(company, key="read"))
    notice_id = (await rows(company))["read"]["id"]

    await read_by(company, "sales", notice_id)
    first = (await rows(company))["read"]
    await read_by(company, "sales", notice_id)
    second = (await rows(company))["read"]

    assert first["read_at"] is not None
    assert (second["read_at"], second["version"]) == (first["read_at"], 3)


@pytest.mark.parametrize("person", ["manager", "admin"])
async def test_the_notice_of_another_is_as_good_as_none(company: Tenant, person: str) -> None:
    await notify(company, notice(company, key=f"another {person}"))
    notice_id = (await rows(company))[f"another {person}"]["id"]

    with pytest.raises(NotificationNotFound):
        await read_by(company, person, notice_id)
    with pytest.raises(NotificationNotFound):
        await read_by(company, "sales", notice_id, uuid4())

    assert (await rows(company))[f"another {person}"]["read_at"] is None


async def test_reading_is_a_declared_verb(company: Tenant) -> None:
    await notify(company, notice(company, key="declared"))
    notice_id = (await rows(company))["declared"]["id"]
    verb = verbs.definition("markNotificationRead")
    assert verb is not None

    outcome = await company.write(lambda work: verb.run(work, {"id": str(notice_id)}), person="sales")

    assert dict(outcome.ids) == {"notification": (notice_id,)}


async def test_what_is_no_id_is_refused(company: Tenant) -> None:
    verb = verbs.definition("markNotificationRead")
    assert verb is not None

    with pytest.raises(Refused) as refused:
        await company.write(lambda work: verb.run(work, {"id": "xx"}), person="sales")

    assert [(each.path, each.fault.code) for each in refused.value.violations] == [(("id",), "NOT_AN_ID")]
