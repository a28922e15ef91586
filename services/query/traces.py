"""What history and audit keep of a record's values, as the caller may see it: closed fields absent, masked ones masked.

The values of a record out of sight are left out of an audit entry; a row of history about one is out of scope itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema.metadata.types import Output
from services.permissions import Level, Mask
from services.query.arguments import TracedFields
from services.query.compilation import Compilation, column
from services.query.names import HISTORY
from services.query.scopes import is_about, record_is_seen, with_records
from services.query.text import masked_text, value_text
from tenants.sql import Fragment, constant, join, sql, value

if TYPE_CHECKING:
    from schema.metadata.fields import Field
    from services.permissions import ObjectRights

# How a field shows beside a text as its mask leaves it: as it is, or as nothing. What is not named does not show at all.
_OPEN, _EMPTY = "open", "empty"


def trace_text(c: Compilation, object_name: str, field_name: str, alias: str) -> Fragment:
    """The kept values as JSON text."""
    stored = column(alias, object_name, field_name)
    if object_name == HISTORY:
        # What a deletion unlinked stands there too, for whoever restores the record: it is no field, so it does not show.
        return value_text(Output.JSON, _opened(c, object_name, alias, stored))
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
    """The changes of fields that are there and open to the caller. Those of a retired field are hidden like the field."""
    marks = _marks(c)
    by_number = object_name == HISTORY
    mark = sql(
        "({all} -> {about}::text ->> e.key)",
        all=value(TracedFields(marks, by_number), "jsonb"),
        about=column(alias, object_name, "objectNumber" if by_number else "objectName"),
    )
    return sql(
        "(SELECT coalesce(jsonb_object_agg(e.key, CASE {mark} WHEN 'open' THEN e.value{masks} "
        "ELSE jsonb_build_array(NULL, NULL) END), jsonb_build_object()) FROM jsonb_each({changes}) e WHERE {mark} IS NOT NULL)",
        mark=mark,
        changes=changes,
        masks=join("", map(_masked, sorted({mark for _, fields in marks for _, mark in fields} - {_OPEN, _EMPTY}))),
    )


def _masked(mark: str) -> Fragment:
    """Old and new value as one kind of mask leaves them."""
    old, new = (masked_text(Output.TEXT, text, Mask(mark)) for text in (sql("(e.value ->> 0)"), sql("(e.value ->> 1)")))
    return sql(" WHEN {mark} THEN jsonb_build_array({old}::jsonb, {new}::jsonb)", mark=constant(mark), old=old, new=new)


def _marks(c: Compilation) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    found = []
    for thing in with_records(c):
        rights = c.rights.on(thing.name)
        shown = (each for each in thing.fields if rights.level(each.name) is not Level.NONE)
        found.append((thing.name, tuple((field.name, _mark(rights, field)) for field in shown)))
    return tuple(found)


def _mark(rights: ObjectRights, field: Field) -> str:
    if rights.level(field.name) >= Level.READ:
        return _OPEN
    return rights.mask(field.name).value if field.type.output is Output.TEXT else _EMPTY
