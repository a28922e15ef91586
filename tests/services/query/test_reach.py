"""[G2] Shares and criteria hold for writes as they do for reads, as far as each of them reaches."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from services.permissions import Verb
from services.query import matching_ids
from services.records.errors import FieldNotWritable, ObjectNotWritable
from tenants.errors import NotFound
from tests.builders.permissions import limit_field, open_by_criteria, share
from tests.builders.records import create_one, stored, update

if TYPE_CHECKING:
    from uuid import UUID

    from tests.builders.tenants import Tenant

# Shares end by the clock of the database, which is the machine's own.
PAST, FUTURE = (datetime.now(UTC) + timedelta(days=days) for days in (-1, 1))


async def reached(tenant: Tenant, person: str, verb: Verb = Verb.READ) -> list[UUID]:
    return await tenant.read(lambda work: matching_ids(work, "customer", None, (), verb=verb, limit=10), person=person)


async def test_a_share_for_reading_is_found_and_not_changed(tenant: Tenant) -> None:
    made = await create_one(tenant, "customer", person="colleague", name="甲")
    with pytest.raises(NotFound):
        await update(tenant, "customer", made, person="sales", region="华东")

    await share(tenant, made, user_id=tenant.user_id("sales"), expires_at=FUTURE)

    assert await reached(tenant, "sales") == [made]
    assert await reached(tenant, "sales", Verb.UPDATE) == []
    with pytest.raises(ObjectNotWritable):
        await update(tenant, "customer", made, person="sales", region="华东")


async def test_a_share_for_updating_is_changed(tenant: Tenant) -> None:
    made = await create_one(tenant, "customer", person="colleague", name="甲")

    await share(tenant, made, user_id=tenant.user_id("sales"), reach="update")
    await update(tenant, "customer", made, person="sales", region="华东")

    assert (await stored(tenant, "customer", made))["region"] == "华东"
    assert await reached(tenant, "sales", Verb.UPDATE) == [made]


async def test_a_share_ends_and_is_for_its_grantee_alone(tenant: Tenant) -> None:
    made = await create_one(tenant, "customer", person="colleague", name="甲")

    await share(tenant, made, user_id=tenant.user_id("sales"), expires_at=PAST)
    await share(tenant, made, user_id=tenant.user_id("manager"), reach="delete")

    assert await reached(tenant, "sales") == []
    assert await reached(tenant, "stranger") == []


async def test_criteria_reach_as_far_as_they_say(tenant: Tenant) -> None:
    made = await create_one(tenant, "customer", person="colleague", name="甲", region="华东")
    other = await create_one(tenant, "customer", person="colleague", name="乙", region="华西")
    east = {"compare": {"field": "region", "operator": "eq", "operand": "华东"}}

    await open_by_criteria(tenant, "sales", "customer", east, reach="update")
    await update(tenant, "customer", made, person="sales", phone="13800138000")

    assert await reached(tenant, "sales", Verb.UPDATE) == [made]
    assert await reached(tenant, "sales", Verb.DELETE) == []
    with pytest.raises(NotFound):
        await update(tenant, "customer", other, person="sales", phone="13800138001")


async def test_a_field_that_may_only_be_read_is_not_written(tenant: Tenant) -> None:
    made = await create_one(tenant, "customer", person="sales", name="甲")

    await limit_field(tenant, "sales", "customer", "region", "read")

    with pytest.raises(FieldNotWritable):
        await update(tenant, "customer", made, person="sales", region="华东")
