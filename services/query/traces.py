"""What history and audit keep of a record's values, as the caller may see it: closed fields absent, masked ones masked.

The values of a record out of sight are left out of an audit entry; a row of history about one is out of scope itself.
"""

from __future__ import annotations

from schema.metadata.types import Output
from services.permissions import Level
from services.query.arguments import ClosedFields
from services.query.compilation import Compilation, column
from services.query.names import HISTORY
from services.query.scopes import is_about, record_is_seen, with_records
from services.query.text import value_text
from tenants.sql import Fragment, sql, value

# How a closed field shows: not at all, as nothing, or as a text without its content.
_HIDDEN, _EMPTY, _BLURRED = "hidden", "empty", "blurred"


def trace_text(c: Compilation, object_name: str, field_name: str, alias: str) -> Fragment:
    """The kept values as JSON text."""
    stored = column(alias, object_name, field_name)
    if object_name == HISTORY:
        # What a deletion unlinked stands there for whoever restores the record, not for readers.
        return value_text(Output.JSON, _opened(c, object_name, alias, sql("({stored} - 'unlinked')", stored=stored)))
    shown = sql(
        "(SELECT CASE WHEN NOT d.x ? 'changes' OR NOT ({about}) THEN d.x "
        "WHEN {seen} THEN jsonb_set(d.x, ARRAY['changes'], {changes}) ELSE d.x - 'changes' END "
        "FROM (SELECT convert_from({stored}, 'UTF8')::jsonb -> 'details' AS x) d)",
        about=is_about(object_name, alias, with_records(c)),
        seen=record_is_seen(c, object_name, alias),
        changes=_opened(c, object_name, alias, sql("(d.x -> 'changes')")),
        stored=stored,
    )
    return value_text(Output.JSON, shown)


def _opened(c: Compilation, object_name: str, alias: str, changes: Fragment) -> Fragment:
    """The changes without what is closed to the caller."""
    marks = _marks(c)
    if not marks:
        return changes
    by_number = object_name == HISTORY
    closed = sql(
        "({all} -> {about}::text)",
        all=value(ClosedFields(marks, by_number), "jsonb"),
        about=column(alias, object_name, "objectNumber" if by_number else "objectName"),
    )
    return sql(
        "(CASE WHEN {closed} IS NULL THEN {changes} ELSE (SELECT coalesce(jsonb_object_agg(e.key, "
        "CASE {mark} WHEN 'empty' THEN jsonb_build_array(NULL, NULL) "
        "WHEN 'blurred' THEN jsonb_build_array({old}, {new}) ELSE e.value END), jsonb_build_object()) "
        "FROM jsonb_each({changes}) e WHERE {mark} IS DISTINCT FROM 'hidden') END)",
        closed=closed,
        changes=changes,
        mark=sql("({closed} ->> e.key)", closed=closed),
        old=sql("CASE WHEN e.value ->> 0 IS NOT NULL THEN '***' END"),
        new=sql("CASE WHEN e.value ->> 1 IS NOT NULL THEN '***' END"),
    )


def _marks(c: Compilation) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    found = []
    for thing in with_records(c):
        levels = ((field, c.rights.on(thing.name).level(field.name)) for field in thing.fields)
        closed = tuple((field.name, _mark(level, field.type.output)) for field, level in levels if level < Level.READ)
        if closed:
            found.append((thing.name, closed))
    return tuple(found)


def _mark(level: Level, output: Output) -> str:
    if level is Level.NONE:
        return _HIDDEN
    return _BLURRED if output is Output.TEXT else _EMPTY
