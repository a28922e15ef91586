"""Sessions of a cell's own logins: they see what all tenants handed over, and their own grants in a tenant."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import asyncpg
import pytest
import sqlalchemy as sa

from schema.tables.audit import audit_entry
from schema.tables.jobs import job
from schema.tables.records import change
from tenants.cells import ticks, touched

if TYPE_CHECKING:
    from tenants.context import Work
    from tests.tenants.bare import Bare

pytestmark = pytest.mark.integration


async def test_what_a_tenant_touched_is_seen_under_its_role(bare: Bare) -> None:
    async def touch(work: Work) -> None:
        await work.session.execute(sa.insert(touched).values(id=work.ids.new(0)))

    await bare.write(touch)
    rows = await bare.installation.cells.rows(
        bare.placement.cell, "sequencer", sa.select(touched.c.tenant).where(touched.c.tenant == bare.placement.role)
    )

    assert [row["tenant"] for row in rows] == [bare.placement.role]


async def test_statements_are_committed_one_by_one(bare: Bare) -> None:
    cells, cell = bare.installation.cells, bare.placement.cell
    name = f"test {uuid4()}"

    inserted = await cells.execute(cell, "relay", sa.insert(ticks).values(job=name, at=sa.func.now()))
    row = await cells.row(cell, "relay", sa.select(ticks.c.job).where(ticks.c.job == name))

    assert (inserted, None if row is None else row["job"]) == (1, name)


async def test_failed_session_leaves_nothing(bare: Bare) -> None:
    cells, cell = bare.installation.cells, bare.placement.cell
    name = f"test {uuid4()}"

    async def fail() -> None:
        async with cells.begin(cell, "relay") as session:
            await session.execute(sa.insert(ticks).values(job=name, at=sa.func.now()))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()

    assert await cells.row(cell, "relay", sa.select(ticks.c.job).where(ticks.c.job == name)) is None


async def test_sequencer_numbers_change_rows_and_audit_entries_and_nothing_else(bare: Bare) -> None:
    cells, placement = bare.installation.cells, bare.placement
    allowed: tuple[sa.Executable, ...] = (
        sa.select(change.c.id, change.c.seq),
        sa.update(change).values(seq=None),
        sa.update(audit_entry).values(seq=None, prev_hash=None, hash=None),
    )
    refused: tuple[sa.Executable, ...] = (
        sa.update(change).values(kind="other"),
        sa.update(audit_entry).values(body=b""),
        sa.delete(audit_entry),
        sa.select(job.c.id),
    )

    for statement in allowed:
        async with cells.begin(placement.cell, "sequencer", schema=placement.schema) as session:
            assert await session.execute(statement) == 0
    for statement in refused:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with cells.begin(placement.cell, "sequencer", schema=placement.schema) as session:
                await session.execute(statement)


@pytest.mark.parametrize("login", ["relay", "exporter"])
async def test_other_logins_see_no_tenant(bare: Bare, login: str) -> None:
    placement = bare.placement

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with bare.installation.cells.begin(placement.cell, login, schema=placement.schema) as session:
            await session.rows(sa.select(job.c.id))
