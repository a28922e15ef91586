"""[G1] Twenty-six attempts to leave one's tenant, as the login that runs its statements: the server stops 24.

The other two are known: the listing of `pg_namespace` cannot be closed, so it shows opaque names only; and several
statements in one message would get through, so no statement of a tenant is ever sent that way.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import asyncpg
import pytest

from tests.isolation.attacker import SECRET, values

if TYPE_CHECKING:
    from tests.isolation.attacker import Attacker

pytestmark = pytest.mark.integration

READ_VICTIM = "SELECT word FROM {victim}.x_secret"
TS_STAT = """
WITH r AS MATERIALIZED (SELECT set_config('role', '{victim}', true))
SELECT s.word FROM r, LATERAL ts_stat('SELECT to_tsvector(''simple'', word) FROM {victim}.x_secret') AS s
"""
TS_REWRITE = """
WITH r AS MATERIALIZED (SELECT set_config('role', '{victim}', true))
SELECT ts_rewrite('a'::tsquery, 'SELECT ''a''::tsquery, word::tsquery FROM {victim}.x_secret') FROM r
"""

# name → statements sent one after another in one transaction, each by the extended protocol, and the server's refusal.
BLOCKED: dict[str, tuple[tuple[str, ...], type[asyncpg.PostgresError]]] = {
    "cross-schema select": ((READ_VICTIM,), asyncpg.InsufficientPrivilegeError),
    "union injection": (
        ("SELECT word FROM {own}.x_secret UNION ALL SELECT word FROM {victim}.x_secret",),
        asyncpg.InsufficientPrivilegeError,
    ),
    "stacked statements": (("SELECT 1; RESET ROLE; " + READ_VICTIM,), asyncpg.PostgresSyntaxError),
    "role and subselect": (
        ("SELECT set_config('role', '{victim}', true), (SELECT word FROM {victim}.x_secret)",),
        asyncpg.InsufficientPrivilegeError,
    ),
    "role and query_to_xml": (
        ("SELECT set_config('role', '{victim}', true), query_to_xml('" + READ_VICTIM + "', true, false, '')",),
        asyncpg.InsufficientPrivilegeError,
    ),
    "role and ts_stat": ((TS_STAT,), asyncpg.InsufficientPrivilegeError),
    "role and ts_rewrite": ((TS_REWRITE,), asyncpg.InsufficientPrivilegeError),
    "poisoned next statement": (
        ("SELECT set_config('role', '{victim}', true)", READ_VICTIM),
        asyncpg.InsufficientPrivilegeError,
    ),
    "role beyond the transaction": (
        ("SELECT set_config('role', '{victim}', false)",),
        asyncpg.InsufficientPrivilegeError,
    ),
    "do block": (("DO $$ BEGIN RESET ROLE; END $$",), asyncpg.InsufficientPrivilegeError),
    "temporary table": (("CREATE TEMP TABLE x_secret (word text)",), asyncpg.InsufficientPrivilegeError),
    "sleep": (("SELECT pg_sleep(1)",), asyncpg.InsufficientPrivilegeError),
    "no statement timeout": (
        ("SELECT set_config('statement_timeout', '0', true)",),
        asyncpg.InsufficientPrivilegeError,
    ),
    "advisory lock": (("SELECT pg_advisory_xact_lock(1)",), asyncpg.InsufficientPrivilegeError),
    "notify": (("SELECT pg_notify('kezhi', 'x')",), asyncpg.InsufficientPrivilegeError),
    "large object": (("SELECT lo_create(0)",), asyncpg.InsufficientPrivilegeError),
    "read a file": (("SELECT pg_read_file('PG_VERSION')",), asyncpg.InsufficientPrivilegeError),
    "copy from a program": (("COPY {own}.x_secret FROM PROGRAM 'id'",), asyncpg.InsufficientPrivilegeError),
    "table in public": (("CREATE TABLE public.x (a int)",), asyncpg.InsufficientPrivilegeError),
    "table in own schema": (("CREATE TABLE {own}.x (a int)",), asyncpg.InsufficientPrivilegeError),
    "passwords": (("SELECT rolpassword FROM pg_authid",), asyncpg.InsufficientPrivilegeError),
    "column statistics": (("SELECT most_common_vals::text FROM pg_stats",), asyncpg.InsufficientPrivilegeError),
    "others' statements": (("SELECT query FROM pg_stat_activity",), asyncpg.InsufficientPrivilegeError),
    "end another session": (("SELECT pg_terminate_backend(1)",), asyncpg.InsufficientPrivilegeError),
}


@pytest.mark.parametrize("name", BLOCKED)
async def test_server_blocks(attacker: Attacker, name: str) -> None:
    statements, refusal = BLOCKED[name]

    with pytest.raises(refusal):
        await attacker.ask(*statements)


def test_the_battery_has_26_attempts_of_which_24_are_blocked() -> None:
    assert len(BLOCKED) == 24


async def test_listing_shows_opaque_names_only(attacker: Attacker) -> None:
    """[I-22] Attempt 25: the listing cannot be closed."""
    names = await attacker.ask("SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_'")

    tenants = [name for name in names if name not in {"information_schema", "public", "kezhi", "extensions"}]
    assert attacker.victim.schema in tenants
    assert [name for name in tenants if not re.fullmatch("t_[a-z2-7]{12}", name)] == []


async def test_only_the_simple_protocol_would_let_statements_be_stacked(attacker: Attacker) -> None:
    """[I-11] Attempt 26 works for whoever reaches `control`; tests/architecture keeps tenants' text away from it."""
    async with attacker.inside() as connection:
        await connection.control(attacker.text("SELECT 1; SET LOCAL ROLE {victim}"))
        found = await values(connection, attacker.text(READ_VICTIM))

    assert found == [SECRET]


# Beyond the battery: other ways to the same functions, and the tables that all tenants share.
FURTHER = {
    "settings as a table": "UPDATE pg_settings SET setting = '{victim}' WHERE name = 'role'",
    "whole schema as xml": "SELECT schema_to_xml('{victim}', true, false, '')",
    "table as xml": "SELECT table_to_xml('{victim}.x_secret', true, false, '')",
    "another's role": "GRANT {victim} TO {own}",
    "its own owner": "ALTER TABLE {own}.x_secret ADD COLUMN a int",
    "drop its own table": "DROP TABLE {own}.x_secret",
    "its own versions": "UPDATE {own}.state SET access_version = 1",
    "its own roles": "INSERT INTO {own}.role_member SELECT * FROM {own}.role_member",
    "its audit entries": "UPDATE {own}.audit_entry SET action = ''",
    "its history": "DELETE FROM {own}.record_history",
    "messages of all": "SELECT payload FROM kezhi.outbox",
    "timers of all": "SELECT payload FROM kezhi.timers",
    "requests of all": "DELETE FROM kezhi.timer_request",
    "message in another's name": (
        "INSERT INTO kezhi.outbox (id, message, payload, tenant) VALUES (gen_random_uuid(), 'x', '{{}}', '{victim}')"
    ),
    "message and its row back": (
        "INSERT INTO kezhi.outbox (id, message, payload) VALUES (gen_random_uuid(), 'x', '{{}}') RETURNING tenant"
    ),
    "message state": (
        "INSERT INTO kezhi.outbox (id, message, payload, state) VALUES (gen_random_uuid(), 'x', '{{}}', 'done')"
    ),
    "message by arbiter": (
        "INSERT INTO kezhi.outbox (id, message, payload) VALUES (gen_random_uuid(), 'x', '{{}}')"
        " ON CONFLICT (id) DO UPDATE SET payload = '{{}}'"
    ),
    "lease": "UPDATE kezhi.lease SET token = 9",
}


@pytest.mark.parametrize("name", FURTHER)
async def test_server_blocks_also(attacker: Attacker, name: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await attacker.ask(FURTHER[name])


async def test_message_of_its_own_is_taken_and_carries_its_name(
    attacker: Attacker, administrator: asyncpg.Connection[asyncpg.Record]
) -> None:
    await attacker.ask("INSERT INTO kezhi.outbox (id, message, payload) VALUES (gen_random_uuid(), 'mine', '{{}}')")

    rows = await administrator.fetch("DELETE FROM kezhi.outbox WHERE message = 'mine' RETURNING tenant::text")
    assert [row["tenant"] for row in rows] == [attacker.own.role]
