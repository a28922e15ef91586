"""[E7] A field whose index takes long is built by a job beside running writes, with its progress in the job's row."""

from __future__ import annotations

from hashlib import md5
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from schema.metadata.errors import StillBuilding
from schema.metadata.fields import FieldState
from services import metadata
from services.metadata import BuildField
from services.metadata.sizes import MOST_ROWS_AT_ONCE
from tests.builders.jobs import Interrupted, job_row
from tests.builders.metadata import fill_customers, indexes_of, registry_of, stage_of
from tests.builders.records import create_one
from tests.builders.regions import INDEX, make_region_unique, state_of

if TYPE_CHECKING:
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


def filled(name: str) -> UUID:
    """The id of a customer that `fill_customers` makes."""
    return UUID(md5(name.encode(), usedforsecurity=False).hexdigest())


async def test_long_build_is_left_to_a_job_that_may_run_twice(tenant: Tenant) -> None:
    await fill_customers(tenant, MOST_ROWS_AT_ONCE + 1)

    made = await make_region_unique(tenant)
    waiting, queued = await state_of(tenant), await job_row(tenant, made.job_id)
    assert made.job_id is not None
    message = BuildField(made.id, made.job_id)
    await metadata.build_field(stage_of(tenant), message)
    await metadata.build_field(stage_of(tenant), message)

    assert waiting == (FieldState.BUILDING, True)
    assert (queued["state"], queued["kind"]) == ("queued", "metadata.build_field")
    assert queued["requested_by_id"] == tenant.user_id("admin")
    assert await state_of(tenant) == (FieldState.LIVE, True)
    assert INDEX in await indexes_of(tenant, "customer")
    done = await job_row(tenant, made.job_id)
    assert (done["state"], done["progress"], done["total"]) == ("done", MOST_ROWS_AT_ONCE + 1, MOST_ROWS_AT_ONCE + 1)


async def test_values_that_are_not_unique_give_the_rule_up(tenant: Tenant) -> None:
    await fill_customers(tenant, MOST_ROWS_AT_ONCE)
    await fill_customers(tenant, 2, name="Again ")
    spelled = await create_one(tenant, "customer", name="Spelled", region="REGION 3")
    names = [("Customer 1", "Again 1"), ("Customer 2", "Again 2"), ("Customer 3", "")]
    alike = [sorted(str(filled(each)) if each else str(spelled) for each in pair) for pair in names]

    made = await make_region_unique(tenant)
    assert made.job_id is not None
    await metadata.build_field(stage_of(tenant), BuildField(made.id, made.job_id))

    assert await state_of(tenant) == (FieldState.LIVE, False)
    assert INDEX not in await indexes_of(tenant, "customer")
    failed = await job_row(tenant, made.job_id)
    assert (failed["state"], failed["reason"]) == ("failed", "VALUES_NOT_UNIQUE")
    assert failed["details"] == {"object": "customer", "field": "region", "count": 3, "ids": sorted(alike)}


async def test_five_values_that_occur_more_than_once_are_named_of_all(tenant: Tenant) -> None:
    await fill_customers(tenant, MOST_ROWS_AT_ONCE)
    for each in range(6):
        await fill_customers(tenant, 7, name=f"Again {each} ")

    made = await make_region_unique(tenant)
    assert made.job_id is not None
    await metadata.build_field(stage_of(tenant), BuildField(made.id, made.job_id, guards=True))

    found = (await job_row(tenant, made.job_id))["details"]
    assert (found["count"], [len(each) for each in found["ids"]]) == (7, [5] * 5)


async def test_field_that_is_being_built_waits_for_its_job(tenant: Tenant) -> None:
    await fill_customers(tenant, MOST_ROWS_AT_ONCE + 1)
    await make_region_unique(tenant)

    with pytest.raises(StillBuilding):
        await make_region_unique(tenant)


@pytest.mark.parametrize(
    ("before", "built"),
    [
        pytest.param("write 2", False, id="while old records are filled"),
        pytest.param("define 1", True, id="at its end"),
    ],
)
async def test_field_that_is_retired_during_its_build_ends_the_job_and_leaves_no_index(
    tenant: Tenant, before: str, *, built: bool
) -> None:
    await fill_customers(tenant, MOST_ROWS_AT_ONCE + 1)
    made = await make_region_unique(tenant)
    assert made.job_id is not None

    async def retire() -> None:
        await tenant.define(lambda work: metadata.retire_field(work, "customer", "region"), person="admin")

    stage = Interrupted(stage_of(tenant), {before: retire})

    await metadata.build_field(stage, BuildField(made.id, made.job_id))

    ended = await job_row(tenant, made.job_id)
    assert (ended["state"], ended["finished_at"] >= ended["created_at"]) == ("done", True)
    assert INDEX not in await indexes_of(tenant, "customer")
    assert ("define" in stage.done) == built
    assert (await registry_of(tenant)).shape.field("customer", "region") is None


async def test_build_that_is_stuck_ends_by_retiring_its_field(tenant: Tenant) -> None:
    await fill_customers(tenant, MOST_ROWS_AT_ONCE + 1)
    made = await make_region_unique(tenant)
    assert made.job_id is not None

    with pytest.raises(StillBuilding):
        await tenant.define(lambda work: metadata.retire_object(work, "customer", confirm="customer"), person="admin")
    await tenant.define(lambda work: metadata.retire_field(work, "customer", "region"), person="admin")
    await metadata.build_field(stage_of(tenant), BuildField(made.id, made.job_id))
    again = await tenant.define(lambda work: metadata.restore_field(work, "customer", "region"), person="admin")

    assert (await job_row(tenant, made.job_id))["state"] == "done"
    assert again.job_id not in {None, made.job_id}
    assert await state_of(tenant) == (FieldState.BUILDING, True)
