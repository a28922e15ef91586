from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from services import records
from services.records.errors import NotUniqueField, ObjectNotWritable
from tests.builders.records import CREDIT_CODES, Traces, create, create_one, refused, stored, traces

if TYPE_CHECKING:
    from collections.abc import Mapping

    from services.records import Written
    from tests.builders.tenants import Tenant


async def upsert(
    tenant: Tenant, *given: Mapping[str, object], person: str = "", by: str = "name", skip_errors: bool = False
) -> Written:
    return await tenant.write(
        lambda work: records.upsert(work, "customer", given, by=by, skip_errors=skip_errors), person=person
    )


async def test_who_has_the_value_is_changed_and_everyone_else_created(company: Tenant) -> None:
    known = await create_one(company, "customer", name="华强有限公司", level="b", region="华东")

    written = await upsert(company, {"name": "新客户", "level": "c"}, {"name": "华强有限责任公司", "level": "a"})

    made, changed = written.ids
    assert changed == known
    row = await stored(company, "customer", known)
    assert (row["name"], row["level"], row["region"], row["version"]) == ("华强有限责任公司", "a", "华东", 2)
    assert (await stored(company, "customer", made))["status"] == "potential"


async def test_the_same_upsert_twice_changes_nothing(company: Tenant) -> None:
    before = await traces(company)
    first = await upsert(company, {"name": "甲地", "level": "a"})

    second = await upsert(company, {"name": "甲地", "level": "a"})

    assert second.ids == first.ids
    assert await traces(company) - before == Traces(1, 1, 1)


async def test_all_violations_come_at_once(company: Tenant) -> None:
    await create(company, "customer", {"name": "甲玄", "creditCode": CREDIT_CODES[0]}, {"name": "乙玄"})
    before = await traces(company)

    found = await refused(
        upsert(
            company,
            {"level": "a"},
            {"name": "乙玄", "creditCode": CREDIT_CODES[0]},
            {"name": "丙玄", "phone": "1"},
            {"name": "丁玄"},
            {"name": "丁玄"},
            {"name": "戊玄", "creditCode": CREDIT_CODES[0]},
        )
    )

    assert found == [
        ((0, "name"), "REQUIRED"),
        ((1, "creditCode"), "UNIQUE_TAKEN"),
        ((2, "phone"), "NOT_A_PHONE"),
        ((4, "name"), "UNIQUE_TAKEN"),
        ((5, "creditCode"), "UNIQUE_TAKEN"),
    ]
    assert await traces(company) == before


async def test_the_good_ones_are_written_when_errors_are_skipped(company: Tenant) -> None:
    await create(
        company, "customer", {"name": "甲黄", "creditCode": CREDIT_CODES[1]}, {"name": "乙黄"}, {"name": "丙黄"}
    )

    written = await upsert(
        company,
        {"name": "乙黄", "creditCode": CREDIT_CODES[1]},
        {"name": "丙黄", "level": "a"},
        {"name": "丁黄"},
        {"name": "戊黄", "phone": "1"},
        skip_errors=True,
    )

    assert [(await stored(company, "customer", each))["name"] for each in written.ids] == ["丙黄", "丁黄"]
    assert [(each.path, each.fault.code) for each in written.violations] == [
        ((0, "creditCode"), "UNIQUE_TAKEN"),
        ((3, "phone"), "NOT_A_PHONE"),
    ]


async def test_a_record_out_of_sight_is_never_changed(company: Tenant) -> None:
    hidden = await create_one(company, "customer", name="甲宇", person="stranger")

    assert await refused(upsert(company, {"name": "甲宇", "level": "a"}, person="sales")) == [
        ((0, "name"), "UNIQUE_TAKEN")
    ]
    assert (await stored(company, "customer", hidden))["version"] == 1


async def test_who_may_neither_create_nor_change_is_forbidden(company: Tenant) -> None:
    await create_one(company, "customer", name="甲宙")

    with pytest.raises(ObjectNotWritable):
        await upsert(company, {"name": "甲宙"}, person="finance")


async def test_a_field_that_is_not_unique_names_no_record(shared_tenant: Tenant) -> None:
    with pytest.raises(NotUniqueField):
        await upsert(shared_tenant, {"name": "甲"}, by="phone")


async def test_two_upserts_of_a_new_value_make_one_record(company: Tenant) -> None:
    written = await asyncio.gather(*(upsert(company, {"name": "甲洪", "level": level}) for level in ("a", "b")))

    assert written[0].ids == written[1].ids
    assert (await stored(company, "customer", written[0].ids[0]))["version"] == 2
