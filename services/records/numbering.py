"""Auto-numbers of new records: from a sequence, which may leave gaps, or from a counter row for each period."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema.metadata import numbering as formats
from schema.metadata.physical import sequence_of
from tenants.sql import SCHEMA, ident, render, sql, value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from schema.metadata.fields import Field
    from services.records.targets import Target

# Taken in the transaction that uses the numbers: writers of one counter wait for each other from here to their commit.
_COUNT = render(
    sql(
        "INSERT INTO {schema}.number_counter AS counter (field_id, period, last)"
        " SELECT field.id, {period}, {count} FROM {schema}.field_definition AS field"
        " JOIN {schema}.object_definition AS object ON object.id = field.object_id"
        " WHERE object.name = {object} AND field.name = {field}"
        " ON CONFLICT (field_id, period) DO UPDATE SET last = counter.last + {count} RETURNING counter.last",
        schema=SCHEMA,
        period=value("period", "text"),
        count=value("count", "bigint"),
        object=value("object", "text"),
        field=value("field", "text"),
    )
)


async def numbered(target: Target, records: Sequence[Mapping[str, object]]) -> list[Mapping[str, object]]:
    """The records with every auto-number of the object filled in."""
    filled: list[Mapping[str, object]] = list(records)
    for field in target.fields.values():
        if field.type_name == "autoNumber" and filled:
            numbers = await _numbers(target, field, len(filled))
            filled = [{**each, field.name: number} for each, number in zip(filled, numbers, strict=True)]
    return filled


async def _numbers(target: Target, field: Field, count: int) -> list[str]:
    form = formats.parse(str(field.option("format") or formats.DEFAULT_FORMAT))
    assert form is not None, "formats are checked when they are defined"
    here = target.work.now.astimezone(target.work.zone)
    names = target.registry.names[target.name]
    sequence = sequence_of(field, names.table, names.fields[field.name].column)
    if sequence is not None:
        return [form.text(here, each) for each in await _from_sequence(target, sequence, count)]
    last = await _from_counter(target, field, form.period(here), count)
    return [form.text(here, each) for each in range(last - count + 1, last + 1)]


async def _from_sequence(target: Target, sequence: str, count: int) -> list[int]:
    template = render(
        sql(
            "SELECT nextval('{schema}.{sequence}'::regclass) AS number FROM generate_series(1, {count})",
            schema=SCHEMA,
            sequence=ident(sequence),
            count=value("count", "integer"),
        )
    )
    bound = template.bound(target.work.session.schema, {"count": count})
    return [row["number"] for row in await target.work.session.fetch(bound)]


async def _from_counter(target: Target, field: Field, period: str, count: int) -> int:
    values = {"period": period, "count": count, "object": target.name, "field": field.name}
    (row,) = await target.work.session.fetch(_COUNT.bound(target.work.session.schema, values))
    return int(row["last"])
