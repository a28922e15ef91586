"""Keeps `customer.lastActivityAt`: the latest `occurredAt` among the live activities of a customer."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from services import metadata, records
from services.events import Kind
from tenants.sql import SCHEMA, Slot, ident, render, sql, value

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from schema.metadata.registry import Registry
    from services.records import WrittenSet
    from tenants.context import Work

_FIELD = "lastActivityAt"
_ACTIVITY = sql("{schema}.{table}", schema=SCHEMA, table=ident(Slot("activity")))
_CUSTOMER_ID = ident(Slot("activity", "customer"))
_CUSTOMERS = render(
    sql(
        "SELECT DISTINCT {customer} AS id FROM {activity} WHERE id = ANY({ids}) AND {customer} IS NOT NULL",
        customer=_CUSTOMER_ID,
        activity=_ACTIVITY,
        ids=value("ids", "uuid[]"),
    )
)
_LATEST = render(
    sql(
        "SELECT {customer} AS id, max({occurred}) AS latest FROM {activity}"
        " WHERE {customer} = ANY({ids}) AND deleted_at IS NULL GROUP BY {customer}",
        customer=_CUSTOMER_ID,
        occurred=ident(Slot("activity", "occurredAt")),
        activity=_ACTIVITY,
        ids=value("ids", "uuid[]"),
    )
)


@records.on_written("activity")
async def keep_last_activity(work: Work, written: WrittenSet) -> None:
    """Look again at every customer that gained, lost or changed an activity.

    A destroyed activity was deleted before and counts no more.
    """
    registry = await metadata.registry(work)
    if written.kind is Kind.DESTROYED or not _has_fields(registry):
        return
    if written.kind is Kind.UPDATED and not (written.moved("customer") or written.moved("occurredAt")):
        return
    left = {old for old, _ in written.moved("customer").values() if isinstance(old, UUID)}
    customers = left | await _customers(work, registry, written.ids)

    async def latest(ids: Collection[UUID]) -> Mapping[UUID, Mapping[str, object]]:
        found = await work.session.fetch(_LATEST.bound(work.session.schema, {"ids": list(ids)}, registry.physical))
        moments = {row["id"]: row["latest"] for row in found}
        return {each: {_FIELD: moments.get(each)} for each in ids}

    await records.derive(work, "customer", customers, latest, fields=(_FIELD,))


async def _customers(work: Work, registry: Registry, activities: Collection[UUID]) -> set[UUID]:
    bound = _CUSTOMERS.bound(work.session.schema, {"ids": list(activities)}, registry.physical)
    return {row["id"] for row in await work.session.fetch(bound)}


def _has_fields(registry: Registry) -> bool:
    shape = registry.shape
    return (
        "customer" in shape.objects
        and shape.field("customer", _FIELD) is not None
        and shape.field("activity", "customer") is not None
        and shape.field("activity", "occurredAt") is not None
    )
