"""Columns of a field for the records that were there before it: keys to sort by, normal forms, numbers, defaults.

Goes over a table in order of ids, some rows at a time; a row that a user changes meanwhile keeps what the user wrote.
Values that records were given so are nobody's deed: followers of the feed learn of them, history does not.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias
from uuid import UUID

from schema.metadata import companions, numbering
from schema.metadata.options import default_of
from schema.metadata.physical import sequence_of
from services import outbox
from services.events import EVENTS, Kind, queue_of
from services.jobs import Step
from tenants.sql import SCHEMA, Fragment, Template, ident, join, render, sql, value

if TYPE_CHECKING:
    from schema.metadata.definitions import FieldDefinition, ObjectDefinition
    from tenants.context import Work

Rows: TypeAlias = list[dict[str, object]]
_COMPUTED = frozenset({"sort", "norm", "search", "grams"})


@dataclass(frozen=True, slots=True)
class Backfill:
    """Which columns of which object's table."""

    thing: ObjectDefinition
    definition: FieldDefinition
    # Empty values become the default.
    fills: bool = False

    @property
    def table(self) -> str:
        """The table of the object."""
        return self.thing.table

    @property
    def column(self) -> str:
        """The column of the value itself."""
        return self.definition.column

    @property
    def sequence(self) -> str | None:
        """The sequence that numbers records, for an auto-number that has one."""
        return sequence_of(self.definition.field, self.table, self.column)


async def step(work: Work, backfill: Backfill, *, after: UUID, size: int) -> Step | None:
    """Look at the next rows; nothing is left when it answers nothing."""
    found = await work.session.fetch(_page(backfill).bound(work.session.schema, {"after": after, "size": size}))
    if not found:
        return None
    empty = [row["id"] for row in found if row["value"] is None]
    written = [(row["id"], row["value"]) for row in found if row["value"] is not None]
    given = await _write(work, backfill, await _filled(work, backfill, empty), were_empty=True)
    await tell(work, backfill.thing.name, backfill.thing.number, backfill.definition.name, given)
    await _write(work, backfill, _completed(backfill, written), were_empty=False)
    return Step(found[-1]["id"], len(found))


async def _filled(work: Work, backfill: Backfill, ids: Sequence[UUID]) -> Rows:
    if not ids:
        return []
    if backfill.sequence is not None:
        form = numbering.parse(str(backfill.definition.field.option("format") or numbering.DEFAULT_FORMAT))
        assert form is not None
        numbers = await _numbers(work, backfill.sequence, len(ids))
        return [
            {"id": row_id, **_columns(backfill, form.text(work.now, number))}
            for row_id, number in zip(ids, numbers, strict=True)
        ]
    columns = default_columns(work, backfill) if backfill.fills else {}
    return [{"id": row_id, **columns} for row_id in ids] if columns else []


def default_columns(work: Work, backfill: Backfill) -> Mapping[str, object]:
    """The columns of the field as they are where it holds its default; empty where it has none."""
    now, field = work.now.astimezone(work.zone), backfill.definition.field
    default = default_of(field, now=now, currency=work.settings.currency)
    return {} if default is None else _columns(backfill, default)


def _completed(backfill: Backfill, written: Sequence[tuple[UUID, object]]) -> Rows:
    if not _COMPUTED.intersection(backfill.definition.field.parts):
        return []
    return [{"id": row_id, **_columns(backfill, stored)} for row_id, stored in written]


def _columns(backfill: Backfill, stored: object) -> Mapping[str, object]:
    parts = companions.columns(backfill.definition.field, stored)
    return {
        f"{backfill.column}_{part}" if part else backfill.column: list(each) if isinstance(each, tuple) else each
        for part, each in parts.items()
    }


async def _numbers(work: Work, sequence: str, count: int) -> list[int]:
    name = f'"{work.session.schema}"."{sequence}"'
    rows = await work.session.fetch(_NUMBERS.bound(work.session.schema, {"sequence": name, "count": count}))
    return [row[0] for row in rows]


async def _write(work: Work, backfill: Backfill, changed: Rows, *, were_empty: bool) -> Mapping[UUID, int]:
    """The versions of the records that were written, by their ids."""
    if not changed:
        return {}
    document = json.dumps(changed, default=str, ensure_ascii=False)
    template = _update(backfill, list(changed[0]), were_empty=were_empty)
    rows = await work.session.fetch(template.bound(work.session.schema, {"rows": document}))
    return {row["id"]: row["version"] for row in rows}


async def tell(work: Work, object_name: str, number: int, field_name: str, given: Mapping[UUID, int]) -> None:
    """Followers of the feed learn of values that records of an object were given, by id and version."""
    if not given:
        return
    records = sorted(given)
    values: dict[Hashable, object] = {
        "number": number,
        "ids": work.ids.many(0, len(records)),
        "records": records,
        "versions": [given[each] for each in records],
        "kind": Kind.DERIVED.value,
        "now": work.now,
        "mark": work.ids.new(0),
    }
    await work.session.run(_TELL.bound(work.session.schema, values))
    event = EVENTS[Kind.DERIVED](object_name, tuple(map(str, records)), (field_name,))
    await outbox.put(work, event, queue=queue_of(event))


# --- statements -------------------------------------------------------------------------------------------------------

_NUMBERS = render(
    sql(
        "SELECT nextval({sequence}::regclass) FROM generate_series(1, {count})",
        sequence=value("sequence", "text"),
        count=value("count", "integer"),
    )
)


_TELL = render(
    sql(
        "WITH mark AS (INSERT INTO kezhi.touched (id) VALUES ({mark}))"
        " INSERT INTO {schema}.change (id, object_number, record_id, version, kind, created_at)"
        " SELECT told.id, {number}, told.record_id, told.version, {kind}, {now}"
        " FROM unnest({ids}, {records}, {versions}) AS told (id, record_id, version)",
        schema=SCHEMA,
        mark=value("mark", "uuid"),
        number=value("number", "smallint"),
        kind=value("kind", "text"),
        now=value("now", "timestamptz"),
        ids=value("ids", "uuid[]"),
        records=value("records", "uuid[]"),
        versions=value("versions", "integer[]"),
    )
)


def _page(backfill: Backfill) -> Template:
    return render(
        sql(
            "SELECT id, {column} AS value FROM {table} WHERE id > {after} ORDER BY id LIMIT {size}",
            column=ident(backfill.column),
            table=_table(backfill),
            after=value("after", "uuid"),
            size=value("size", "integer"),
        )
    )


def _update(backfill: Backfill, columns: Sequence[str], *, were_empty: bool) -> Template:
    return render(
        sql(
            "UPDATE {table} AS record SET {changes} FROM jsonb_populate_recordset(NULL::{table}, {rows}) AS new"
            " WHERE record.id = new.id AND {unchanged} RETURNING record.id, record.version",
            table=_table(backfill),
            changes=join(", ", (_assignment(name) for name in columns if name != "id")),
            rows=value("rows", "jsonb"),
            unchanged=sql("record.{column} IS NULL", column=ident(backfill.column))
            if were_empty
            else sql("record.{column} = new.{column}", column=ident(backfill.column)),
        )
    )


def _assignment(column: str) -> Fragment:
    return sql("{column} = new.{column}", column=ident(column))


def _table(backfill: Backfill) -> Fragment:
    return sql("{schema}.{table}", schema=SCHEMA, table=ident(backfill.table))
