"""[G1] The check at start-up refuses a cell that no longer keeps its tenants apart, and says what stands open."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tenants.checked_cells import CheckedCells, Unhardened
from tenants.hardening import weaknesses
from tenants.installation import Installation

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tenants.connection import Connection
    from tests.isolation.attacker import Attacker

pytestmark = pytest.mark.integration

# What was done to a cell, how it is undone, and the sentence that the check answers.
WEAKENED = {
    "a function of anybody's": (
        "CREATE FUNCTION public.run() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "DROP FUNCTION public.run()",
        ["PUBLIC may execute the foreign function public.run()"],
    ),
    "temporary tables": (
        "GRANT TEMPORARY ON DATABASE kezhi_cell_1 TO PUBLIC",
        "REVOKE TEMPORARY ON DATABASE kezhi_cell_1 FROM PUBLIC",
        ["PUBLIC has TEMPORARY on the database"],
    ),
    "procedural language": (
        "GRANT USAGE ON LANGUAGE plpgsql TO PUBLIC",
        "REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC",
        ["PUBLIC has USAGE of plpgsql"],
    ),
    "statistics": (
        "GRANT SELECT ON pg_catalog.pg_stats TO PUBLIC",
        "REVOKE SELECT ON pg_catalog.pg_stats FROM PUBLIC",
        ["PUBLIC may read pg_stats"],
    ),
    "settings as a table": (
        "GRANT UPDATE ON pg_catalog.pg_settings TO PUBLIC",
        "REVOKE UPDATE ON pg_catalog.pg_settings FROM PUBLIC",
        ["PUBLIC has UPDATE of pg_settings"],
    ),
    "a login that bypasses policies": (
        "ALTER ROLE kezhi_cell_1_runtime_01 BYPASSRLS",
        "ALTER ROLE kezhi_cell_1_runtime_01 NOBYPASSRLS",
        ["a login has more than it needs: kezhi_cell_1_runtime_01"],
    ),
    "a login that inherits": (
        "ALTER ROLE kezhi_cell_1_runtime_01 INHERIT",
        "ALTER ROLE kezhi_cell_1_runtime_01 NOINHERIT",
        ["a login has more than it needs: kezhi_cell_1_runtime_01"],
    ),
}


@pytest.mark.parametrize("name", WEAKENED)
async def test_check_tells_what_stands_open(attacker: Attacker, administrator: Connection, name: str) -> None:
    """[I-23] for functions."""
    weaken, restore, sentences = WEAKENED[name]
    logins = await attacker.installation.catalog.login_roles(attacker.own.cell)

    async with weakened(administrator, weaken, restore):
        told = await weaknesses(administrator, logins)

    assert told == sentences
    assert await weaknesses(administrator, logins) == []


async def test_extension_that_is_not_ours_is_told(attacker: Attacker, administrator: Connection) -> None:
    """[I-24] `tablefunc` runs text as SQL."""
    logins = await attacker.installation.catalog.login_roles(attacker.own.cell)

    async with weakened(administrator, "CREATE EXTENSION tablefunc SCHEMA public", "DROP EXTENSION tablefunc"):
        told = await weaknesses(administrator, logins)

    assert "an extension that is not ours is installed: tablefunc" in told
    assert "PUBLIC may execute the foreign function public.crosstab(text)" in told


async def test_installation_does_not_open_over_a_weakened_cell(attacker: Attacker, administrator: Connection) -> None:
    weaken, restore, sentences = WEAKENED["statistics"]

    async with weakened(administrator, weaken, restore):
        with pytest.raises(Unhardened) as refused:
            async with Installation.open(attacker.installation.settings):
                pass

    assert str(refused.value) == f"kezhi_cell_1: {sentences[0]}. Set KEZHI_ALLOW_UNHARDENED=1 to run nevertheless."


async def test_operator_may_allow_a_weakened_cell(attacker: Attacker, administrator: Connection) -> None:
    weaken, restore, _ = WEAKENED["statistics"]
    settings = attacker.installation.settings
    lenient = replace(settings, database=replace(settings.database, allow_unhardened=True))

    async with weakened(administrator, weaken, restore):
        async with Installation.open(lenient):
            pass
        found = await CheckedCells(attacker.installation.catalog, allow_unhardened=True).check("kezhi_cell_1")

    assert found == ["PUBLIC may read pg_stats"]


async def test_cell_that_was_away_at_the_start_is_checked_before_it_is_used(
    attacker: Attacker, administrator: Connection
) -> None:
    weaken, restore, sentences = WEAKENED["statistics"]
    catalog = attacker.installation.catalog
    checked = CheckedCells(catalog, allow_unhardened=False)

    async with weakened(administrator, weaken, restore):
        for _ in range(2):
            with pytest.raises(Unhardened, match=sentences[0]):
                await checked.address("kezhi_cell_1", "runtime_01")

    assert await checked.address("kezhi_cell_1", "runtime_01") == await catalog.login_address(
        "kezhi_cell_1", "runtime_01"
    )


@asynccontextmanager
async def weakened(administrator: Connection, weaken: str, restore: str) -> AsyncIterator[None]:
    await administrator.control(weaken)
    try:
        yield
    finally:
        await administrator.control(restore)
