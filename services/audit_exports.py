"""Audit entries as a file: CSV or one JSON object a line, of a time, a person, an action, an object or a record.

Read through the one read path, so under the caller's permission and no field further; bounded, and an entry itself.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from services import audit, query
from services.query.plan import (
    And,
    Compare,
    Condition,
    Connection,
    ConnectionRoot,
    Direction,
    Leaf,
    Nodes,
    OrderBy,
    Page,
    Parameter,
    Plan,
    Selection,
)
from tenants.errors import Unauthenticated

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tenants.context import Work

MOST_ENTRIES = 10_000
_AT_ONCE = 999
_OBJECT = "auditEntry"
COLUMNS = (
    "seq", "createdAt", "principalKind", "principalId", "clientId", "action", "objectName", "recordId", "recordVersion",
    "requestId", "address", "agent", "scope", "details",
)  # fmt: skip
# What a spreadsheet would take for a formula; programs name themselves as they like.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Format(StrEnum):
    """How a file is written."""

    CSV = "csv"
    JSONL = "jsonl"


@dataclass(frozen=True, slots=True)
class Exported:
    """The file's text, how many entries it has, and whether there are more that were asked for."""

    text: str
    count: int
    is_complete: bool
    # The last entry in it; what follows is asked for with `afterSeq`.
    last_seq: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries, in the order of their numbers. Conditions are (field, operator, operand) of the API."""

    conditions: tuple[tuple[str, str, object], ...] = ()
    after_seq: int = 0
    most: int = MOST_ENTRIES


async def export_entries(work: Work, wanted: Wanted, form: Format) -> Exported:
    """The entries as a file. No entry of it, no file: both stand in one transaction."""
    if work.principal.is_anonymous:
        raise Unauthenticated
    most = max(0, min(wanted.most, MOST_ENTRIES))
    rows: list[dict[str, Any]] = []  # Any: details are any JSON
    last, is_complete = wanted.after_seq, False
    while len(rows) < most and not is_complete:
        size = min(_AT_ONCE, most - len(rows))
        found = await _page(work, wanted.conditions, last, size)
        rows += found[:size]
        is_complete = len(found) <= size
        last = int(rows[-1]["seq"]) if rows else last
    said: dict[str, dict[str, str]] = {}
    for name, how, operand in wanted.conditions:
        said.setdefault(name, {})[how] = str(operand)
    details = {"format": form.value, "count": len(rows), "after": wanted.after_seq, "last": last, "filter": said}
    await audit.append(work, [audit.Entry("audit.exported", _OBJECT, details=details)])
    return Exported(_WRITERS[form](rows), len(rows), is_complete, last)


async def _page(
    work: Work, conditions: Sequence[tuple[str, str, object]], after: int, size: int
) -> list[dict[str, Any]]:  # Any: as above
    """At most so many entries after a number, and one more if there is one."""
    asked = [*conditions, ("seq", "gt", str(after))]
    compared: list[Condition] = [Compare(name, how, Parameter(at)) for at, (name, how, _) in enumerate(asked)]
    nodes = Nodes("nodes", Selection(_OBJECT, tuple(Leaf(name, name) for name in COLUMNS)))
    connection = Connection(
        _OBJECT,
        (nodes,),
        Page(Parameter(len(asked))),
        filter=And(tuple(compared)),
        order=(OrderBy(("seq",), Direction.ASC),),
    )
    values = (*(operand for _, _, operand in asked), size + 1)
    answer = json.loads(await query.read(work, Plan((ConnectionRoot("entries", connection),)), values))
    found: list[dict[str, Any]] = answer["entries"]["nodes"]
    return found


def _csv(rows: Sequence[Mapping[str, Any]]) -> str:  # Any: as above
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([_cell(row[name]) for name in COLUMNS] for row in rows)
    return out.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _jsonl(rows: Sequence[Mapping[str, Any]]) -> str:  # Any: as above
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


_WRITERS = {Format.CSV: _csv, Format.JSONL: _jsonl}
