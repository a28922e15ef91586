"""Goes over the records of a table and gives the new columns of a field what its values become.

Rows are read under their locks, in the order of their ids, so nobody writes between reading and filling, and whoever
writes several records waits in one direction only. Values of a record that is changed while a job is under way are
brought after by what the feed of changes says: no write is without its row there.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from schema.metadata import companions, conversions
from schema.metadata.values import Money
from services.jobs import BEFORE_ALL, Step
from tenants.errors import Invalid
from tenants.sql import SCHEMA, Fragment, Template, ident, join, render, sql, value

if TYPE_CHECKING:
    from datetime import datetime

    from asyncpg import Record

    from schema.metadata.conversions import Sides
    from schema.metadata.definitions import FieldDefinition, ObjectDefinition
    from services.type_changes.ways_back import StepBack
    from tenants.context import ReadWork, Work

STEP = 2_000
# Clocks of two processes differ by less; a record that is looked at twice is none the worse.
_MARGIN = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Filling:
    """Which values go where. `back` are the changes that are taken back, whose old columns are kept still."""

    thing: ObjectDefinition
    sides: Sides
    back: tuple[StepBack, ...] = ()
    # What equal values became, because many are.
    _known: dict[object, object] = field(default_factory=dict, compare=False, repr=False)

    @property
    def table(self) -> str:
        """The table of the object."""
        return self.thing.table

    @property
    def target(self) -> FieldDefinition:
        """The field whose columns are filled."""
        return self.sides.target

    def converted(self, stored: object, *kept: object) -> object:
        """The new value of a record; nothing where the old one does not fit."""
        if not self.back:
            return self._fitting(stored, self.sides)
        for at, (step, was) in enumerate(zip(self.back, kept, strict=True)):
            if self._fitting(was, step.did) != stored:
                return self._written_since(stored, at)
            # Nobody has changed it since: it is what it was.
            stored = was
        return stored

    def _written_since(self, stored: object, at: int) -> object:
        """A value that was written before this step: as it is, or through what the field was in between."""
        straight = self._fitting(stored, self.back[at].straight)
        if straight is not None:
            return straight
        for step in self.back[at:]:
            stored = self._fitting(stored, step.on)
        return stored

    def _fitting(self, stored: object, sides: Sides) -> object:
        key = (id(sides), tuple(stored) if isinstance(stored, list) else stored)
        if key not in self._known:
            try:
                self._known[key] = conversions.convert(stored, sides)
            except Invalid:
                self._known[key] = None
            if len(self._known) > _MOST_KNOWN:
                self._known.clear()
                return self._fitting(stored, sides)
        return self._known[key]


_MOST_KNOWN = 100_000


async def step(work: Work, filling: Filling, *, after: UUID) -> Step | None:
    """Fill the next rows; nothing is left when it answers nothing."""
    which = sql("id > {after}", after=value("after", "uuid"))
    found = await work.session.fetch(_page(filling, which).bound(work.session.schema, {"after": after, "size": STEP}))
    if not found:
        return None
    await _write(work, filling, found)
    return Step(found[-1]["id"], len(found))


async def fill(work: Work, filling: Filling) -> None:
    """All rows, in one transaction."""
    done = await step(work, filling, after=BEFORE_ALL)
    while done is not None:
        done = await step(work, filling, after=done.last)


async def again(work: Work, filling: Filling, ids: Iterable[UUID]) -> None:
    """These records once more, because somebody wrote to them."""
    ordered = sorted(ids)
    which = sql("id = ANY({ids})", ids=value("ids", "uuid[]"))
    for start in range(0, len(ordered), STEP):
        part = ordered[start : start + STEP]
        if filling.target.field.is_unique:
            # Values may have gone round: what stood there must not stand in the way.
            await work.session.run(_emptied(filling).bound(work.session.schema, {"ids": part}))
        values = {"ids": part, "size": STEP}
        await _write(work, filling, await work.session.fetch(_page(filling, which).bound(work.session.schema, values)))


async def written_since(work: Work, filling: Filling, began_at: datetime) -> dict[UUID, UUID]:
    """Change rows about records of the object from shortly before a moment on: their ids, with those of the records."""
    moment = int((began_at - _MARGIN).timestamp() * 1000)
    values = {"number": filling.thing.number, "since": UUID(int=moment << 80)}
    return {
        row["id"]: row["record_id"] for row in await work.session.fetch(_WRITTEN.bound(work.session.schema, values))
    }


async def unfit(work: Work, filling: Filling) -> int:
    """How many records have a value that the new field has not."""
    ((count,),) = await work.session.fetch(_unfit(filling).bound(work.session.schema, {}))
    return int(count)


async def unfit_of_undo(work: ReadWork, filling: Filling) -> int:
    """How many records would have none of their value if the change were taken back now; nothing is locked or written."""
    count = 0
    for row in await work.session.fetch(_together(filling).bound(work.session.schema, {})):
        count += row["count"] if _converted(row, filling) is None else 0
    return count


async def unfit_rows(work: Work, filling: Filling, *, most: int) -> dict[UUID, object]:
    """Some of those records, with their values."""
    which = sql(
        "{target} IS NULL AND {source} IS NOT NULL",
        target=ident(filling.target.column),
        source=ident(filling.sides.source.column),
    )
    found = await work.session.fetch(_page(filling, which).bound(work.session.schema, {"size": most}))
    return {row["id"]: _value(row, "v", filling.sides.source) for row in found}


async def _write(work: Work, filling: Filling, found: Sequence[Record]) -> None:
    rows = []
    for row in found:
        converted = _converted(row, filling)
        if converted is not None or row["has"]:
            rows.append({"id": row["id"], **_columns(filling.target, converted)})
    if rows:
        document = json.dumps(rows, default=str, ensure_ascii=False)
        await work.session.run(_update(filling).bound(work.session.schema, {"rows": document}))


def _converted(row: Record, filling: Filling) -> object:
    stored, *kept = (_value(row, prefix, side) for side, prefix in _read_sides(filling))
    return filling.converted(stored, *kept)


def _read_sides(filling: Filling) -> list[tuple[FieldDefinition, str]]:
    """What is read of a record: what the field holds, and what it held before each change that is taken back."""
    kept = ((step.did.source, f"k{at}_") for at, step in enumerate(filling.back))
    return [(filling.sides.source, "v"), *kept]


def _value(row: Record, prefix: str, source: FieldDefinition) -> object:
    part = row[f"{prefix}1"] if source.field.type_name == "currency" else None
    return value_of(row[f"{prefix}0"], part)


def value_of(whole: object, part: str | None) -> object:
    """A value put together from what its columns hold."""
    return Money(whole, part) if isinstance(whole, Decimal) and part is not None else whole


def _columns(target: FieldDefinition, stored: object) -> dict[str, object]:
    parts = companions.columns(target.field, stored)
    return {_column(target, part): list(each) if isinstance(each, tuple) else each for part, each in parts.items()}


def _column(definition: FieldDefinition, part: str = "") -> str:
    return f"{definition.column}_{part}" if part else definition.column


# --- statements -------------------------------------------------------------------------------------------------------

_WRITTEN = render(
    sql(
        "SELECT id, record_id FROM {schema}.change WHERE object_number = {number} AND id >= {since}",
        schema=SCHEMA,
        number=value("number", "smallint"),
        since=value("since", "uuid"),
    )
)


def _page(filling: Filling, which: Fragment) -> Template:
    return render(
        sql(
            "SELECT id, {target} IS NOT NULL AS has{sources} FROM {table} WHERE {which} ORDER BY id LIMIT {size}"
            " FOR NO KEY UPDATE",
            target=ident(filling.target.column),
            sources=join("", (_read(side, prefix) for side, prefix in _read_sides(filling))),
            table=_table(filling),
            which=which,
            size=value("size", "integer"),
        )
    )


def _together(filling: Filling) -> Template:
    """What was written since and what was kept, all that is met together once."""
    read = _read_sides(filling)
    names = [f"{prefix}{at}" for side, prefix in read for at in range(len(_parts(side)))]
    return render(
        sql(
            "SELECT count(*) AS count{sources} FROM {table} WHERE {source} IS NOT NULL GROUP BY {names}",
            sources=join("", (_read(side, prefix) for side, prefix in read)),
            table=_table(filling),
            source=ident(filling.sides.source.column),
            names=join(", ", map(ident, names)),
        )
    )


def _parts(source: FieldDefinition) -> tuple[str, ...]:
    return ("", "currency") if source.field.type_name == "currency" else ("",)


def _read(source: FieldDefinition, prefix: str) -> Fragment:
    return join(
        "",
        (
            sql(", {column} AS {name}", column=ident(_column(source, part)), name=ident(f"{prefix}{at}"))
            for at, part in enumerate(_parts(source))
        ),
    )


def _update(filling: Filling) -> Template:
    columns = [_column(filling.target, part) for part in filling.target.field.parts]
    return render(
        sql(
            "UPDATE {table} AS record SET {changes} FROM jsonb_populate_recordset(NULL::{table}, {rows}) AS new"
            " WHERE record.id = new.id",
            table=_table(filling),
            changes=join(", ", (sql("{name} = new.{name}", name=ident(each)) for each in columns)),
            rows=value("rows", "jsonb"),
        )
    )


def _emptied(filling: Filling) -> Template:
    columns = [_column(filling.target, part) for part in filling.target.field.parts]
    return render(
        sql(
            "UPDATE {table} SET {changes} WHERE id = ANY({ids})",
            table=_table(filling),
            changes=join(", ", (sql("{name} = NULL", name=ident(each)) for each in columns)),
            ids=value("ids", "uuid[]"),
        )
    )


def _unfit(filling: Filling) -> Template:
    return render(
        sql(
            "SELECT count(*) FROM {table} WHERE {source} IS NOT NULL AND {target} IS NULL",
            table=_table(filling),
            source=ident(filling.sides.source.column),
            target=ident(filling.target.column),
        )
    )


def _table(filling: Filling) -> Fragment:
    return sql("{schema}.{table}", schema=SCHEMA, table=ident(filling.table))
