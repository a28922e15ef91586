"""[D4] The row of a job tells its user where it stands, from the moment it is asked for to its end."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
import sqlalchemy as sa

from schema.tables.jobs import job
from services import jobs
from services.jobs import Step
from services.messages import Message
from tests.builders.jobs import job_row
from tests.builders.metadata import stage_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tenants.context import Work
    from tests.builders.tenants import Tenant

    JobVerb = Callable[[Work, UUID], Awaitable[None]]

pytestmark = [pytest.mark.anyio, pytest.mark.integration]
TOLD = ("state", "progress", "total", "reason")


@dataclass(frozen=True, slots=True)
class Paint(Message):
    name = "test.paint"

    job_id: UUID


def on(job_id: UUID, verb: JobVerb) -> Callable[[Work], Awaitable[None]]:
    return lambda work: verb(work, job_id)


async def asked(tenant: Tenant, *, total: int | None = None) -> UUID:
    return await tenant.write(lambda work: jobs.ask(work, Paint, total=total), person="admin")


async def told_after(tenant: Tenant, *verbs: JobVerb, total: int | None = None) -> list[object]:
    """What the row says once those were called, one transaction each, and whether it has an end."""
    job_id = await asked(tenant, total=total)
    for verb in verbs:
        await tenant.write(on(job_id, verb))
    row = await job_row(tenant, job_id)
    assert row["version"] == 1 + len(verbs)
    return [*(row[each] for each in TOLD), row["finished_at"] is not None]


async def test_job_is_shown_to_whoever_asked_for_it(company: Tenant) -> None:
    job_id = await asked(company, total=7)

    row = await job_row(company, job_id)
    assert (row["kind"], row["requested_by_id"]) == ("test.paint", company.user_id("admin"))
    assert [row[each] for each in TOLD] == ["queued", 0, 7, None]


async def test_what_the_system_asks_for_is_nobodys(company: Tenant) -> None:
    job_id = await company.write(lambda work: jobs.ask(work, Paint))

    assert (await job_row(company, job_id))["requested_by_id"] is None


@pytest.mark.parametrize(
    ("verbs", "told"),
    [
        ([jobs.begin], ["running", 0, 9, None, False]),
        ([jobs.begin, partial(jobs.advance, count=4)], ["running", 4, 9, None, False]),
        ([partial(jobs.advance, count=4), partial(jobs.begin, total=5)], ["running", 0, 5, None, False]),
        ([partial(jobs.advance, count=4), jobs.begin], ["running", 4, 9, None, False]),
        ([partial(jobs.advance, count=9), jobs.finish], ["done", 9, 9, None, True]),
        ([partial(jobs.advance, count=6), partial(jobs.finish_counted, left=2)], ["done", 6, 8, "LEFT 2", True]),
        ([partial(jobs.advance, count=6), partial(jobs.finish_counted, left=0)], ["done", 6, 6, None, True]),
        ([partial(jobs.fail, reason="VALUES_NOT_UNIQUE")], ["failed", 0, 9, "VALUES_NOT_UNIQUE", True]),
        ([jobs.begin, partial(jobs.park, reason="TIME")], ["parked", 0, 9, "TIME", True]),
        ([partial(jobs.park, reason="TIME"), jobs.requeue], ["queued", 0, 9, None, False]),
    ],
)
async def test_row_follows_the_job(company: Tenant, verbs: list[JobVerb], told: list[object]) -> None:
    assert await told_after(company, *verbs, total=9) == told


async def test_what_a_job_found_stands_beside_its_reason(company: Tenant) -> None:
    found = {"object": "customer", "field": "region", "count": 1, "ids": [["a", "b"]]}
    known, unknown = [await asked(company) for _ in range(2)]

    await company.write(on(known, partial(jobs.fail, reason="VALUES_NOT_UNIQUE", details=found)))
    await company.write(on(unknown, partial(jobs.fail, reason="VALUES_NOT_UNIQUE")))

    assert [(await job_row(company, each))["details"] for each in (known, unknown)] == [found, None]


async def test_steps_go_on_after_each_other_and_are_counted(company: Tenant) -> None:
    job_id, left, began = await asked(company), [Step(UUID(int=4), 4), Step(UUID(int=7), 3)], []

    async def step(_: Work, after: UUID) -> Step | None:
        began.append(after.int)
        return left.pop(0) if left else None

    await jobs.go_through(stage_of(company), job_id, step)

    assert began == [0, 4, 7]
    assert (await job_row(company, job_id))["progress"] == 7


@pytest.mark.parametrize("verb", [partial(jobs.park, reason="TIME"), jobs.requeue])
async def test_job_that_ended_stays_as_it_ended(company: Tenant, verb: JobVerb) -> None:
    job_id = await asked(company)
    await company.write(lambda work: jobs.finish(work, job_id))
    ended = await job_row(company, job_id)

    await company.write(on(job_id, verb))

    assert await job_row(company, job_id) == ended


async def test_refused_transaction_leaves_no_job(company: Tenant) -> None:
    async def ask_and_fail(work: Work) -> None:
        await jobs.ask(work, Paint, total=12)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await company.write(ask_and_fail)

    left = sa.select(sa.func.count()).where(job.c.total == 12)
    assert await company.read(lambda work: work.session.scalar(left)) == 0
