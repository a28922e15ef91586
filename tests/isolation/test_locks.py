"""[G1] Each lock alone: without its role, its qualification or the REVOKEs, an attempt gets through, and the suite says so.

The attempts are those of the battery; here one lock at a time is taken out, which turns the answer from a refusal into
the other tenant's secret.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import asyncpg
import pytest

from tenants.hardening import harden, weaknesses
from tenants.session import transaction
from tests.isolation.attacker import OPENING, SECRET, values
from tests.isolation.test_attack_battery import BLOCKED, READ_VICTIM

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tenants.connection import Connection
    from tests.isolation.attacker import Attacker

pytestmark = pytest.mark.integration


async def test_without_its_role_the_login_may_read_nothing(attacker: Attacker) -> None:
    """[I-6] Not even its own: a transaction that forgot the role answers nothing."""
    async with attacker.inside(role=None) as connection:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.fetch(attacker.text("SELECT word FROM {own}.x_secret"))


async def test_name_without_a_schema_is_unknown(attacker: Attacker) -> None:
    """[I-5]"""
    with pytest.raises(asyncpg.UndefinedTableError):
        await attacker.ask("SELECT word FROM x_secret")


async def test_taking_out_the_role_lets_the_victim_be_read(attacker: Attacker, administrator: Connection) -> None:
    """The lock of privilege: a login that has rights without a role reads across."""
    async with transaction(administrator, OPENING.message(role=None)):
        found = await values(administrator, attacker.text(READ_VICTIM))

    assert found == [SECRET]


async def test_taking_out_the_qualification_lets_a_name_mean_another_table(
    attacker: Attacker, administrator: Connection
) -> None:
    """The lock of name: with a search path, the text of one tenant reads another's table under the wrong role."""
    wrong_path = OPENING.message(attacker.victim.role).replace("= pg_catalog", f"= {attacker.victim.schema}")
    async with transaction(administrator, wrong_path):
        found = await values(administrator, "SELECT word FROM x_secret")

    assert found == [SECRET]


@pytest.mark.parametrize(
    ("attempt", "functions"),
    [
        ("role and ts_stat", ("set_config(text, text, boolean)", "ts_stat(text)")),
        ("role and ts_rewrite", ("set_config(text, text, boolean)", "ts_rewrite(tsquery, text)")),
        ("poisoned next statement", ("set_config(text, text, boolean)",)),
    ],
)
async def test_taking_out_the_revokes_lets_one_select_escape(
    attacker: Attacker, administrator: Connection, attempt: str, functions: tuple[str, ...]
) -> None:
    """The lock of functions: the same attempts that the battery sees refused, and the start-up check tells of it."""
    logins = await attacker.installation.catalog.login_roles(attacker.own.cell)
    async with opened(administrator, functions, attacker.own.cell):
        found = await attacker.ask(*BLOCKED[attempt][0])
        told = await weaknesses(administrator, logins)

    assert [value for value in found if SECRET in value] != []
    assert told == [f"PUBLIC may execute {name.replace(', ', ',')}" for name in sorted(functions)]
    assert await weaknesses(administrator, logins) == []


@asynccontextmanager
async def opened(administrator: Connection, functions: tuple[str, ...], cell: str) -> AsyncIterator[None]:
    """Functions given back to everybody for a while, as PostgreSQL has them; then the template is applied again."""
    for function in functions:
        await administrator.control(f"GRANT EXECUTE ON FUNCTION pg_catalog.{function} TO PUBLIC")
    try:
        yield
    finally:
        async with transaction(administrator):
            await harden(administrator, cell)
