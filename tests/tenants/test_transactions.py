"""Units of work: what they see, what they may do, what is run again, and what a failure becomes."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING
from uuid import uuid4
from zoneinfo import ZoneInfo

import asyncpg
import pytest
import sqlalchemy as sa
from prometheus_client import REGISTRY

from schema.tables.jobs import job
from schema.tables.metadata import number_counter, state, tenant_setting
from tenants.cache import TenantCache
from tenants.clock import monotonic
from tenants.connection import DatabaseUnavailable
from tenants.context import (
    ANONYMOUS,
    SYSTEM,
    DefinitionWork,
    Moving,
    Principal,
    PrincipalKind,
    ReadWork,
    Versions,
    Work,
)
from tenants.errors import Forbidden, NotFound, Stale
from tenants.sql import BoundSql
from tenants.transactions import Busy, Fenced, Moved, SignedOut, TookTooLong, Transactions
from tests.tenants.bare import ORIGIN, USER_ID

if TYPE_CHECKING:
    from uuid import UUID

    from tenants.connection import Connection
    from tenants.placement import Placement
    from tests.tenants.bare import Bare

pytestmark = pytest.mark.integration

PAST, FUTURE = datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


async def versions_of(work: ReadWork) -> Versions:
    return work.versions


async def add_job(work: Work) -> None:
    await work.session.execute(sa.insert(job).values(id=work.ids.new(4), kind="test"))


async def count_jobs(work: ReadWork) -> int:
    return int(await work.session.scalar(sa.select(sa.func.count()).select_from(job)))


async def move_metadata(work: DefinitionWork) -> None:
    work.moves.add(Moving.METADATA)


async def test_work_carries_the_tenants_settings_versions_and_zone(shared_bare: Bare) -> None:
    async def all_of_it(work: ReadWork) -> tuple[object, ...]:
        settings = work.settings
        return work.versions, settings.zone, settings.language, settings.phone_region, settings.currency, work.zone

    found = await shared_bare.read(all_of_it)

    assert found == (Versions(1, 1), "Asia/Shanghai", "zh", "CN", "CNY", ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize(
    ("own", "zone"), [("Europe/Berlin", "Europe/Berlin"), ("", "Asia/Shanghai"), ("Nowhere/Land", "UTC")]
)
async def test_users_own_zone_comes_first(shared_bare: Bare, own: str, zone: str) -> None:
    async def zone_of(work: ReadWork) -> str:
        return work.zone.key

    assert await shared_bare.read(zone_of, principal=Principal(PrincipalKind.SYSTEM, SYSTEM.id, zone=own)) == zone


async def test_transactions_are_counted_by_their_kind(shared_bare: Bare) -> None:
    def counted() -> float:
        return REGISTRY.get_sample_value("kezhi_transaction_seconds_count", {"kind": "ReadWork"}) or 0.0

    before = counted()
    await shared_bare.read(versions_of)
    assert counted() - before == 1


async def test_read_cannot_write(shared_bare: Bare) -> None:
    async def write(work: ReadWork) -> None:
        await work.session.execute(sa.insert(job).values(id=work.ids.new(4), kind="test"))

    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        await shared_bare.read(write)


async def test_write_is_committed_at_the_end(shared_bare: Bare) -> None:
    before = await shared_bare.read(count_jobs)
    await shared_bare.write(add_job)

    assert await shared_bare.read(count_jobs) == before + 1


async def test_failed_write_leaves_nothing(shared_bare: Bare) -> None:
    async def fail(work: Work) -> None:
        await add_job(work)
        raise NotFound

    before = await shared_bare.read(count_jobs)
    with pytest.raises(NotFound):
        await shared_bare.write(fail)

    assert await shared_bare.read(count_jobs) == before


async def test_write_cannot_alter_a_table(shared_bare: Bare) -> None:
    async def alter(work: Work) -> None:
        await work.session.run(shared_bare.bound("ALTER TABLE @schema@.job ADD COLUMN note text"))

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await shared_bare.write(alter)


async def test_definition_work_alters_tables_as_their_owner(bare: Bare) -> None:
    async def alter(work: DefinitionWork) -> str:
        await work.session.run(bare.bound("ALTER TABLE @schema@.job ADD COLUMN note text"))
        (row,) = await work.session.fetch(BoundSql("SELECT current_user::text AS role"))
        return str(row["role"])

    assert await bare.define(alter) == bare.placement.owner_role


async def test_definition_changes_of_one_tenant_take_turns(shared_bare: Bare) -> None:
    """The one that comes second waits for `state` only as long as definition work waits for any lock."""
    inside, leave = asyncio.Event(), asyncio.Event()

    async def hold(_work: DefinitionWork) -> None:
        inside.set()
        await leave.wait()

    async with asyncio.TaskGroup() as both:
        both.create_task(shared_bare.define(hold))
        await inside.wait()
        with pytest.raises(Busy):
            await shared_bare.define(move_metadata)
        leave.set()

    assert await shared_bare.read(versions_of) == Versions(1, 1)


async def test_versions_move_with_the_commit(bare: Bare) -> None:
    async def move_both(work: DefinitionWork) -> Versions:
        work.moves.update((Moving.METADATA, Moving.ACCESS))
        row = await work.session.row(sa.select(state))
        assert row is not None
        return Versions(row["metadata_version"], row["access_version"])

    assert await bare.define(move_both) == Versions(1, 1)
    assert await bare.read(versions_of) == Versions(2, 2)


async def test_deferred_read_goes_by_the_versions_seen_last(bare: Bare, administrator: Connection) -> None:
    await bare.read(versions_of)
    await administrator.control(bare.text("UPDATE @schema@.state SET access_version = 7"))

    assert await bare.read(versions_of, deferred=True) == Versions(1, 1)
    assert await bare.read(versions_of) == Versions(1, 7)


async def test_stale_deferred_read_is_run_again_with_the_versions_of_state(
    bare: Bare, administrator: Connection
) -> None:
    await bare.read(versions_of)
    await administrator.control(bare.text("UPDATE @schema@.state SET metadata_version = 5"))
    seen: list[Versions] = []

    async def compares(work: ReadWork) -> Versions:
        seen.append(work.versions)
        if work.versions.metadata != 5:
            raise Stale
        return work.versions

    assert await bare.read(compares, deferred=True) == Versions(5, 1)
    assert seen == [Versions(1, 1), Versions(5, 1)]


async def test_stale_write_is_rolled_back_and_run_once_more(shared_bare: Bare) -> None:
    attempts: list[int] = []
    before = await shared_bare.read(count_jobs)

    async def stale_once(work: Work) -> None:
        await add_job(work)
        attempts.append(1)
        if len(attempts) == 1:
            raise Stale

    await shared_bare.write(stale_once)

    assert (len(attempts), await shared_bare.read(count_jobs)) == (2, before + 1)


async def test_stale_twice_is_unavailable(shared_bare: Bare) -> None:
    async def always_stale(_work: Work) -> None:
        raise Stale

    with pytest.raises(Moved):
        await shared_bare.write(always_stale)


async def test_refusal_is_asked_again_only_if_the_versions_moved(bare: Bare, administrator: Connection) -> None:
    await bare.read(versions_of)
    await administrator.control(bare.text("UPDATE @schema@.state SET access_version = 2"))

    async def allowed_since_two(work: ReadWork) -> str:
        if work.versions.access < 2:
            raise Forbidden
        return "allowed"

    async def never_allowed(_work: ReadWork) -> str:
        raise Forbidden

    assert await bare.read(allowed_since_two, deferred=True) == "allowed"
    with pytest.raises(Forbidden):
        await bare.read(never_allowed, deferred=True)


async def test_column_that_is_gone_means_stale_if_the_versions_moved(bare: Bare, administrator: Connection) -> None:
    await bare.read(versions_of)
    await administrator.control(
        bare.text(
            "ALTER TABLE @schema@.job RENAME COLUMN reason TO why; UPDATE @schema@.state SET metadata_version = 2"
        )
    )

    async def compiled_for(work: ReadWork) -> list[asyncpg.Record]:
        before, after = bare.bound("SELECT reason FROM @schema@.job"), bare.bound("SELECT why FROM @schema@.job")
        return await work.session.fetch(before if work.versions.metadata == 1 else after)

    assert await bare.read(compiled_for, deferred=True) == []


async def test_column_that_never_was_is_a_defect(shared_bare: Bare) -> None:
    async def broken(work: ReadWork) -> None:
        await work.session.fetch(shared_bare.bound("SELECT nothing FROM @schema@.job"))

    with pytest.raises(asyncpg.UndefinedColumnError):
        await shared_bare.read(broken)


async def test_deadlock_is_run_once_more(shared_bare: Bare) -> None:
    first, second = uuid4(), uuid4()
    attempts: list[str] = []
    locked, other_is_done = asyncio.Barrier(2), asyncio.Event()

    async def fill(work: Work) -> None:
        for field_id in (first, second):
            await work.session.execute(sa.insert(number_counter).values(field_id=field_id, period="", last=0))

    async def count_up(work: Work, field_id: UUID) -> None:
        counter = sa.update(number_counter).where(number_counter.c.field_id == field_id)
        await work.session.execute(counter.values(last=number_counter.c.last + 1))

    async def crosswise(work: Work, order: tuple[UUID, UUID]) -> None:
        attempts.append("attempt")
        is_again = len(attempts) > 2
        if is_again:
            await other_is_done.wait()
        await count_up(work, order[0])
        if not is_again:
            await locked.wait()
        await count_up(work, order[1])

    async def one(order: tuple[UUID, UUID]) -> None:
        await shared_bare.write(lambda work: crosswise(work, order))
        other_is_done.set()

    await shared_bare.write(fill)
    await asyncio.gather(one((first, second)), one((second, first)))

    counters = sa.select(number_counter.c.last).where(number_counter.c.field_id.in_((first, second)))

    async def counts(work: ReadWork) -> list[int]:
        return [row["last"] for row in await work.session.rows(counters)]

    assert await shared_bare.read(counts) == [2, 2]
    assert len(attempts) == 3


async def test_fenced_tenant_is_read_but_not_written(bare: Bare, administrator: Connection) -> None:
    await administrator.control(bare.text("UPDATE @schema@.state SET fenced = true"))

    with pytest.raises(Fenced):
        await bare.write(add_job)
    with pytest.raises(Fenced):
        await bare.define(move_metadata)
    assert await bare.read(count_jobs) == 0


async def test_open_session_is_let_in(shared_bare: Bare) -> None:
    principal = await shared_bare.sign_in(expires_at=FUTURE)

    assert await shared_bare.read(versions_of, principal=principal) == Versions(1, 1)


@pytest.mark.parametrize(("expires_at", "closed_at"), [(PAST, None), (FUTURE, PAST)], ids=["expired", "closed"])
async def test_ended_session_is_refused(shared_bare: Bare, expires_at: datetime, closed_at: datetime | None) -> None:
    principal = await shared_bare.sign_in(expires_at=expires_at, closed_at=closed_at)

    with pytest.raises(SignedOut):
        await shared_bare.read(versions_of, principal=principal)
    with pytest.raises(SignedOut):
        await shared_bare.write(add_job, principal=principal)
    with pytest.raises(SignedOut):
        await shared_bare.define(move_metadata, principal=principal)


@pytest.mark.parametrize(
    "principal", [Principal(PrincipalKind.USER, uuid4(), None), Principal(PrincipalKind.USER, USER_ID, uuid4())]
)
async def test_user_without_a_session_of_this_tenant_is_refused(shared_bare: Bare, principal: Principal) -> None:
    with pytest.raises(SignedOut):
        await shared_bare.read(versions_of, principal=principal)


async def test_nobody_in_particular_may_open_work(shared_bare: Bare) -> None:
    """Signing in is done by somebody who has not signed in."""
    assert await shared_bare.read(versions_of, principal=ANONYMOUS) == Versions(1, 1)


async def test_statement_that_takes_too_long_is_too_much(shared_bare: Bare) -> None:
    limits = shared_bare.installation.settings.transactions.__class__(read_ms=50)
    transactions = Transactions(shared_bare.installation.databases, TenantCache(), limits=limits)

    async def slow(work: ReadWork) -> None:
        await work.session.fetch(BoundSql("SELECT count(*) FROM generate_series(1, 100000000)"))

    with pytest.raises(TookTooLong):
        await transactions.read(shared_bare.placement, SYSTEM, ORIGIN, slow)


async def test_statement_may_take_no_longer_than_the_request_has_left(shared_bare: Bare) -> None:
    async def slow(work: ReadWork) -> None:
        await work.session.fetch(BoundSql("SELECT count(*) FROM generate_series(1, 100000000)"))

    with pytest.raises(TookTooLong):
        await shared_bare.installation.transactions.read(
            shared_bare.placement, SYSTEM, ORIGIN._replace(deadline=monotonic() + 0.1), slow
        )


async def test_request_whose_time_is_over_opens_nothing(shared_bare: Bare) -> None:
    for open_ in (shared_bare.installation.transactions.read, shared_bare.installation.transactions.write):
        with pytest.raises(TookTooLong):
            await open_(shared_bare.placement, SYSTEM, ORIGIN._replace(deadline=monotonic()), versions_of)


async def test_waking_happens_after_commit_and_only_for_messages(shared_bare: Bare) -> None:
    woken: list[Placement] = []
    before = await shared_bare.read(count_jobs)

    async def wake(placement: Placement) -> None:
        assert await shared_bare.read(count_jobs) == before + 1
        woken.append(placement)

    async def with_message(work: Work) -> None:
        await add_job(work)
        work.touched.append("test")

    async def without_message(work: Work) -> None:
        await count_jobs(work)

    transactions = Transactions(shared_bare.installation.databases, TenantCache(), wake=wake)
    await transactions.write(shared_bare.placement, SYSTEM, ORIGIN, with_message)
    await transactions.write(shared_bare.placement, SYSTEM, ORIGIN, without_message)

    assert woken == [shared_bare.placement]


async def test_connections_that_died_while_idle_are_replaced(shared_bare: Bare, administrator: Connection) -> None:
    await shared_bare.read(versions_of)
    await administrator.fetch(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename::text LIKE $1", "%runtime%"
    )

    assert await shared_bare.read(versions_of) == Versions(1, 1)


async def test_server_that_goes_away_in_the_middle_is_unavailable(shared_bare: Bare, administrator: Connection) -> None:
    async def cut_off(work: Work) -> None:
        await add_job(work)
        (row,) = await work.session.fetch(BoundSql("SELECT pg_backend_pid() AS pid"))
        await administrator.fetch("SELECT pg_terminate_backend($1)", row["pid"])
        await count_jobs(work)

    before = await shared_bare.read(count_jobs)
    with pytest.raises(DatabaseUnavailable):
        await shared_bare.write(cut_off)

    assert await shared_bare.read(count_jobs) == before


async def test_changed_settings_are_seen_with_the_version_that_they_moved(bare: Bare) -> None:
    async def rename(work: DefinitionWork) -> None:
        await work.session.execute(sa.update(tenant_setting).values(name="Renamed"))
        work.moves.add(Moving.METADATA)

    async def name_of(work: ReadWork) -> str:
        return work.settings.name

    await bare.read(name_of)
    await bare.define(rename)

    assert await bare.read(name_of, deferred=True) == "Renamed"


async def test_deferred_unit_that_had_to_begin_is_ended_and_its_connection_goes_on(bare: Bare) -> None:
    pids: list[int] = []

    async def asks(work: ReadWork, *, fails: bool) -> None:
        (row,) = await work.session.fetch(BoundSql("SELECT pg_backend_pid() AS pid"))
        pids.append(row["pid"])
        if fails:
            raise Forbidden

    idle = bare.installation.databases.idle
    await bare.read(partial(asks, fails=False), deferred=True)
    with pytest.raises(Forbidden):
        await bare.read(partial(asks, fails=True), deferred=True)
    await bare.read(partial(asks, fails=False), deferred=True)

    assert (len(set(pids)), bare.installation.databases.idle) == (1, max(idle, 1))
