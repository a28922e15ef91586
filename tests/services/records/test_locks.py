from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from schema.metadata.values import Money
from services.permissions import Verb
from services.records import locks, scopes
from services.records.errors import ObjectNotWritable
from services.records.locks import LockedRecord, Wanted
from services.records.statements import Life
from services.records.targets import open_target
from tenants.errors import NotFound
from tests.builders.records import create_one

if TYPE_CHECKING:
    from tenants.context import Work
    from tests.builders.tenants import Tenant

ONE, TWO = UUID(int=1), UUID(int=2)


async def test_a_locked_record_has_its_values_as_values(tenant: Tenant) -> None:
    made = await create_one(
        tenant, "customer", name="甲", annualRevenue={"amount": "12.5", "currency": "USD"}, tags=["a"]
    )

    async def lock(work: Work) -> LockedRecord:
        target = await open_target(work, "customer", Verb.UPDATE)
        fields = [target.fields[name] for name in ("name", "annualRevenue", "tags", "level")]
        return (await locks.lock(target, [made], fields, Wanted()))[made]

    record = await tenant.write(lock)
    revenue = record.values["annualRevenue"]
    assert isinstance(revenue, Money)
    assert (record.id, record.version, record.deletion_id) == (made, 1, None)
    assert (record.values["name"], revenue.amount, revenue.currency) == ("甲", Decimal("12.5"), "USD")
    assert (record.values["tags"], record.values["level"]) == (["a"], None)


async def test_only_records_within_the_scope_are_locked(tenant: Tenant) -> None:
    mine = await create_one(tenant, "customer", name="甲", person="sales")
    hidden = await create_one(tenant, "customer", name="乙", person="stranger")

    async def lock(work: Work) -> set[UUID]:
        target = await open_target(work, "customer", Verb.UPDATE)
        return set(await locks.lock(target, [mine, hidden], (), Wanted(scope=scopes.condition(target, Verb.UPDATE))))

    assert await tenant.write(lock, person="sales") == {mine}


async def test_nothing_asked_for_is_nothing_locked(shared_tenant: Tenant) -> None:
    async def lock(work: Work) -> tuple[object, object]:
        target = await open_target(work, "customer", Verb.UPDATE)
        nothing = await locks.lock_children(target, target.fields["parent"], (), Wanted())
        return await locks.lock(target, (), (), Wanted()), nothing

    assert await shared_tenant.write(lock) == ({}, [])


async def test_missing_records_are_not_found_unless_all_can_be_read(tenant: Tenant) -> None:
    seen = await create_one(tenant, "activity", subject="拜访", occurredAt="2026-01-01T00:00:00Z", person="sales")

    async def refuse(work: Work, ids: tuple[UUID, ...]) -> None:
        target = await open_target(work, "activity", Verb.UPDATE)
        await locks.refuse_missing(target, ids, {}, Life.LIVE)

    with pytest.raises(ObjectNotWritable):
        await tenant.write(lambda work: refuse(work, (seen,)), person="service")
    with pytest.raises(NotFound):
        await tenant.write(lambda work: refuse(work, (seen, ONE)), person="service")
    await tenant.write(lambda work: refuse(work, ()))


def test_versions_are_compared_only_when_asked_for() -> None:
    locked = {ONE: LockedRecord(ONE, 3, None, {}), TWO: LockedRecord(TWO, 2, None, {})}

    assert locks.version_conflicts((ONE, TWO), locked, None) == []
    found = locks.version_conflicts((ONE, TWO), locked, 2)
    assert [(each.path, each.fault.details) for each in found] == [((0, "ifVersion"), {"version": 3})]
