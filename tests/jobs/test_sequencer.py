"""Numbers for what was committed, handed out by one process at a time [B6 D4]."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from jobs import marks as marking
from jobs.sequencer import LeaseLost, Sequencer
from schema.tables.audit import audit_entry
from schema.tables.records import change
from services import audit, capabilities, records, sequencing
from services.audit import Entry
from tenants.administration import administrator, connected
from tenants.cells import touched
from tests.builders.records import create_one

if TYPE_CHECKING:
    from tenants.context import ReadWork, Work
    from tests.builders.background import Cell
    from tests.builders.tenants import Tenant

assert capabilities.CAPABILITIES


def sequencer_of(cell: Cell) -> Sequencer:
    return Sequencer(cell.cells, cell.installation.catalog, cell.name, uuid4())


async def settle(sequencer: Sequencer) -> None:
    """Until it leads and has looked at every tenant."""
    while await sequencer.sequence() or sequencer.is_behind:
        pass


async def unsequenced(tenant: Tenant) -> tuple[int, int]:
    async def count(work: ReadWork) -> tuple[int, int]:
        changes = await work.session.scalar(
            sa.select(sa.func.count()).select_from(change).where(change.c.seq.is_(None))
        )
        entries = await work.session.scalar(
            sa.select(sa.func.count()).select_from(audit_entry).where(audit_entry.c.seq.is_(None))
        )
        return changes, entries

    return await tenant.read(count)


async def feed(tenant: Tenant) -> list[tuple[int, UUID, int]]:
    async def look(work: ReadWork) -> list[tuple[int, UUID, int]]:
        query = sa.select(change.c.seq, change.c.record_id, change.c.version).order_by(change.c.seq)
        return [(row["seq"], row["record_id"], row["version"]) for row in await work.session.rows(query)]

    return await tenant.read(look)


async def rename(tenant: Tenant, customer_id: UUID, name: str) -> None:
    await tenant.write(lambda work: records.update(work, "customer", [customer_id], {"name": name}), person="sales")


async def marks(cell: Cell) -> int:
    rows = await cell.cells.rows(cell.name, "sequencer", sa.select(touched.c.id))
    return len(rows)


async def test_changes_are_numbered_without_gaps_in_the_order_of_versions(cell: Cell, tenant: Tenant) -> None:
    first = await create_one(tenant, "customer", person="sales", name="远景")
    second = await create_one(tenant, "customer", person="sales", name="长河")
    await rename(tenant, first, "远景科技")
    sequencer = sequencer_of(cell)

    await sequencer.sequence()
    await rename(tenant, second, "长河信息")
    await sequencer.sequence()

    assert await feed(tenant) == [(1, first, 1), (2, second, 1), (3, first, 2), (4, second, 2)]
    assert await unsequenced(tenant) == (0, 0)
    assert await marks(cell) == 0


async def test_the_audit_chain_holds_from_the_first_entry(cell: Cell, tenant: Tenant) -> None:
    sequencer = sequencer_of(cell)
    await sequencer.sequence()
    customer_id = await create_one(tenant, "customer", person="sales", name="远景")
    await rename(tenant, customer_id, "远景科技")
    await sequencer.sequence()

    found = await tenant.read(lambda work: audit.verify(work, audit.Examined()))

    assert (found.holds, found.waiting) == (True, 0)
    assert found.entries == sequencer.take_moved()[tenant.placement].seq


async def test_an_entry_without_a_record_is_found_by_its_own_mark(cell: Cell, tenant: Tenant) -> None:
    sequencer = sequencer_of(cell)
    await settle(sequencer)

    async def export(work: Work) -> None:
        await audit.append(work, [Entry("customer.exported")])

    await tenant.write(export, person="sales")
    numbered = await sequencer.sequence()

    assert numbered == 1
    assert await unsequenced(tenant) == (0, 0)


async def test_definition_work_of_the_owner_role_is_sequenced_too(cell: Cell, tenant: Tenant) -> None:
    sequencer = sequencer_of(cell)
    await settle(sequencer)

    async def define(work: Work) -> None:
        await audit.append(work, [Entry("object.created")])

    await tenant.define(define, person="admin")

    assert await sequencer.sequence() == 1


async def test_tenants_take_turns_however_much_one_of_them_wrote(
    cell: Cell, tenant: Tenant, other_tenant: Tenant
) -> None:
    sequencer = sequencer_of(cell)
    await settle(sequencer)

    async def much(work: Work) -> None:
        await audit.append(work, [Entry("customer.exported")] * (sequencing.AT_ONCE + 1))

    await tenant.write(much, person="sales")
    await create_one(other_tenant, "customer", person="sales", name="远景")

    numbered = await sequencer.sequence()

    assert numbered == sequencing.AT_ONCE + 2
    assert (await unsequenced(tenant), await unsequenced(other_tenant)) == ((0, 1), (0, 0))
    assert (sequencer.is_behind, await marks(cell)) == (True, 1)
    await settle(sequencer)
    assert (await unsequenced(tenant), await marks(cell)) == ((0, 0), 0)


async def test_a_tenant_that_cannot_be_numbered_stops_no_other_and_is_told_once(
    cell: Cell, tenant: Tenant, other_tenant: Tenant, capsys: pytest.CaptureFixture[str]
) -> None:
    sequencer = sequencer_of(cell)
    await settle(sequencer)
    for each in (tenant, other_tenant):
        await create_one(each, "customer", person="sales", name="远景")
    await as_administrator(tenant, "ALTER TABLE audit_entry RENAME TO audit_entry_gone")

    numbered = [await sequencer.sequence() for _ in range(3)]

    assert (numbered, await unsequenced(other_tenant)) == ([2, 0, 0], (0, 0))
    assert (sequencer.is_behind, await marks(cell)) == (False, 1)
    told = [line for line in capsys.readouterr().out.splitlines() if "sequencer.tenant_failed" in line]
    assert [(tenant.placement.schema in line, "UndefinedTableError" in line) for line in told] == [(True, True)]
    await as_administrator(tenant, "ALTER TABLE audit_entry_gone RENAME TO audit_entry")
    await settle(sequencer)
    assert (await unsequenced(tenant), await marks(cell)) == ((0, 0), 0)


async def test_marks_of_a_tenant_that_cannot_be_numbered_hide_no_others(
    cell: Cell, tenant: Tenant, other_tenant: Tenant
) -> None:
    schema = tenant.placement.schema
    await cell.cells.execute(cell.name, "sequencer", sa.delete(touched))
    await tenant.write(lambda work: audit.append(work, [Entry("customer.exported")]))
    await tenant.define(lambda work: audit.append(work, [Entry("object.created")]))
    await create_one(other_tenant, "customer", person="sales", name="远景")

    rows = await cell.cells.rows(cell.name, "sequencer", marking.oldest(skipping=[tenant.placement]))

    assert schema not in {row["tenant"] for row in rows}
    assert [row["tenant"] for row in rows] == [other_tenant.placement.schema]


async def as_administrator(tenant: Tenant, statement: str) -> None:
    """What nobody of ours does to a tenant's tables."""
    database = tenant.installation.settings.database
    async with connected(administrator(database, tenant.placement.cell)) as connection:
        await connection.control(f"SET search_path = {tenant.placement.schema}")
        await connection.control(statement)


async def test_nothing_new_is_nothing_to_do(cell: Cell, tenant: Tenant) -> None:
    sequencer = sequencer_of(cell)
    await settle(sequencer)
    sequencer.take_moved()

    assert await sequencer.sequence() == 0
    assert sequencer.take_moved() == {}
    assert (await unsequenced(tenant)) == (0, 0)


async def test_a_new_leader_looks_at_every_tenant_though_not_before_what_is_new(
    cell: Cell, tenant: Tenant, other_tenant: Tenant
) -> None:
    await settle(sequencer_of(cell))
    await cell.let_leases_end()
    leader = sequencer_of(cell)
    leader.unseen_at_once = 0
    await create_one(tenant, "customer", person="sales", name="远景")

    await leader.sequence()

    assert await unsequenced(tenant) == (0, 0)
    assert (list(leader.take_moved()), leader.is_behind) == ([tenant.placement], True)
    leader.unseen_at_once = 1
    await settle(leader)
    moved = leader.take_moved()
    assert (other_tenant.placement in moved, tenant.placement in moved, leader.is_behind) == (True, False, False)


async def test_heads_that_could_not_be_signed_are_given_back_unless_they_moved_on(cell: Cell, tenant: Tenant) -> None:
    leader = sequencer_of(cell)
    await settle(leader)
    await create_one(tenant, "customer", person="sales", name="远景")
    await leader.sequence()
    first = leader.take_moved()

    leader.give_back(first)
    again = leader.take_moved()
    leader.give_back(again)
    await create_one(tenant, "customer", person="sales", name="长河")
    await leader.sequence()
    leader.give_back(first)

    assert again == first
    assert leader.take_moved()[tenant.placement].seq > first[tenant.placement].seq


async def test_one_process_leads_and_another_takes_over(cell: Cell, tenant: Tenant) -> None:
    leader, other = sequencer_of(cell), sequencer_of(cell)
    await leader.sequence()
    await create_one(tenant, "customer", person="sales", name="远景")

    assert await other.sequence() == 0
    await leader.resign()
    assert await other.sequence() > 0
    assert tenant.placement in other.take_moved()


async def test_a_leader_that_slept_is_fenced_off(cell: Cell, tenant: Tenant) -> None:
    sleeper, other = sequencer_of(cell), sequencer_of(cell)
    await sleeper.sequence()
    await cell.let_leases_end()
    await other.sequence()
    await create_one(tenant, "customer", person="sales", name="远景")

    with pytest.raises(LeaseLost):
        await sleeper._batch(tenant.placement)

    assert (await unsequenced(tenant))[0] == 1
    assert await sleeper.sequence() == 0


async def test_two_processes_at_once_give_every_number_once(cell: Cell, tenant: Tenant) -> None:
    candidates = [sequencer_of(cell) for _ in range(3)]
    for number in range(6):
        await create_one(tenant, "customer", person="sales", name=f"客户 {number}")
        await asyncio.gather(*(each.sequence() for each in candidates))

    assert [seq for seq, _, _ in await feed(tenant)] == [1, 2, 3, 4, 5, 6]


async def test_writers_of_a_tenant_wait_neither_for_each_other_nor_for_the_sequencer(
    cell: Cell, tenant: Tenant
) -> None:
    sequencer = sequencer_of(cell)
    await settle(sequencer)
    wrote, others_are_done = asyncio.Event(), asyncio.Event()

    async def slowly(work: Work) -> None:
        await records.create(work, "customer", [{"name": "长河"}])
        wrote.set()
        await others_are_done.wait()

    async def meanwhile() -> tuple[int, tuple[int, int]]:
        await wrote.wait()
        # The first writer holds its locks; were one of them the tenant's, these would wait until they fail.
        await create_one(tenant, "customer", person="sales", name="远景")
        numbered = await sequencer.sequence()
        left = await unsequenced(tenant)
        others_are_done.set()
        return numbered, left

    _, (numbered, left) = await asyncio.gather(tenant.write(slowly, person="stranger"), meanwhile())

    assert (numbered, left) == (2, (0, 0))
    assert await unsequenced(tenant) == (1, 1)
    assert await sequencer.sequence() == 2
    assert (await tenant.read(lambda work: audit.verify(work, audit.Examined()))).holds
