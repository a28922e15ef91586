"""Derived fields of the records that are there, computed anew some rows at a time, in the transaction of the caller.

The rows of a step are locked in the order of their ids before they are read, so that of this and a writer the later one
sees what the earlier one wrote. What moved is nobody's deed: followers of the feed learn of it, history does not.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias
from uuid import UUID

from schema.metadata import companions
from schema.metadata.types import Derivation
from schema.metadata.values import Money
from services.jobs import BEFORE_ALL, Step
from services.metadata import formulas, summing
from services.metadata.backfilling import tell
from services.metadata.rollups import roll_ups_of
from tenants.errors import Stale
from tenants.sql import SCHEMA, Fragment, Slot, Template, ident, join, render, sql, type_name, value

if TYPE_CHECKING:
    import asyncpg

    from schema.metadata.fields import Coordinate, Field
    from schema.metadata.registry import Registry, Shape
    from tenants.context import Work

Values: TypeAlias = "dict[UUID, object]"
_ALL_AT_ONCE = 2_000


def passes(shape: Shape, changed: Iterable[Coordinate]) -> tuple[Coordinate, ...]:
    """The fields to compute anew, in their order: those that changed, and all that depend on them."""
    changed = frozenset(changed)
    readers = frozenset(shape.derivations.readers(changed))
    return tuple(at for at in shape.derivations.order if at in changed or at in readers)


async def recalculate(work: Work, registry: Registry, changed: Iterable[Coordinate]) -> None:
    """All records at once, for a definition that waits for it."""
    for at in passes(registry.shape, changed):
        done = await step(work, registry, at, after=BEFORE_ALL)
        while done is not None:
            done = await step(work, registry, at, after=done.last)


async def step(work: Work, registry: Registry, at: Coordinate, *, after: UUID, size: int = _ALL_AT_ONCE) -> Step | None:
    """Compute one field of the next records; nothing is left when it answers nothing."""
    object_name, name = at
    field = registry.shape.field(object_name, name) if object_name in registry.shape.objects else None
    if field is None or field.type.derivation is None:
        return None
    inputs = _inputs(registry.shape, object_name, field)
    template = _page(object_name, (field, *inputs))
    values = {"after": after, "size": size, "metadata": work.versions.metadata}
    rows = await work.session.fetch(template.bound(work.session.schema, values, registry.physical))
    if not rows:
        return None
    if not rows[0]["fresh"]:
        raise Stale
    computed = await _computed(work, registry, object_name, field, inputs, rows)
    held = {row["id"]: _value(row, 0, field) for row in rows}
    moved = {each: new for each, new in computed.items() if new != held[each]}
    versions = await _write(work, registry, object_name, field, moved)
    await tell(work, object_name, registry.names[object_name].number, name, versions)
    return Step(rows[-1]["id"], len(rows))


def _inputs(shape: Shape, object_name: str, field: Field) -> tuple[Field, ...]:
    """The fields of the same record that a formula looks at."""
    if field.type.derivation is not Derivation.FORMULA:
        return ()
    found = (shape.field(*each) for each in field.reads if each[0] == object_name)
    return tuple(each for each in found if each is not None)


async def _computed(  # noqa: PLR0917 - one record after the other
    work: Work,
    registry: Registry,
    object_name: str,
    field: Field,
    inputs: Sequence[Field],
    rows: Sequence[asyncpg.Record],
) -> Values:
    if field.type.derivation is Derivation.ROLL_UP:
        wanted = [each for each in roll_ups_of(registry.shape, object_name) if each.field.name == field.name]
        found = await summing.roll_up_values(work, registry, wanted, [row["id"] for row in rows])
        return {each: values.get(field.name) for each, values in found.items()}
    (formula,) = (each for each in formulas.formulas_of(registry.shape, object_name) if each.field.name == field.name)
    around = formulas.circumstance(work)
    return {
        row["id"]: formula.value({each.name: _value(row, at, each) for at, each in enumerate(inputs, 1)}, around)
        for row in rows
    }


async def _write(
    work: Work, registry: Registry, object_name: str, field: Field, moved: Mapping[UUID, object]
) -> dict[UUID, int]:
    if not moved:
        return {}
    rows = [{"id": str(each), **_parts(field, new)} for each, new in moved.items()]
    template = _update(object_name, field)
    values = {"rows": json.dumps(rows, default=str, ensure_ascii=False)}
    written = await work.session.fetch(template.bound(work.session.schema, values, registry.physical))
    return {row["id"]: row["version"] for row in written}


def _parts(field: Field, new: object) -> dict[str, object]:
    parts = companions.columns(field, new)
    return {f"v{at}": _transported(parts[part]) for at, part in enumerate(field.parts)}


def _transported(part: object) -> object:
    return part.isoformat() if hasattr(part, "isoformat") else part


def _value(row: asyncpg.Record, at: int, field: Field) -> object:
    whole = row[f"f{at}"]
    return Money(whole, row[f"f{at}_currency"]) if whole is not None and "currency" in field.parts else whole


# --- statements -------------------------------------------------------------------------------------------------------


def _page(object_name: str, fields: tuple[Field, ...]) -> Template:
    """The next records, locked. It takes the writer's lock on the table with its first look, and then looks whether the
    shape is still the one that it was written for.
    """
    columns = [
        sql(
            ", record.{column} AS {name}",
            column=ident(Slot(object_name, field.name, part)),
            name=ident(f"f{at}_{part}" if part else f"f{at}"),
        )
        for at, field in enumerate(fields)
        for part in ("", "currency")
        if part in field.parts
    ]
    return render(
        sql(
            "WITH entered AS (UPDATE {table} SET version = version WHERE FALSE), page AS ("
            "SELECT record.id{columns} FROM {table} AS record WHERE record.id > {after} ORDER BY record.id LIMIT {size}"
            " FOR NO KEY UPDATE OF record) SELECT page.*, EXISTS (SELECT FROM {schema}.state"
            " WHERE metadata_version = {metadata}) AS fresh FROM page ORDER BY id",
            table=_table(object_name),
            columns=join("", columns),
            after=value("after", "uuid"),
            size=value("size", "bigint"),
            schema=SCHEMA,
            metadata=value("metadata", "bigint"),
        )
    )


def _update(object_name: str, field: Field) -> Template:
    return render(
        sql(
            "UPDATE {table} AS record SET {changes} FROM json_to_recordset({rows}) AS new (id uuid{types})"
            " WHERE record.id = new.id RETURNING record.id, record.version",
            table=_table(object_name),
            changes=join(
                ", ",
                (
                    sql(
                        "{column} = new.{name}", column=ident(Slot(object_name, field.name, part)), name=ident(f"v{at}")
                    )
                    for at, part in enumerate(field.parts)
                ),
            ),
            rows=value("rows", "json"),
            types=join(
                "",
                (
                    sql(", {name} {type}", name=ident(f"v{at}"), type=type_name(field.type.columns[part]))
                    for at, part in enumerate(field.parts)
                ),
            ),
        )
    )


def _table(object_name: str) -> Fragment:
    return sql("{schema}.{table}", schema=SCHEMA, table=ident(Slot(object_name)))
