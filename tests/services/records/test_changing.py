from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from services import records
from services.records.errors import ObjectNotWritable
from tenants.errors import NotFound, Refused
from tests.builders.records import (
    Traces,
    create,
    create_one,
    events,
    history,
    refused,
    somebody_waits,
    stored,
    traces,
    update,
)

if TYPE_CHECKING:
    from uuid import UUID

    from tenants.context import Work
    from tests.builders.tenants import Tenant


async def test_only_what_moves_is_remembered(tenant: Tenant) -> None:
    made = await create_one(tenant, "customer", name="甲", level="b", region="华东")

    await update(tenant, "customer", made, person="director", name="甲", level="a", region=None)

    row = await stored(tenant, "customer", made)
    assert (row["version"], row["level"], row["region"]) == (2, "a", None)
    assert row["updated_by_id"] == tenant.user_id("director")
    assert (await history(tenant, made))[1] == (2, "updated", {"27": ["华东", None], "28": ["b", "a"]})
    assert (await events(tenant))[-1] == (
        "record.updated",
        {"object_name": "customer", "ids": [str(made)], "fields": ["level", "region"]},
    )


async def test_a_write_that_changes_nothing_leaves_nothing(tenant: Tenant) -> None:
    made = await create_one(
        tenant, "customer", name="甲", annualRevenue={"amount": "10.50", "currency": "USD"}, tags=["a", "b"]
    )

    await update(
        tenant, "customer", made, annualRevenue={"amount": "10.5", "currency": "usd"}, tags=["a", "b"], name="甲 "
    )

    assert (await stored(tenant, "customer", made))["version"] == 1
    assert await traces(tenant) == Traces(1, 1, 1)
    assert [message for message, _ in await events(tenant)] == ["record.created"]


async def test_of_a_set_only_the_records_that_move_are_written(tenant: Tenant) -> None:
    ids = await create(tenant, "customer", {"name": "甲", "level": "a"}, {"name": "乙"})

    written = await tenant.write(lambda work: records.update(work, "customer", ids, {"level": "a"}))

    assert written.ids == ids
    assert [(await stored(tenant, "customer", each))["version"] for each in ids] == [1, 2]
    assert await traces(tenant) == Traces(3, 3, 3)


async def test_a_stale_version_is_a_conflict(tenant: Tenant) -> None:
    made = await create_one(tenant, "customer", name="甲")
    await update(tenant, "customer", made, level="a", if_version=1)

    assert await refused(update(tenant, "customer", made, level="b", if_version=1)) == [
        ((0, "ifVersion"), "VERSION_CONFLICT")
    ]
    assert (await stored(tenant, "customer", made))["level"] == "a"


async def test_nothing_to_set_is_refused(tenant: Tenant) -> None:
    made = await create_one(tenant, "customer", name="甲")

    assert await refused(update(tenant, "customer", made)) == [(("set",), "NOTHING_TO_SET")]


async def test_a_required_field_is_not_cleared(tenant: Tenant) -> None:
    made = await create_one(tenant, "customer", name="甲")

    assert await refused(update(tenant, "customer", made, name=" ", phone="1")) == [
        (("name",), "REQUIRED"),
        (("phone",), "NOT_A_PHONE"),
    ]


@pytest.mark.parametrize("person", ["", "sales"])
async def test_an_absent_record_is_not_found(shared_tenant: Tenant, person: str) -> None:
    with pytest.raises(NotFound):
        await update(shared_tenant, "customer", uuid4(), person=person, level="a")


async def test_an_invisible_or_deleted_record_is_not_found(tenant: Tenant) -> None:
    hidden = await create_one(tenant, "customer", name="甲", person="stranger")
    gone = await create_one(tenant, "customer", name="乙", person="sales")
    await tenant.write(lambda work: records.delete(work, "customer", [gone]))

    for each in (hidden, gone):
        with pytest.raises(NotFound):
            await update(tenant, "customer", each, person="sales", level="a")
    assert (await stored(tenant, "customer", hidden))["version"] == 1


async def test_a_record_that_may_only_be_read_is_forbidden(tenant: Tenant) -> None:
    seen = await create_one(tenant, "activity", subject="拜访", occurredAt="2026-01-01T00:00:00Z", person="sales")

    with pytest.raises(ObjectNotWritable):
        await update(tenant, "activity", seen, person="service", subject="x")


async def test_records_out_of_reach_are_passed_over_when_asked_for(tenant: Tenant) -> None:
    mine = await create_one(tenant, "customer", name="甲", person="sales")
    hidden = await create_one(tenant, "customer", name="乙", person="stranger")

    written = await tenant.write(
        lambda work: records.update(work, "customer", [mine, hidden], {"level": "a"}, skip_missing=True), person="sales"
    )

    assert written.ids == (mine,)


@pytest.mark.parametrize(
    ("person", "new_owner", "is_allowed"),
    [
        ("sales", "sales", True),
        ("sales", "colleague", False),
        ("manager", "colleague", True),
        ("manager", "stranger", False),
        ("director", "stranger", True),
    ],
)
async def test_records_are_given_within_the_own_scope_only(
    tenant: Tenant, person: str, new_owner: str, *, is_allowed: bool
) -> None:
    made = await create_one(tenant, "customer", name="甲", person="sales")
    attempt = update(tenant, "customer", made, person=person, ownerId=str(tenant.user_id(new_owner)))

    if is_allowed:
        await attempt
    else:
        assert await refused(attempt) == [((0, "ownerId"), "OWNER_OUT_OF_SCOPE")]
    owner = new_owner if is_allowed else "sales"
    assert (await stored(tenant, "customer", made))["owner_id"] == tenant.user_id(owner)


async def test_who_has_own_records_only_cannot_give_one_to_nobody(tenant: Tenant) -> None:
    made = await create_one(tenant, "customer", name="甲", person="sales")

    assert await refused(update(tenant, "customer", made, person="sales", ownerId=None)) == [
        ((0, "ownerId"), "OWNER_OUT_OF_SCOPE")
    ]


async def test_a_taken_value_names_the_record_in_the_way(tenant: Tenant) -> None:
    first, second = await create(tenant, "customer", {"name": "华强有限公司"}, {"name": "乙"})

    with pytest.raises(Refused) as caught:
        await update(tenant, "customer", second, name="华强有限责任公司")

    assert [(each.path, each.fault.code) for each in caught.value.violations] == [((0, "name"), "UNIQUE_TAKEN")]
    assert [each.record_id for each in caught.value.duplicates] == [str(first)]


async def test_a_record_may_keep_its_unique_value_in_another_spelling(tenant: Tenant) -> None:
    made = await create_one(tenant, "customer", name="华强有限公司")

    await update(tenant, "customer", made, name="华强有限责任公司")

    assert (await stored(tenant, "customer", made))["name"] == "华强有限责任公司"


async def test_one_value_for_many_records_clashes_among_them(tenant: Tenant) -> None:
    ids = await create(tenant, "customer", {"name": "甲"}, {"name": "乙"})

    attempt = tenant.write(lambda work: records.update(work, "customer", ids, {"name": "丙"}))

    assert await refused(attempt) == [((1, "name"), "UNIQUE_TAKEN")]


async def test_of_two_writers_of_one_version_one_is_refused(tenant: Tenant) -> None:
    made = await create_one(tenant, "customer", name="甲")

    ended = await asyncio.gather(
        *(update(tenant, "customer", made, level=level, if_version=1) for level in ("a", "b", "c")),
        return_exceptions=True,
    )

    assert [type(each) for each in ended].count(Refused) == 2
    assert (await stored(tenant, "customer", made))["version"] == 2


async def test_of_two_writers_of_one_unique_value_the_later_is_told(tenant: Tenant) -> None:
    """The first holds the value uncommitted, so the second learns of it from the index only."""
    first, second = await create(tenant, "customer", {"name": "甲"}, {"name": "乙"})
    first_wrote = asyncio.Event()

    async def slowly(work: Work) -> None:
        await records.update(work, "customer", [first], {"name": "丙"})
        first_wrote.set()
        await somebody_waits(tenant)

    async def meanwhile(work: Work) -> None:
        await first_wrote.wait()
        await records.update(work, "customer", [second], {"name": "丙"})

    slow = asyncio.create_task(tenant.write(slowly))
    with pytest.raises(Refused) as caught:
        await tenant.write(meanwhile)
    await slow

    assert [(each.path, each.fault.code) for each in caught.value.violations] == [((0, "name"), "UNIQUE_TAKEN")]
    assert [each.record_id for each in caught.value.duplicates] == [str(first)]

    assert [(await stored(tenant, "customer", each))["name"] for each in (first, second)] == ["丙", "乙"]


async def test_a_held_record_waits_for_nobody_else(tenant: Tenant) -> None:
    made = await create_one(tenant, "customer", name="甲", level="a")

    async def hold(work: Work) -> tuple[object, object]:
        held = await records.hold(work, "customer", made)
        return held["name"], held["level"]

    assert await tenant.write(hold) == ("甲", "a")


async def test_what_may_not_be_changed_is_not_held(tenant: Tenant) -> None:
    hidden: UUID = await create_one(tenant, "customer", name="甲", person="stranger")

    with pytest.raises(NotFound):
        await tenant.write(lambda work: records.hold(work, "customer", hidden), person="sales")
