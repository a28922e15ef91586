from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
import sqlalchemy as sa

from schema.metadata.errors import UnknownField, UnknownObject
from schema.tables.metadata import tenant_setting
from services import identity, query, records
from services.permissions import Verb
from services.query.plan import Compare, Parameter
from services.records.errors import FieldNotWritable, ObjectNotWritable, TooManyRecords
from tenants.context import Moving
from tenants.errors import Refused
from tests.builders.records import Traces, create, create_one, events, history, refused, stored, touches, traces

if TYPE_CHECKING:
    from tenants.context import DefinitionWork
    from tests.builders.tenants import Tenant


async def test_values_are_stored_in_their_normal_form(company: Tenant) -> None:
    made = await create_one(
        company,
        "customer",
        name="  深圳华东 有限责任公司 ",
        phone="１３８ ００１３ ８０００",
        email=" Info@HuaQiang.CN ",
        annualRevenue={"amount": "1200000.50"},
    )

    row = await stored(company, "customer", made)
    assert (row["name"], row["phone"], row["email"]) == ("深圳华东 有限责任公司", "+8613800138000", "info@huaqiang.cn")
    assert (row["name_norm"], row["name_sort"][:13]) == ("深圳华东有限公司", "shen zhen hua")
    assert (str(row["annual_revenue"]), row["annual_revenue_currency"]) == ("1200000.5000", "CNY")
    assert (row["version"], row["status"], row["owner_id"], row["deleted_at"]) == (1, "potential", None, None)


async def test_whoever_creates_a_record_owns_it(company: Tenant) -> None:
    made = await create_one(company, "customer", name="甲地", person="sales")

    row = await stored(company, "customer", made)
    sales = company.user_id("sales")
    assert (row["owner_id"], row["created_by_id"], row["updated_by_id"]) == (sales, sales, sales)


async def test_a_record_leaves_history_audit_change_mark_and_event(company: Tenant) -> None:
    before, marks, seen = await traces(company), await touches(company), len(await events(company))

    made = await create_one(company, "contact", name="王芳", person="sales")

    assert await traces(company) - before == Traces(1, 1, 1)
    assert [(version, verb) for version, verb, _ in await history(company, made)] == [(1, "created")]
    assert (await events(company))[seen:] == [
        ("record.created", {"object_name": "contact", "ids": [str(made)], "fields": ["isPrimary", "name", "ownerId"]})
    ]
    assert await touches(company) == marks + 1


async def test_a_set_is_written_in_order_with_one_event(company: Tenant) -> None:
    before, seen = await traces(company), len(await events(company))

    made = await create(company, "contact", *({"name": f"联系人{number}"} for number in range(1000)))

    assert [(await stored(company, "contact", made[at]))["name"] for at in (0, 999)] == ["联系人0", "联系人999"]
    assert await traces(company) - before == Traces(1000, 1000, 1000)
    assert [(message, len(payload["ids"])) for message, payload in (await events(company))[seen:]] == [
        ("record.created", 1000)
    ]


async def test_more_than_a_set_may_hold_is_too_much(company: Tenant) -> None:
    before = await traces(company)

    with pytest.raises(TooManyRecords):
        await create(company, "contact", *({"name": "x"} for _ in range(1001)))

    assert await traces(company) == before


async def test_all_violations_of_a_set_are_named_at_once_and_nothing_is_written(company: Tenant) -> None:
    await create_one(company, "customer", name="华强有限公司")
    before = await traces(company)

    found = await refused(
        create(
            company,
            "customer",
            {"name": "华强有限责任公司", "phone": "12"},
            {"level": "z"},
            {"name": "华东\0", "parentId": str(uuid4())},
            {"name": "乙宙", "email": "not a mail"},
            {"name": "乙宙"},
        )
    )

    assert found == [
        ((0, "phone"), "NOT_A_PHONE"),
        ((0, "name"), "UNIQUE_TAKEN"),
        ((1, "level"), "UNKNOWN_CHOICE"),
        ((1, "name"), "REQUIRED"),
        ((2, "name"), "BAD_CHARACTERS"),
        ((2, "parentId"), "WRONG_OBJECT"),
        ((3, "email"), "NOT_AN_EMAIL"),
        ((4, "name"), "UNIQUE_TAKEN"),
    ]
    assert await traces(company) == before


async def test_good_records_of_a_set_are_written_when_errors_are_skipped(company: Tenant) -> None:
    await create_one(company, "customer", name="甲洪")
    given = [{"name": "乙洪"}, {"name": "甲洪"}, {"phone": "1"}, {"name": "丙洪"}, {"name": "丙洪"}]

    written = await company.write(lambda work: records.create(work, "customer", given, skip_errors=True))

    assert [(await stored(company, "customer", each))["name"] for each in written.ids] == ["乙洪", "丙洪"]
    assert [(each.path, each.fault.code) for each in written.violations] == [
        ((1, "name"), "UNIQUE_TAKEN"),
        ((2, "phone"), "NOT_A_PHONE"),
        ((2, "name"), "REQUIRED"),
        ((4, "name"), "UNIQUE_TAKEN"),
    ]


async def test_a_value_that_only_the_index_knows_of_is_named_too(company: Tenant) -> None:
    taken = await create_one(company, "customer", name="甲荒")
    before = await traces(company)

    with pytest.raises(Refused) as caught:
        await create(company, "customer", {"name": "乙荒"}, {"name": "甲荒"})

    assert [(each.path, each.fault.code) for each in caught.value.violations] == [((1, "name"), "UNIQUE_TAKEN")]
    assert [(each.record_id, each.reasons) for each in caught.value.duplicates] == [(str(taken), ("name",))]
    assert await traces(company) == before


async def test_who_may_not_see_the_other_record_learns_the_field_only(company: Tenant) -> None:
    await create_one(company, "customer", name="甲日", person="stranger")

    with pytest.raises(Refused) as caught:
        await create(company, "customer", {"name": "甲日"}, person="sales")

    assert [(each.path, each.fault.code) for each in caught.value.violations] == [((0, "name"), "UNIQUE_TAKEN")]
    assert caught.value.duplicates == ()


async def test_null_is_empty_and_missing_is_the_default(company: Tenant) -> None:
    empty, default = await create(company, "customer", {"name": "甲月", "status": None}, {"name": "乙月"})

    assert (await stored(company, "customer", empty))["status"] is None
    assert (await stored(company, "customer", default))["status"] == "potential"


@pytest.mark.parametrize(
    ("field", "code"), [("lastActivityAt", "READ_ONLY"), ("version", "READ_ONLY"), ("createdById", "READ_ONLY")]
)
async def test_what_the_platform_keeps_is_not_given(shared_tenant: Tenant, field: str, code: str) -> None:
    attempt = create(shared_tenant, "customer", {"name": "甲", field: None})

    assert await refused(attempt) == [((0, field), code)]


async def test_unknown_names_are_refused(shared_tenant: Tenant) -> None:
    with pytest.raises(UnknownField):
        await create(shared_tenant, "customer", {"name": "甲", "nothing": 1})
    with pytest.raises(UnknownObject):
        await create(shared_tenant, "nothing", {})
    with pytest.raises(UnknownObject):
        await create(shared_tenant, "user", {"name": "甲"})


async def test_who_may_not_create_is_forbidden(shared_tenant: Tenant) -> None:
    with pytest.raises(ObjectNotWritable):
        await create(shared_tenant, "customer", {"name": "甲"}, person="finance")


def test_faults_name_what_may_not_be_written() -> None:
    fault = FieldNotWritable(object="customer", field="level")

    assert fault.message("en") == "You may not write the field level of customer."


async def test_a_phone_without_a_country_is_one_of_the_tenants_region(tenant: Tenant) -> None:
    async def settle(work: DefinitionWork) -> None:
        await work.session.execute(sa.update(tenant_setting).values(phone_region="DE"))
        work.moves.add(Moving.METADATA)

    await tenant.define(settle)
    made, chinese = await create(
        tenant, "contact", {"name": "Anna", "phone": "030 1234567"}, {"name": "王", "phone": "+86 138 0013 8000"}
    )
    user_id = await tenant.define(
        lambda work: identity.create_user(work, {"email": "anna@x.example", "name": "Anna", "phone": "030 7654321"})
    )

    rows = [await stored(tenant, *each) for each in (("contact", made), ("contact", chinese), ("user", user_id))]
    assert [row["phone"] for row in rows] == ["+49301234567", "+8613800138000", "+49307654321"]
    found = await tenant.read(
        lambda work: query.matching_ids(
            work, "contact", Compare("phone", "eq", Parameter(0)), ("030/123 45 67",), verb=Verb.READ, limit=2
        )
    )
    assert list(found) == [made]
    assert await refused(create_one(tenant, "contact", name="Anna", phone="13800138000")) == [
        ((0, "phone"), "NOT_A_PHONE")
    ]
