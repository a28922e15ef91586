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


async def test_only_what_moves_is_remembered(company: Tenant) -> None:
    made = await create_one(company, "customer", name="甲天", level="b", region="华东")

    await update(company, "customer", made, person="director", name="甲天", level="a", region=None)

    row = await stored(company, "customer", made)
    assert (row["version"], row["level"], row["region"]) == (2, "a", None)
    assert row["updated_by_id"] == company.user_id("director")
    assert (await history(company, made))[1] == (2, "updated", {"27": ["华东", None], "28": ["b", "a"]})
    assert (await events(company))[-1] == (
        "record.updated",
        {"object_name": "customer", "ids": [str(made)], "fields": ["level", "region"]},
    )


async def test_a_write_that_changes_nothing_leaves_nothing(company: Tenant) -> None:
    before, seen = await traces(company), len(await events(company))
    made = await create_one(
        company, "customer", name="甲地", annualRevenue={"amount": "10.50", "currency": "USD"}, tags=["a", "b"]
    )

    await update(
        company, "customer", made, annualRevenue={"amount": "10.5", "currency": "usd"}, tags=["a", "b"], name="甲地 "
    )

    assert (await stored(company, "customer", made))["version"] == 1
    assert await traces(company) - before == Traces(1, 1, 1)
    assert [message for message, _ in (await events(company))[seen:]] == ["record.created"]


async def test_of_a_set_only_the_records_that_move_are_written(company: Tenant) -> None:
    before = await traces(company)
    ids = await create(company, "customer", {"name": "甲玄", "level": "a"}, {"name": "乙玄"})

    written = await company.write(lambda work: records.update(work, "customer", ids, {"level": "a"}))

    assert written.ids == ids
    assert [(await stored(company, "customer", each))["version"] for each in ids] == [1, 2]
    assert await traces(company) - before == Traces(3, 3, 3)


async def test_a_stale_version_is_a_conflict(company: Tenant) -> None:
    made = await create_one(company, "customer", name="甲黄")
    await update(company, "customer", made, level="a", if_version=1)

    assert await refused(update(company, "customer", made, level="b", if_version=1)) == [
        ((0, "ifVersion"), "VERSION_CONFLICT")
    ]
    assert (await stored(company, "customer", made))["level"] == "a"


async def test_nothing_to_set_is_refused(company: Tenant) -> None:
    made = await create_one(company, "customer", name="甲宇")

    assert await refused(update(company, "customer", made)) == [(("set",), "NOTHING_TO_SET")]


async def test_a_required_field_is_not_cleared(company: Tenant) -> None:
    made = await create_one(company, "customer", name="甲宙")

    assert await refused(update(company, "customer", made, name=" ", phone="1")) == [
        (("name",), "REQUIRED"),
        (("phone",), "NOT_A_PHONE"),
    ]


@pytest.mark.parametrize("person", ["", "sales"])
async def test_an_absent_record_is_not_found(shared_tenant: Tenant, person: str) -> None:
    with pytest.raises(NotFound):
        await update(shared_tenant, "customer", uuid4(), person=person, level="a")


async def test_an_invisible_or_deleted_record_is_not_found(company: Tenant) -> None:
    hidden = await create_one(company, "customer", name="甲洪", person="stranger")
    gone = await create_one(company, "customer", name="乙洪", person="sales")
    await company.write(lambda work: records.delete(work, "customer", [gone]))

    for each in (hidden, gone):
        with pytest.raises(NotFound):
            await update(company, "customer", each, person="sales", level="a")
    assert (await stored(company, "customer", hidden))["version"] == 1


async def test_a_record_that_may_only_be_read_is_forbidden(company: Tenant) -> None:
    seen = await create_one(company, "activity", subject="拜访", occurredAt="2026-01-01T00:00:00Z", person="sales")

    with pytest.raises(ObjectNotWritable):
        await update(company, "activity", seen, person="service", subject="x")


async def test_records_out_of_reach_are_passed_over_when_asked_for(company: Tenant) -> None:
    mine = await create_one(company, "customer", name="甲日", person="sales")
    hidden = await create_one(company, "customer", name="乙日", person="stranger")

    written = await company.write(
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
    company: Tenant, person: str, new_owner: str, *, is_allowed: bool
) -> None:
    made = await create_one(company, "customer", name=f"甲 {person} {new_owner}", person="sales")
    attempt = update(company, "customer", made, person=person, ownerId=str(company.user_id(new_owner)))

    if is_allowed:
        await attempt
    else:
        assert await refused(attempt) == [((0, "ownerId"), "OWNER_OUT_OF_SCOPE")]
    owner = new_owner if is_allowed else "sales"
    assert (await stored(company, "customer", made))["owner_id"] == company.user_id(owner)


async def test_who_has_own_records_only_cannot_give_one_to_nobody(company: Tenant) -> None:
    made = await create_one(company, "customer", name="甲盈", person="sales")

    assert await refused(update(company, "customer", made, person="sales", ownerId=None)) == [
        ((0, "ownerId"), "OWNER_OUT_OF_SCOPE")
    ]


async def test_a_taken_value_names_the_record_in_the_way(company: Tenant) -> None:
    first, second = await create(company, "customer", {"name": "华强有限公司"}, {"name": "乙昃"})

    with pytest.raises(Refused) as caught:
        await update(company, "customer", second, name="华强有限责任公司")

    assert [(each.path, each.fault.code) for each in caught.value.violations] == [((0, "name"), "UNIQUE_TAKEN")]
    assert [each.record_id for each in caught.value.duplicates] == [str(first)]


async def test_a_record_may_keep_its_unique_value_in_another_spelling(company: Tenant) -> None:
    made = await create_one(company, "customer", name="华东有限公司")

    await update(company, "customer", made, name="华东有限责任公司")

    assert (await stored(company, "customer", made))["name"] == "华东有限责任公司"


async def test_one_value_for_many_records_clashes_among_them(company: Tenant) -> None:
    ids = await create(company, "customer", {"name": "甲宿"}, {"name": "乙宿"})

    attempt = company.write(lambda work: records.update(work, "customer", ids, {"name": "丙宿"}))

    assert await refused(attempt) == [((1, "name"), "UNIQUE_TAKEN")]


async def test_of_two_writers_of_one_version_one_is_refused(company: Tenant) -> None:
    made = await create_one(company, "customer", name="甲列")

    ended = await asyncio.gather(
        *(update(company, "customer", made, level=level, if_version=1) for level in ("a", "b", "c")),
        return_exceptions=True,
    )

    assert [type(each) for each in ended].count(Refused) == 2
    assert (await stored(company, "customer", made))["version"] == 2


async def test_of_two_writers_of_one_unique_value_the_later_is_told(company: Tenant) -> None:
    """The first holds the value uncommitted, so the second learns of it from the index only."""
    first, second = await create(company, "customer", {"name": "甲张"}, {"name": "乙张"})
    first_wrote = asyncio.Event()

    async def slowly(work: Work) -> None:
        await records.update(work, "customer", [first], {"name": "丙张"})
        first_wrote.set()
        await somebody_waits(company)

    async def meanwhile(work: Work) -> None:
        await first_wrote.wait()
        await records.update(work, "customer", [second], {"name": "丙张"})

    slow = asyncio.create_task(company.write(slowly))
    with pytest.raises(Refused) as caught:
        await company.write(meanwhile)
    await slow

    assert [(each.path, each.fault.code) for each in caught.value.violations] == [((0, "name"), "UNIQUE_TAKEN")]
    assert [each.record_id for each in caught.value.duplicates] == [str(first)]

    assert [(await stored(company, "customer", each))["name"] for each in (first, second)] == ["丙张", "乙张"]


async def test_a_held_record_waits_for_nobody_else(company: Tenant) -> None:
    made = await create_one(company, "customer", name="甲寒", level="a")

    async def hold(work: Work) -> tuple[object, object]:
        held = await records.hold(work, "customer", made)
        return held["name"], held["level"]

    assert await company.write(hold) == ("甲寒", "a")


async def test_what_may_not_be_changed_is_not_held(company: Tenant) -> None:
    hidden: UUID = await create_one(company, "customer", name="甲来", person="stranger")

    with pytest.raises(NotFound):
        await company.write(lambda work: records.hold(work, "customer", hidden), person="sales")
