"""Who did what: entries written in the transaction of the deed, without sequence or chain, which the sequencer adds.

The stored body is the exact byte sequence that the chain hashes, so it is built here once and never formatted again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tenants.sql import SCHEMA, Fragment, render, sql, value

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from tenants.context import Work

# The columns of one entry inside a `json_to_recordset`; `insertion` reads rows of this type.
ROW = sql(
    "id uuid, created_at timestamptz, principal_kind text, principal_id uuid, client_id text, action text,"
    " object_name text, record_id uuid, record_version integer, request_id text, address text, agent text, scope text,"
    " body text"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One deed. `details` is JSON data: before and after of a record, the role that was given, the file exported."""

    action: str
    object_name: str = ""
    record_id: UUID | None = None
    record_version: int | None = None
    details: Mapping[str, object] = field(default_factory=dict)


async def append(work: Work, entries: Sequence[Entry]) -> None:
    """Write entries; the transaction that they describe carries them."""
    if entries:
        text = json.dumps(rows(work, entries), ensure_ascii=False)
        await work.session.run(_APPEND.bound(work.session.schema, {"rows": text, "mark": work.ids.new(0)}))
        work.touched.append("audit")


def rows(work: Work, entries: Sequence[Entry]) -> list[dict[str, object]]:
    """Entries as JSON rows of the type `ROW`."""
    circumstances: dict[str, object] = {
        "created_at": work.now.isoformat(),
        "principal_kind": work.principal.kind.value,
        "principal_id": str(work.principal.viewer_id or work.principal.id),
        "client_id": work.principal.client_id,
        "request_id": work.origin.request_id,
        "address": work.origin.address,
        "agent": work.origin.agent,
        "scope": " ".join(work.principal.scopes),
    }
    ids = work.ids.many(0, len(entries))
    # Who reads with somebody else's eyes is named, and so is whose they are.
    viewed = {"viewedAs": work.principal.id} if work.principal.viewer_id else {}
    return [_row(circumstances, entry_id, entry, viewed) for entry_id, entry in zip(ids, entries, strict=True)]


def _row(
    circumstances: Mapping[str, object], entry_id: UUID, entry: Entry, viewed: Mapping[str, object]
) -> dict[str, object]:
    columns: dict[str, object] = {
        **circumstances,
        "id": str(entry_id),
        "action": entry.action,
        "object_name": entry.object_name,
        "record_id": str(entry.record_id) if entry.record_id else None,
        "record_version": entry.record_version,
    }
    body = canonical({**columns, "details": {**entry.details, **viewed}})
    columns["body"] = body
    return columns


def canonical(data: Mapping[str, object]) -> str:
    """Sorted keys, no spaces, characters as they are: one text for one content."""
    return _CANONICAL.encode(data)


_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)


def insertion(source: Fragment) -> Fragment:
    """INSERT of rows that `source` (a FROM clause of rows named `entry`) yields."""
    return sql(
        "INSERT INTO {schema}.audit_entry (id, created_at, principal_kind, principal_id, client_id, action,"
        " object_name, record_id, record_version, request_id, address, agent, scope, body)"
        " SELECT entry.id, entry.created_at, entry.principal_kind, entry.principal_id, entry.client_id, entry.action,"
        " entry.object_name, entry.record_id, entry.record_version, entry.request_id, entry.address, entry.agent,"
        " entry.scope, convert_to(entry.body, 'UTF8') FROM {source}",
        schema=SCHEMA,
        source=source,
    )


# The mark leads the sequencer to this tenant; the write path leaves its own.
_APPEND = render(
    sql(
        "WITH mark AS (INSERT INTO kezhi.touched (id) VALUES ({mark})) {insertion}",
        mark=value("mark", "uuid"),
        insertion=insertion(sql("json_to_recordset({rows}) AS entry ({row})", rows=value("rows", "json"), row=ROW)),
    )
)
