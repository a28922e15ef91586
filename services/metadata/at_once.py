"""A constant default for all records of a long table, given by the definition of its columns: no row is written for it.

PostgreSQL keeps the value once for all rows that were there before the column. New records get theirs from the write path,
so nothing of it stays as the column's own default. Followers of the feed are told of each record by a job.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, TypeAlias
from uuid import UUID

from services import jobs
from services.jobs import Step
from services.metadata.backfilling import Backfill, default_columns, tell
from services.metadata.impact import records_in
from services.metadata.loading import registry
from services.metadata.messages import TellDefault
from tenants.sql import SCHEMA, Slot, Template, constant, ident, join, render, sql, type_name, value

if TYPE_CHECKING:
    from services.jobs import Stage
    from tenants.context import DefinitionWork, Work
    from tenants.sql import Fragment

_STEP = 2_000
Given: TypeAlias = Mapping[str, str]


def columns_given(work: DefinitionWork, backfill: Backfill) -> Given | None:
    """The texts of what each column of the field is to hold in all records; none where that is not one value for all."""
    if not backfill.fills or backfill.sequence is not None:
        return None
    columns = default_columns(work, backfill)
    texts = {name: _text(each) for name, each in columns.items() if each is not None}
    given = {name: text for name, text in texts.items() if text is not None}
    return given if given and len(given) == len(texts) else None


def added(backfill: Backfill, given: Given) -> list[Fragment]:
    """The statements that make the columns so."""
    table = sql("{schema}.{table}", schema=SCHEMA, table=ident(backfill.table))
    types = {
        f"{backfill.column}_{part}" if part else backfill.column: backfill.definition.field.type.columns[part]
        for part in backfill.definition.field.parts
    }
    made = (
        sql(
            "ADD COLUMN IF NOT EXISTS {name} {type} DEFAULT ({value})",
            name=ident(name),
            type=type_name(types[name]),
            value=_constant(text, types[name]),
        )
        for name, text in given.items()
    )
    kept = (sql("ALTER COLUMN {name} DROP DEFAULT", name=ident(name)) for name in given)
    return [
        sql("ALTER TABLE {table} {added}", table=table, added=join(", ", made)),
        sql("ALTER TABLE {table} {kept}", table=table, kept=join(", ", kept)),
    ]


async def tell_default(stage: Stage, message: TellDefault) -> None:
    """Tell followers of every record that was given a default. May run twice: being told again harms nobody."""
    await stage.write(lambda work: _begin(work, message))
    await jobs.go_through(stage, message.job_id, partial(_told, message))
    await stage.write(lambda work: jobs.finish(work, message.job_id))


async def _begin(work: Work, message: TellDefault) -> None:
    known = await registry(work)
    names = known.names.get(message.object_name)
    await jobs.begin(work, message.job_id, total=0 if names is None else await records_in(work, names.table))


async def _told(message: TellDefault, work: Work, last: UUID) -> Step | None:
    known = await registry(work)
    at = (message.object_name, message.field_name)
    if at[0] not in known.shape.objects or known.shape.field(*at) is None:
        # It was retired meanwhile: nobody reads it.
        return None
    values = {"after": last, "size": _STEP}
    rows = await work.session.fetch(_page(*at).bound(work.session.schema, values, known.physical))
    if not rows:
        return None
    given = {row["id"]: row["version"] for row in rows if row["is_given"]}
    await tell(work, at[0], known.names[at[0]].number, at[1], given)
    return Step(rows[-1]["id"], len(rows))


def _text(stored: object) -> str | None:
    """A column's value as PostgreSQL reads it; None for what is not a plain value."""
    match stored:
        case bool():
            return str(stored).lower()
        case str() | int() | Decimal():
            return str(stored)
        case date():
            return stored.isoformat()
        case _:
            return None


# --- statements -------------------------------------------------------------------------------------------------------


def _constant(text: str, type_: str) -> Fragment:
    """A definition takes no parameters: the text travels as digits, so that no sign of it is read as SQL."""
    digits = constant(text.encode().hex())
    return sql("convert_from(decode({digits}, 'hex'), 'UTF8')::{type}", digits=digits, type=type_name(type_))


def _page(object_name: str, field_name: str) -> Template:
    return render(
        sql(
            "SELECT id, version, {column} IS NOT NULL AS is_given FROM {schema}.{table}"
            " WHERE id > {after} ORDER BY id LIMIT {size}",
            column=ident(Slot(object_name, field_name)),
            schema=SCHEMA,
            table=ident(Slot(object_name)),
            after=value("after", "uuid"),
            size=value("size", "bigint"),
        )
    )
