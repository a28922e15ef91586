"""What tenants may not even call: the REVOKE list of a cell, and the check at start-up that it still holds.

A role that can name functions which run text (`query_to_xml`, `ts_stat` …) or set settings (`set_config`) can leave its
role inside one SELECT. PostgreSQL grants these to PUBLIC; a cell takes them back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenants.script_text import fill

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tenants.connection import Connection

EXTENSIONS_SCHEMA = "extensions"
ALLOWED_EXTENSIONS = ("pg_trgm", "plpgsql")

# Set a setting, run text as SQL, wait, lock by number, talk to or end other sessions, make large objects, look into them.
_FORBIDDEN_NAMES = (
    r"^(set_config|ts_stat|pg_notify|pg_sleep.*|pg_(try_)?advisory_.*|pg_(cancel|terminate)_backend"
    r"|.*_to_xml(schema|_and_xmlschema)?|lo_.*|loread|lowrite|pg_export_snapshot|pg_logical_.*"
    r"|pg_(create|copy)_logical_.*|pg_import_system_collations|binary_upgrade_.*|pg_stat_get_activity"
    r"|pg_stat_get_backend_.*|pg_lock_status|pg_cursor|pg_prepared_statement|pg_prepared_xact)$"
)
_FORBIDDEN_SIGNATURES = ("ts_rewrite(tsquery,text)",)

# Functions of `pg_catalog` that anybody may execute and nobody should.
_OPEN_FUNCTIONS = """
SELECT p.oid::regprocedure::text AS signature FROM pg_catalog.pg_proc AS p
WHERE p.pronamespace = 'pg_catalog'::regnamespace
    AND (p.proname ~ $1 OR p.oid::regprocedure::text = ANY ($2::text[]))
    AND has_function_privilege('public', p.oid, 'EXECUTE') ORDER BY 1
"""
# Functions that did not come with the server nor with an extension that we know, and that anybody may execute.
_FOREIGN_FUNCTIONS = """
SELECT p.oid::regprocedure::text AS signature FROM pg_catalog.pg_proc AS p
WHERE p.oid >= 16384 AND has_function_privilege('public', p.oid, 'EXECUTE')
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d JOIN pg_catalog.pg_extension AS e ON e.oid = d.refobjid
        WHERE d.objid = p.oid AND d.deptype = 'e' AND e.extname = ANY ($1::text[]))
ORDER BY 1
"""
_FOREIGN_EXTENSIONS = """
SELECT extname AS name FROM pg_catalog.pg_extension WHERE extname <> ALL ($1::text[]) ORDER BY 1
"""
_VIEWS = (
    "pg_stats", "pg_stats_ext", "pg_stats_ext_exprs", "pg_stat_activity", "pg_locks", "pg_cursors",
    "pg_prepared_statements", "pg_prepared_xacts",
)  # fmt: skip
_OPEN_VIEWS = """
SELECT v.name FROM unnest($1::text[]) AS v (name)
WHERE has_table_privilege('public', ('pg_catalog.' || v.name)::regclass, 'SELECT') ORDER BY 1
"""
_OPEN_RIGHTS = """
SELECT r.name FROM (VALUES
    ('TEMPORARY on the database', has_database_privilege('public', current_database(), 'TEMPORARY')),
    ('CONNECT to the database', has_database_privilege('public', current_database(), 'CONNECT')),
    ('USAGE of plpgsql', has_language_privilege('public', 'plpgsql', 'USAGE')),
    ('USAGE of schema public', has_schema_privilege('public', 'public', 'USAGE')),
    ('UPDATE of pg_settings', has_table_privilege('public', 'pg_catalog.pg_settings', 'UPDATE'))
) AS r (name, open) WHERE r.open
"""
_STRONG_LOGINS = """
SELECT rolname AS name FROM pg_catalog.pg_roles
WHERE rolname = ANY ($1::text[])
    AND (rolsuper OR rolinherit OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication) ORDER BY 1
"""
_CHARACTERS = "SELECT datctype AS name FROM pg_catalog.pg_database WHERE datname = current_database()"

_REVOKE_RIGHTS = """
REVOKE ALL ON DATABASE @database@ FROM PUBLIC;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC;
REVOKE UPDATE ON pg_catalog.pg_settings FROM PUBLIC;
"""


async def harden(connection: Connection, database: str) -> None:
    """Take the rights back, in the administrator's transaction. What may not be revoked stays, and the check says so."""
    functions = await _names(connection, _OPEN_FUNCTIONS, _FORBIDDEN_NAMES, _FORBIDDEN_SIGNATURES)
    views = [f"pg_catalog.{view}" for view in await _names(connection, _OPEN_VIEWS, _VIEWS)]
    script = [fill(_REVOKE_RIGHTS, {"database": database})]
    script += _revokes("REVOKE EXECUTE ON FUNCTION ", functions)
    script += _revokes("REVOKE SELECT ON ", views)
    await connection.control("\n".join(script))


async def weaknesses(connection: Connection, logins: Sequence[str]) -> list[str]:
    """What stands open in this cell, one sentence each; nothing, if the template holds."""
    found = [
        *_each(
            "PUBLIC may execute", await _names(connection, _OPEN_FUNCTIONS, _FORBIDDEN_NAMES, _FORBIDDEN_SIGNATURES)
        ),
        *_each(
            "PUBLIC may execute the foreign function", await _names(connection, _FOREIGN_FUNCTIONS, ALLOWED_EXTENSIONS)
        ),
        *_each(
            "an extension that is not ours is installed:",
            await _names(connection, _FOREIGN_EXTENSIONS, ALLOWED_EXTENSIONS),
        ),
        *_each("PUBLIC may read", await _names(connection, _OPEN_VIEWS, _VIEWS)),
        *_each("PUBLIC has", await _names(connection, _OPEN_RIGHTS)),
        *_each("a login has more than it needs:", await _names(connection, _STRONG_LOGINS, logins)),
    ]
    (characters,) = await _names(connection, _CHARACTERS)
    if characters in {"C", "POSIX"}:
        found.append(f"LC_CTYPE is {characters}, so trigrams of Chinese come out empty")
    return found


async def _names(connection: Connection, query: str, *arguments: object) -> list[str]:
    return [str(row[0]) for row in await connection.fetch(query, *arguments)]


def _revokes(words: str, names: Iterable[str]) -> list[str]:
    # Signatures come from `regprocedure`, which quotes what needs quotes.
    return [f"{words}{name} FROM PUBLIC;" for name in names]


def _each(sentence: str, names: Iterable[str]) -> list[str]:
    return [f"{sentence} {name}" for name in names]
