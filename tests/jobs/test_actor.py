"""The door of the background: what can heal is tried again, what cannot is parked, and what is done is done [D4]."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Literal, TypeAlias
from uuid import uuid4

import pytest
import sqlalchemy as sa

from jobs import attempts
from jobs.actor import ACTORS, Run, actor, execute
from jobs.attempts import RowState
from jobs.heartbeat import Heartbeat
from schema.tables.jobs import job
from services.messages import Message
from tenants.administration import administrator, connected
from tenants.cache import TenantCache
from tenants.cells import outbox
from tenants.clock import utc_now
from tenants.context import SYSTEM
from tenants.errors import Invalid, NotFound, Unavailable
from tenants.settings import TransactionSettings
from tenants.sql import BoundSql
from tenants.transactions import Fenced, TookTooLong, Transactions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from tenants.context import ReadWork
    from tests.builders.background import Cell
    from tests.builders.tenants import Tenant


@dataclass(frozen=True, slots=True)
class Act(Message):
    """A message whose actor does what the test says."""

    name = "test.act"

    word: str = ""


Deed: TypeAlias = Callable[[Run, Act], None]
Acts: TypeAlias = Callable[[Deed], None]
acted: list[str] = []


@pytest.fixture
def acts() -> Iterator[Acts]:
    """Say what the actor does."""

    def register(act: Deed) -> None:
        @actor(Act)
        async def body(run: Run, message: Act) -> None:
            act(run, message)

    acted.clear()
    yield register
    ACTORS.pop(Act.name, None)


async def perform(
    cell: Cell, tenant: Tenant, *, payload: dict[str, object] | None = None
) -> tuple[UUID, RowState | None]:
    (message_id,) = await cell.put(tenant.placement.schema, message=Act.name, payload=payload or {})
    heartbeat = Heartbeat(cell.cells)
    return message_id, await execute(cell.installation, heartbeat, cell=cell.name, message_id=message_id)


async def fence(tenant: Tenant, *, fenced: bool) -> None:
    """As while it is moved: nobody writes to it."""
    database = tenant.installation.settings.database
    async with connected(administrator(database, tenant.placement.cell)) as connection:
        await connection.control(f"SET search_path = {tenant.placement.schema}")
        await connection.control("UPDATE state SET fenced = true" if fenced else "UPDATE state SET fenced = false")


def failing(error: Exception) -> Deed:
    def act(_run: Run, _message: Act) -> None:
        raise error

    return act


async def test_a_message_reaches_its_actor_once_and_is_done(cell: Cell, shared_tenant: Tenant, acts: Acts) -> None:
    acts(lambda run, message: acted.append(f"{run.placement.slug} {message.word}"))

    message_id, state = await perform(cell, shared_tenant, payload={"word": "go", "newer": 1})
    again = await execute(cell.installation, Heartbeat(cell.cells), cell=cell.name, message_id=message_id)

    assert (state, again) == (RowState.DONE, None)
    assert acted == ["shared go"]
    row = await cell.message(message_id)
    assert (row["state"], row["attempts"], row["lease_until"]) == ("done", 1, None)


async def test_the_work_of_a_message_is_the_systems(cell: Cell, shared_tenant: Tenant) -> None:
    placement = shared_tenant.placement

    @actor(Act)
    async def body(run: Run, _message: Act) -> None:
        async def look(work: ReadWork) -> None:
            acted.append(f"{work.placement.schema} {work.principal == SYSTEM} {work.origin.request_id[:4]}")

        await run.read(look)

    acted.clear()
    _, state = await perform(cell, shared_tenant)
    ACTORS.pop(Act.name)

    assert state is RowState.DONE
    assert acted == [f"{placement.schema} True job-"]


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (Unavailable(), "UNAVAILABLE"),
        (ConnectionResetError(), "ConnectionResetError"),
        (TimeoutError(), "TimeoutError"),
        (TookTooLong(), "STATEMENT_TIMEOUT"),
    ],
)
async def test_what_can_heal_is_tried_again_later(
    cell: Cell, shared_tenant: Tenant, acts: Acts, error: Exception, reason: str
) -> None:
    acts(failing(error))

    message_id, state = await perform(cell, shared_tenant)

    row = await cell.message(message_id)
    assert state is RowState.WAITING
    assert (row["state"], row["retries"], row["reason"]) == ("waiting", 1, reason)
    assert row["not_before"] > utc_now() + attempts.BACKOFF[0] - timedelta(seconds=1)


@pytest.mark.parametrize(
    ("error", "reason"),
    [(NotFound(), "NOT_FOUND"), (Invalid(), "INVALID"), (ZeroDivisionError("secret"), "DEFECT ZeroDivisionError")],
)
async def test_what_cannot_heal_is_parked_with_its_reason(
    cell: Cell, shared_tenant: Tenant, acts: Acts, error: Exception, reason: str
) -> None:
    acts(failing(error))

    message_id, state = await perform(cell, shared_tenant)

    row = await cell.message(message_id)
    assert state is RowState.PARKED
    assert (row["state"], row["reason"]) == ("parked", reason)


@pytest.mark.parametrize("kind", ["read", "write"])
async def test_a_statement_that_took_too_long_is_tried_again_later(
    cell: Cell, shared_tenant: Tenant, kind: Literal["read", "write"]
) -> None:
    limits = TransactionSettings(read_ms=50, write_ms=50)
    transactions = Transactions(cell.installation.databases, TenantCache(), limits=limits)
    hurried = replace(cell, installation=replace(cell.installation, transactions=transactions))

    @actor(Act)
    async def body(run: Run, _message: Act) -> None:
        async def slow(work: ReadWork) -> None:
            await work.session.fetch(BoundSql("SELECT count(*) FROM generate_series(1, 100000000)"))

        await (run.read(slow) if kind == "read" else run.write(slow))

    message_id, state = await perform(hurried, shared_tenant)
    ACTORS.pop(Act.name)

    row = await cell.message(message_id)
    assert (state, row["state"], row["retries"], row["reason"]) == (RowState.WAITING, "waiting", 1, "STATEMENT_TIMEOUT")


async def test_after_enough_tries_even_what_could_heal_is_parked(cell: Cell, shared_tenant: Tenant, acts: Acts) -> None:
    acts(failing(Unavailable()))
    tries = len(attempts.BACKOFF)
    (message_id,) = await cell.put(shared_tenant.placement.schema, message=Act.name, attempts=tries, retries=tries)

    state = await execute(cell.installation, Heartbeat(cell.cells), cell=cell.name, message_id=message_id)

    assert state is RowState.PARKED
    assert (await cell.message(message_id))["reason"] == "UNAVAILABLE"


@pytest.mark.parametrize(
    ("starts", "reason"), [(0, "INVALID"), (2, attempts.QUARANTINED)], ids=["parked", "quarantined"]
)
async def test_users_see_that_a_job_was_parked(
    cell: Cell, tenant: Tenant, acts: Acts, starts: int, reason: str
) -> None:
    acts(failing(Invalid()))
    job_id = uuid4()
    await tenant.write(
        lambda work: work.session.execute(sa.insert(job).values(id=job_id, kind="test.act", state="running"))
    )
    payload = {"job_id": str(job_id)}
    (message_id,) = await cell.put(tenant.placement.schema, message=Act.name, payload=payload, attempts=starts)

    await execute(cell.installation, Heartbeat(cell.cells), cell=cell.name, message_id=message_id)

    row = await tenant.read(lambda work: work.session.row(sa.select(job)))
    assert row is not None
    assert (row["id"], row["state"], row["reason"], row["version"]) == (job_id, "parked", reason, 2)


async def test_a_quarantine_that_cannot_be_shown_yet_is_shown_later_and_never_run(
    cell: Cell, tenant: Tenant, acts: Acts
) -> None:
    acts(lambda _run, _message: acted.append("ran"))
    job_id = uuid4()
    await tenant.write(
        lambda work: work.session.execute(sa.insert(job).values(id=job_id, kind="test.act", state="running"))
    )
    (message_id,) = await cell.put(
        tenant.placement.schema, message=Act.name, payload={"job_id": str(job_id)}, attempts=2
    )
    await fence(tenant, fenced=True)
    with pytest.raises(Fenced):
        await execute(cell.installation, Heartbeat(cell.cells), cell=cell.name, message_id=message_id)
    assert (await cell.message(message_id))["state"] == "running"
    await fence(tenant, fenced=False)
    await cell.let_leases_end()

    ended = await cell.drain()

    row = await tenant.read(lambda work: work.session.row(sa.select(job)))
    assert row is not None
    assert (row["state"], row["reason"]) == ("parked", attempts.QUARANTINED)
    message = await cell.message(message_id)
    assert (ended, message["state"], message["reason"]) == ([RowState.PARKED], "parked", attempts.QUARANTINED)
    assert acted == []


async def test_a_poison_message_is_quarantined_and_not_run(cell: Cell, shared_tenant: Tenant, acts: Acts) -> None:
    acts(lambda _run, _message: acted.append("ran"))
    (message_id,) = await cell.put(shared_tenant.placement.schema, message=Act.name, attempts=2)

    state = await execute(cell.installation, Heartbeat(cell.cells), cell=cell.name, message_id=message_id)

    assert (state, acted) == (RowState.PARKED, [])


@pytest.mark.parametrize(
    ("tenant", "message", "reason"),
    [("t_nobody", "record.created", "NO_SUCH_TENANT"), ("t_nobody", "newer.message", "UNKNOWN_MESSAGE")],
)
async def test_what_this_release_does_not_know_waits_for_one_that_does(
    cell: Cell, tenant: str, message: str, reason: str
) -> None:
    (message_id,) = await cell.put(tenant, message=message)

    state = await execute(cell.installation, Heartbeat(cell.cells), cell=cell.name, message_id=message_id)

    assert state is RowState.WAITING
    assert (await cell.message(message_id))["reason"] == reason


async def test_a_message_without_a_row_is_nothing(cell: Cell) -> None:
    assert await execute(cell.installation, Heartbeat(cell.cells), cell=cell.name, message_id=uuid4()) is None
    assert await cell.rows(sa.select(outbox.c.id)) == []


def test_a_message_has_one_actor(acts: Acts) -> None:
    acts(lambda _run, _message: None)

    with pytest.raises(ValueError, match=r"two actors for test\.act"):
        acts(lambda _run, _message: None)
