"""What a write leaves behind beside the record: history, audit entry, change row, touched mark and event.

They are rows of one JSON parameter, inserted by the very statement that writes the records: no write is without its
trace, and nothing is left for a record that was not written.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from services import audit, events
from services.events import Kind
from services.records.stored import remembered
from services.records.targets import input_name
from tenants.sql import EMPTY, SCHEMA, Fragment, sql, value

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from services.records.targets import Target

Changes = Mapping[str, tuple[object, object]]


@dataclass(frozen=True, slots=True)
class Deed:
    """What happened to one record: its version afterwards, and [old, new] of each field that moved, by name."""

    id: UUID
    version: int
    changes: Changes = field(default_factory=dict)
    # Kept in history only, for whoever has to undo the deed.
    notes: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Further:
    """What a statement leaves behind of a record that it wrote beside: rows of the feed and of events, each after the others."""

    changes: Fragment = EMPTY
    events: Fragment = EMPTY


NOTHING_FURTHER = Further()

_ENTRY = sql("{audit}, history_id uuid, change_id uuid, changes jsonb", audit=audit.ROW)

_MEMORY = sql(
    "history AS (INSERT INTO {schema}.record_history"
    " (id, object_number, record_id, version, verb, principal_id, changes, created_at)"
    " SELECT entry.history_id, {number}, entry.record_id, entry.record_version, {kind}, entry.principal_id,"
    " entry.changes, {now} FROM trace AS entry JOIN written ON written.id = entry.record_id),"
    " audit AS ({audit})",
    schema=SCHEMA,
    number=value("number", "smallint"),
    kind=value("kind", "text"),
    now=value("now", "timestamptz"),
    audit=audit.insertion(sql("trace AS entry JOIN written ON written.id = entry.record_id")),
)
_ROWS = sql(
    "trace AS (SELECT * FROM json_to_recordset({rows}) AS entry ({row}))", rows=value("trace", "json"), row=_ENTRY
)


def left_behind(kind: Kind, further: Further = NOTHING_FURTHER) -> Fragment:
    """The common table expressions that follow one named `written`, which yields the ids of written records."""
    if kind is Kind.DERIVED:
        # Values kept by the platform itself are not somebody's deed: followers of the feed learn of them, history does not.
        return sql("{rows}, {feed}", rows=_ROWS, feed=_feed(further))
    return sql("{rows}, {feed}, {memory}", rows=_ROWS, feed=_feed(further), memory=_MEMORY)


def _feed(further: Further) -> Fragment:
    return sql(
        "change AS (INSERT INTO {schema}.change (id, object_number, record_id, version, kind, created_at)"
        " SELECT entry.change_id, {number}, entry.record_id, entry.record_version, {kind}, {now}"
        " FROM trace AS entry JOIN written ON written.id = entry.record_id{changes}),"
        " touched AS (INSERT INTO kezhi.touched (id) SELECT {touched_id} WHERE EXISTS (SELECT 1 FROM written)),"
        " event AS (INSERT INTO kezhi.outbox (id, message, queue, payload)"
        " SELECT {event_id}, {event}, {queue}, {payload} || jsonb_build_object('ids',"
        " (SELECT jsonb_agg(written.id ORDER BY written.id) FROM written)) WHERE EXISTS (SELECT 1 FROM written){events})",
        changes=further.changes,
        events=further.events,
        schema=SCHEMA,
        number=value("number", "smallint"),
        kind=value("kind", "text"),
        now=value("now", "timestamptz"),
        touched_id=value("touched_id", "uuid"),
        event_id=value("event_id", "uuid"),
        event=value("event", "text"),
        queue=value("queue", "text"),
        payload=value("payload", "jsonb"),
    )


def values_of(target: Target, kind: Kind, deeds: Sequence[Deed]) -> dict[Hashable, object]:
    """The values that `left_behind` asks for."""
    work = target.work
    moved = sorted({input_name(target.fields[each]) for each in {name for deed in deeds for name in deed.changes}})
    # Which of the records were really written the statement knows.
    event = events.EVENTS[kind](target.name, (), tuple(moved))
    return {
        "trace": json.dumps(_entries(target, kind, deeds), ensure_ascii=False),
        "number": target.number,
        "kind": kind.value,
        "now": work.now,
        "touched_id": work.ids.new(0),
        "event_id": work.ids.new(0),
        "event": event.name,
        "queue": events.queue_of(event),
        "payload": event.payload(),
    }


def _entries(target: Target, kind: Kind, deeds: Sequence[Deed]) -> list[dict[str, object]]:
    change_ids = target.work.ids.many(0, len(deeds))
    if kind is Kind.DERIVED:
        return [
            {"change_id": str(change_id), "record_id": str(deed.id), "record_version": deed.version}
            for change_id, deed in zip(change_ids, deeds, strict=True)
        ]
    changes = [
        {
            name: (remembered(old), remembered(new))
            for name, (old, new) in deed.changes.items()
            # What follows from other values is nobody's deed.
            if target.fields[name].type.derivation is None
        }
        for deed in deeds
    ]
    numbers = {name: str(target.field_number(name)) for name in {name for each in changes for name in each}}
    action = f"{target.name}.{kind.value}"
    entries = [
        audit.Entry(action, target.name, deed.id, deed.version, _details(target, each))
        for deed, each in zip(deeds, changes, strict=True)
    ]
    rows = audit.rows(target.work, entries)
    history_ids = target.work.ids.many(0, len(deeds))
    for row, deed, each, history_id, change_id in zip(rows, deeds, changes, history_ids, change_ids, strict=True):
        row["history_id"], row["change_id"] = str(history_id), str(change_id)
        row["changes"] = {**{numbers[name]: change for name, change in each.items()}, **deed.notes}
    return rows


def _details(target: Target, changes: Mapping[str, tuple[object, object]]) -> dict[str, object]:
    """What an audit entry says of the values. Entries are kept for ever, so what is marked stands there masked."""
    if not changes:
        return {}
    marked = sorted(name for name in changes if target.object.audit_reads or target.fields[name].audit_reads)
    if not marked:
        return {"changes": changes}
    masked = {name: [None if each is None else "***" for each in changes[name]] for name in marked}
    return {"changes": {**changes, **masked}, "masked": marked}
