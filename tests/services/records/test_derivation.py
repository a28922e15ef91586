from __future__ import annotations

from typing import TYPE_CHECKING

from services import records
from tests.builders.records import Traces, create, events, stored, traces

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from uuid import UUID

    from tests.builders.tenants import Tenant


async def derive(tenant: Tenant, levels: Mapping[UUID, str | None]) -> tuple[UUID, ...]:
    async def compute(ids: Collection[UUID]) -> Mapping[UUID, Mapping[str, object]]:
        return {each: {"region": levels[each]} for each in ids}

    written = await tenant.write(
        lambda work: records.derive(work, "customer", levels.keys(), compute, fields=("region",)), person="sales"
    )
    return written.ids


async def test_only_what_moves_is_written_and_told(tenant: Tenant) -> None:
    first, second = await create(tenant, "customer", {"name": "甲", "region": "华东"}, {"name": "乙", "region": "华南"})

    assert await derive(tenant, {first: "华东", second: "华北"}) == (second,)

    row = await stored(tenant, "customer", second)
    assert (row["region"], row["version"], row["updated_by_id"]) == ("华北", 1, None)
    assert await traces(tenant) == Traces(2, 2, 3)
    assert (await events(tenant))[-1][1] == {"object_name": "customer", "ids": [str(second)], "fields": ["region"]}


async def test_nothing_moves_nothing(tenant: Tenant) -> None:
    made = await create(tenant, "customer", {"name": "甲"})

    assert await derive(tenant, dict.fromkeys(made)) == ()
    assert await traces(tenant) == Traces(1, 1, 1)


async def test_deleted_records_are_left_as_they_are(tenant: Tenant) -> None:
    (gone,) = await create(tenant, "customer", {"name": "甲"})
    await tenant.write(lambda work: records.delete(work, "customer", [gone]))

    assert await derive(tenant, {gone: "华北"}) == ()
