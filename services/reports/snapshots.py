"""Frozen results: the sales funnel of each day of a tenant, kept as rows that no role may change."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from schema.metadata.system_objects import SYSTEM_OBJECTS
from schema.tables.jobs import report_snapshot, report_snapshot_row
from schema.tables.metadata import pack_installation
from services import metadata, query
from services.reports import funnel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.reports.funnel import FunnelRow
    from tenants.context import Work

FUNNEL = "salesFunnel"
_SNAPSHOT = SYSTEM_OBJECTS["reportSnapshot"][1].number
_ROW = SYSTEM_OBJECTS["reportSnapshotRow"][1].number


async def take_nightly_funnel_snapshot(work: Work) -> UUID | None:
    """Called every hour: the first call of a new day in the tenant's zone takes the snapshot.

    The day on which the tenant began has no night before it, and is left out.
    """
    began_at = await work.session.scalar(sa.select(sa.func.min(pack_installation.c.installed_at)))
    if began_at is None or began_at.astimezone(work.zone).date() == _today(work):
        return None
    return await take_funnel_snapshot(work)


async def take_funnel_snapshot(work: Work) -> UUID | None:
    """Freeze the funnel as it is now under today's date; nothing if today's is there.

    May run twice, also at once: the row of (report, day) is inserted first, and a twin waits for it and finds it.
    """
    if funnel.OBJECT not in (await metadata.registry(work)).shape.objects:
        return None
    snapshot_id = work.ids.new(_SNAPSHOT)
    if not await work.session.rows(_begin(work, snapshot_id, _today(work))):
        return None
    rows = await _funnel(work)
    if rows:
        await work.session.execute(_insert(work, snapshot_id, rows))
    return snapshot_id


async def _funnel(work: Work) -> Sequence[FunnelRow]:
    currencies = funnel.currencies_of(json.loads(await query.read(work, funnel.CURRENCIES, ())))
    answer = json.loads(await query.read(work, funnel.by_stage(currencies), currencies))
    stage = (await metadata.registry(work)).shape.field(funnel.OBJECT, "stage")
    return funnel.rows(answer, currencies, [choice.key for choice in stage.choices] if stage else ())


def _today(work: Work) -> date:
    return work.now.astimezone(work.zone).date()


def _begin(work: Work, snapshot_id: UUID, day: date) -> sa.Executable:
    row = {"id": snapshot_id, "report": FUNNEL, "taken_on": day, "created_at": work.now, "updated_at": work.now}
    insert = pg.insert(report_snapshot).values(row).on_conflict_do_nothing(index_elements=["report", "taken_on"])
    return insert.returning(report_snapshot.c.id)


def _insert(work: Work, snapshot_id: UUID, rows: Sequence[FunnelRow]) -> sa.Insert:
    return sa.insert(report_snapshot_row).values([
        {
            "id": work.ids.new(_ROW),
            "created_at": work.now,
            "updated_at": work.now,
            "snapshot_id": snapshot_id,
            "position": position,
            "dimensions": {"stage": row.stage},
            "record_count": row.count,
            "amount": row.amount,
            "currency": row.currency,
        }
        for position, row in enumerate(rows, start=1)
    ])
