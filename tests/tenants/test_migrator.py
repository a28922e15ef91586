"""[G4] The migrator: canary first, compare-and-set, stops when too many fail, goes on where it was."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from tenants import administration, migrator
from tenants.catalog_tables import tenant
from tenants.claims import NewTenant
from tenants.history import History, Revision, history
from tenants.migrator import Failure, MigrationFailed, Run, migrate, require_success
from tenants.provisioning import Provisioner
from tenants.script_text import fill

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tenants.connection import Address, Connection
    from tenants.installation import Installation
    from tenants.placement import Placement

pytestmark = pytest.mark.integration

FIRST = history("tenant").head
NOTE = Revision(
    "0002x",
    FIRST,
    "ALTER TABLE job ADD COLUMN note text",
    "ALTER TABLE job DROP COLUMN note",
    each_record_table="ALTER TABLE @schema@.@table@ ADD COLUMN note text",
)
MARK = Revision("0003x", "0002x", "ALTER TABLE job ADD COLUMN mark text", "ALTER TABLE job DROP COLUMN mark")
NEXT = History((*history("tenant").revisions, NOTE, MARK))


async def tenants(own: Installation, number: int) -> Sequence[Placement]:
    """Tenants in the order in which the migrator takes them."""
    async with Provisioner.open(own.settings) as provisioner:
        made = [await provisioner.provision(NewTenant(f"number-{each}", "Tenant")) for each in range(number)]
    return sorted(made, key=lambda placement: placement.schema)


def in_cell(own: Installation) -> Address:
    return administration.administrator(own.settings.database, own.settings.database.first_cell)


async def version(cell: Connection, placement: Placement) -> str:
    text = fill("SELECT schema_version FROM @schema@.state", {"schema": placement.schema})
    return str(await cell.fetchval(text))


async def columns(cell: Connection, placement: Placement, table: str) -> list[str]:
    rows = await cell.fetch(
        "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND attname IN ('note', 'mark')",
        f"{placement.schema}.{table}",
    )
    return [row["attname"] for row in rows]


async def test_all_tenants_come_to_the_head_and_the_catalog_notes_it(own: Installation) -> None:
    placements = await tenants(own, 3)

    run = await migrate(own.settings, tables=NEXT)
    again = await migrate(own.settings, tables=NEXT)

    assert (run, again) == (Run(moved=3), Run(current=3))
    noted = await own.catalog.rows(sa.select(tenant.c.schema_version).distinct())
    assert [row["schema_version"] for row in noted] == ["0003x"]
    async with administration.connected(in_cell(own)) as cell:
        assert [await version(cell, placement) for placement in placements] == ["0003x"] * 3
        assert await columns(cell, placements[0], "job") == ["note", "mark"]


async def test_two_runners_take_each_step_once(own: Installation) -> None:
    """A step done twice would fail: the column is there already."""
    await tenants(own, 4)

    runs = await asyncio.gather(migrate(own.settings, tables=NEXT), migrate(own.settings, tables=NEXT))

    assert [run.failures for run in runs] == [[], []]
    assert await migrate(own.settings, tables=NEXT) == Run(current=4)


async def test_record_tables_are_changed_with_the_fixed_ones(own: Installation) -> None:
    (placement,) = await tenants(own, 1)
    names = {"schema": placement.schema, "owner": placement.owner_role}
    async with administration.connected(in_cell(own)) as cell:
        await cell.control(
            fill(
                "SET ROLE @owner@; CREATE TABLE @schema@.x_1 (id uuid PRIMARY KEY);"
                "INSERT INTO @schema@.object_definition (id, number, name, plural_name, table_name,"
                " label_zh, label_en, plural_label_zh, plural_label_en)"
                " VALUES (gen_random_uuid(), 1000, 'a_c', 'as_c', 'x_1', '', '', '', '')",
                names,
            )
        )

        await migrate(own.settings, tables=NEXT)

        assert await columns(cell, placement, "x_1") == ["note"]


async def test_failing_canary_stops_the_run_and_leaves_the_tenant_as_it_was(own: Installation) -> None:
    placements = await tenants(own, 3)
    broken = History((*history("tenant").revisions, NOTE, Revision("0003x", "0002x", "SELECT 1/0", "")))

    run = await migrate(own.settings, tables=broken, parallel=1)

    assert (run.stopped, run.moved, run.current) == (True, 0, 0)
    assert run.failures == [Failure(placements[0].schema, "DivisionByZeroError: SQLSTATE 22012")]
    async with administration.connected(in_cell(own)) as cell:
        assert [await version(cell, placement) for placement in placements] == ["0002x", FIRST, FIRST]
    with pytest.raises(MigrationFailed, match=f"^1 tenants could not be migrated; {placements[0].schema}: Division"):
        require_success(run)
    assert await migrate(own.settings, tables=NEXT) == Run(moved=3)


async def test_tenant_of_a_newer_code_is_a_failure(own: Installation) -> None:
    await tenants(own, 1)
    await migrate(own.settings, tables=NEXT)

    run = await migrate(own.settings)

    assert [failure.reason for failure in run.failures] == [
        "UnknownVersion: The database is at version 0003x, which this release does not know: a newer one was here."
    ]


async def test_table_in_use_is_tried_again(own: Installation) -> None:
    (placement,) = await tenants(own, 1)
    pauses: list[float] = []
    async with administration.connected(in_cell(own)) as user:

        async def finish_work(seconds: float) -> None:
            pauses.append(seconds)
            await user.control("COMMIT")

        await user.control(fill("BEGIN; LOCK TABLE @schema@.job IN ACCESS SHARE MODE", {"schema": placement.schema}))
        run = await migrate(own.settings, tables=NEXT, pause=finish_work)

    assert (run, len(pauses)) == (Run(moved=1), 1)


async def test_table_that_stays_in_use_is_given_up(own: Installation) -> None:
    (placement,) = await tenants(own, 1)
    pauses: list[float] = []

    async def go_on(seconds: float) -> None:
        pauses.append(seconds)

    async with administration.connected(in_cell(own)) as user:
        await user.control(fill("BEGIN; LOCK TABLE @schema@.job IN ACCESS SHARE MODE", {"schema": placement.schema}))
        run = await migrate(own.settings, tables=NEXT, pause=go_on)

    assert [failure.reason for failure in run.failures] == [
        "LockNotAvailableError: SQLSTATE 55P03, canceling statement due to lock timeout"
    ]
    assert len(pauses) == 4


@pytest.mark.parametrize(("number", "waves"), [(0, []), (1, [1]), (3, [1, 2]), (100, [1, 9, 90]), (500, [5, 45, 450])])
def test_waves_begin_with_a_canary(number: int, waves: list[int]) -> None:
    placements: list[Placement] = [object()] * number  # type: ignore[list-item]

    assert [len(wave) for wave in migrator._waves(placements)] == waves
