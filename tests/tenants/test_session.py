"""The session: one transaction, one opening message, and two ways to run a statement."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import asyncpg
import pytest
import sqlalchemy as sa

from schema.tables.jobs import job
from tenants.script_text import fill
from tenants.session import defining, reading, transaction, writing
from tenants.settings import TransactionSettings
from tenants.sql import BoundSql
from tests.builders.processes import eventually

if TYPE_CHECKING:
    from uuid import UUID

    from tenants.connection import Connection
    from tenants.context import ReadWork, Work
    from tests.tenants.bare import Bare

LIMITS = TransactionSettings(read_ms=1, write_ms=2, define_ms=3, lock_ms=4, define_lock_ms=5, idle_ms=6)


MESSAGE = (
    "BEGIN {}; SET LOCAL search_path = pg_catalog; SET LOCAL statement_timeout = {}; SET LOCAL lock_timeout = {};"
    " SET LOCAL plan_cache_mode = {}"
)
ROLE = '; SET LOCAL ROLE "t_a"'
WAITING = "; SET LOCAL idle_in_transaction_session_timeout = 6"


@pytest.mark.parametrize(
    ("opening", "message"),
    [
        (reading(LIMITS).message("t_a"), MESSAGE.format("READ ONLY", 1, 4, "force_generic_plan") + ROLE + WAITING),
        (writing(LIMITS).message("t_a"), MESSAGE.format("READ WRITE", 2, 4, "auto") + ROLE + WAITING),
        (writing(LIMITS).message("t_a", within_ms=1.0), MESSAGE.format("READ WRITE", 1, 4, "auto") + ROLE + WAITING),
        (writing(LIMITS).message("t_a", within_ms=0.1), MESSAGE.format("READ WRITE", 1, 4, "auto") + ROLE + WAITING),
        (writing(LIMITS).message("t_a", within_ms=9.0), MESSAGE.format("READ WRITE", 2, 4, "auto") + ROLE + WAITING),
        (defining(LIMITS).message(None), MESSAGE.format("READ WRITE", 3, 5, "auto") + WAITING),
    ],
)
def test_opening_message_sets_everything_for_this_transaction_only(opening: str, message: str) -> None:
    assert " ".join(opening.split()) == message


@pytest.mark.parametrize(
    ("left", "limit"),
    [(0.1, 1), (1.2, 2), (2.5, 3), (3.2, 4), (5, 6), (6.1, 8), (700, 768), (768, 768), (900, 1024), (29_999, 30_000)],
)
def test_what_is_left_of_a_request_is_rounded_up(left: float, limit: int) -> None:
    opening = reading(replace(LIMITS, read_ms=30_000))

    assert f"SET LOCAL statement_timeout = {limit}" in opening.frame("t_a", within_ms=left).opening
    # Each is a statement that connections keep.
    assert len({opening.frame("t_a", within_ms=each).opening for each in range(1, 40_000)}) == 30


def test_a_flight_sets_everything_but_how_long_it_may_wait_between_statements() -> None:
    frame = reading(LIMITS).frame("t_a")

    assert "; ".join(frame.opening) == MESSAGE.format("READ ONLY", 1, 4, "force_generic_plan") + ROLE
    assert (frame.ending, frame.abandoning) == (("COMMIT",), "ROLLBACK")


@pytest.mark.parametrize("role", ['t_a"; RESET ROLE; --', "T_A", "", "t-a", "t_" + "a" * 80])
def test_opening_takes_nothing_but_a_role_name(role: str) -> None:
    with pytest.raises(ValueError, match="not a physical name"):
        reading(LIMITS).message(role)


@pytest.mark.integration
async def test_statements_of_both_kinds_run_in_the_tenants_schema(bare: Bare) -> None:
    async def both(work: Work) -> tuple[object, ...]:
        inserted = await work.session.execute(sa.insert(job).values(id=work.ids.new(4), kind="one"))
        moved = await work.session.run(bare.bound("UPDATE @schema@.job SET kind = $1", "two"))
        (row,) = await work.session.fetch(bare.bound("SELECT kind FROM @schema@.job"))
        return inserted, moved, row["kind"], await work.session.scalar(sa.select(job.c.kind))

    assert await bare.write(both) == (1, 1, "two", "two")


@pytest.mark.integration
async def test_no_row_is_nothing(bare: Bare) -> None:
    async def nothing(work: ReadWork) -> tuple[object, ...]:
        query = sa.select(job.c.kind)
        return await work.session.rows(query), await work.session.row(query), await work.session.scalar(query)

    assert await bare.read(nothing) == ([], None, None)


@pytest.mark.integration
async def test_statement_without_arguments_is_one_statement_too(bare: Bare) -> None:
    """[I-10] asyncpg would send it by the simple protocol, where a second one could follow."""

    async def stacked(work: Work) -> None:
        await work.session.run(BoundSql("SELECT 1; RESET ROLE"))

    with pytest.raises(asyncpg.PostgresSyntaxError):
        await bare.write(stacked)


@pytest.mark.integration
async def test_what_fails_inside_a_savepoint_is_undone_alone(bare: Bare) -> None:
    async def partly(work: Work) -> list[str]:
        async def add(kind: str) -> None:
            await work.session.execute(sa.insert(job).values(id=work.ids.new(4), kind=kind))

        async def fail() -> None:
            async with work.session.savepoint():
                await add("inside")
                async with work.session.savepoint():
                    await add("further inside")
                await work.session.execute(sa.insert(job).values(id=work.ids.new(4)))

        await add("before")
        with pytest.raises(asyncpg.NotNullViolationError):
            await fail()
        async with work.session.savepoint():
            await add("after")
        return [row["kind"] for row in await work.session.rows(sa.select(job.c.kind).order_by(job.c.id))]

    assert await bare.write(partly) == ["before", "after"]


@pytest.mark.integration
async def test_whoever_goes_back_to_a_savepoint_holds_nothing_for_sure(bare: Bare) -> None:
    async def hold(work: Work) -> tuple[set[UUID], set[UUID]]:
        async def fail() -> None:
            async with work.session.savepoint():
                await work.session.run(BoundSql("SELECT 1 / 0"))

        one = work.ids.new(4)
        work.session.held.add(one)
        async with work.session.savepoint():
            before = set(work.session.held)
        with pytest.raises(asyncpg.DivisionByZeroError):
            await fail()
        return before - {one}, work.session.held

    assert await bare.write(hold) == (set(), set())


@pytest.mark.integration
async def test_who_cancels_inside_a_savepoint_is_told_so(bare: Bare, administrator: Connection) -> None:
    async def add(work: Work) -> None:
        async with work.session.savepoint():
            await work.session.execute(sa.insert(job).values(id=work.ids.new(4), kind="inside"))

    async def is_held() -> bool:
        held = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = $1::text::regclass"
        return bool(await administrator.fetchval(held, table))

    table = f"{bare.placement.schema}.job"
    async with transaction(administrator):
        await administrator.control(fill("LOCK TABLE @schema@.job", {"schema": bare.placement.schema}))
        writing = asyncio.create_task(bare.write(add))
        assert await eventually(is_held, bool)
        writing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await writing


@pytest.mark.integration
async def test_json_comes_out_as_values(bare: Bare) -> None:
    async def document(work: ReadWork) -> object:
        (row,) = await work.session.fetch(BoundSql("SELECT $1::jsonb AS document", ('{"a": [1, null, "客"]}',)))
        return row["document"]

    assert await bare.read(document) == {"a": [1, None, "客"]}


@pytest.mark.integration
async def test_transaction_that_fails_is_rolled_back(administrator: Connection) -> None:
    async def fail() -> None:
        async with transaction(administrator):
            await administrator.control("CREATE TABLE public.left_over (a int)")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()

    assert await administrator.fetchval("SELECT to_regclass('public.left_over')") is None
    assert administrator.is_in_transaction() is False
