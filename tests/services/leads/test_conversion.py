from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from services import verbs
from services.leads import convert_lead
from services.leads.conversion import Conversion, Converted
from services.query.errors import FieldNotReadable
from services.records.errors import ObjectNotWritable
from tenants.errors import NotFound
from tests.builders.permissions import limit_field
from tests.builders.records import create, create_one, history, refused, stored, traces, update

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from services.verbs import Outcome
    from tests.builders.tenants import Tenant

MESSY = {
    "name": " 王芳 ",
    "phone": "１３８００１３８０００",
    "email": "Wang.Fang@HuaQiang.CN",
    "industry": "manufacturing",
    "source": "website",
    "title": "采购经理",
}


async def convert(
    tenant: Tenant,
    lead_id: UUID,
    *,
    person: str = "sales",
    customer_id: UUID | None = None,
    opportunity: Mapping[str, object] | None = None,
) -> Converted:
    return await tenant.write(
        lambda work: convert_lead(work, lead_id, Conversion(customer_id, opportunity)), person=person
    )


async def test_a_lead_becomes_customer_contact_and_opportunity(company: Tenant) -> None:
    lead = await create_one(company, "lead", person="sales", **MESSY, company="深圳华强有限责任公司")

    made = await convert(company, lead, opportunity={"amount": {"amount": "5000"}})

    customer = await stored(company, "customer", made.customer_id)
    contact = await stored(company, "contact", made.contact_id)
    assert made.opportunity_id
    opportunity = await stored(company, "opportunity", made.opportunity_id)
    sales = company.user_id("sales")
    assert (customer["name"], customer["phone"], customer["industry"], customer["source"], customer["owner_id"]) == (
        "深圳华强有限责任公司",
        "+8613800138000",
        "manufacturing",
        "website",
        sales,
    )
    assert (contact["name"], contact["email"], contact["title"], contact["customer_id"], contact["owner_id"]) == (
        "王芳",
        "wang.fang@huaqiang.cn",
        "采购经理",
        made.customer_id,
        sales,
    )
    assert (opportunity["name"], str(opportunity["amount"]), opportunity["stage"], opportunity["source"]) == (
        "深圳华强有限责任公司",
        "5000.0000",
        "qualify",
        "website",
    )
    assert (opportunity["customer_id"], opportunity["contact_id"]) == (made.customer_id, made.contact_id)


async def test_the_lead_says_what_it_became(company: Tenant) -> None:
    lead = await create_one(company, "lead", person="sales", **MESSY, company="广州华强有限责任公司")

    made = await convert(company, lead, opportunity={})

    row = await stored(company, "lead", lead)
    assert (row["status"], row["converted_customer_id"], row["converted_contact_id"], row["version"]) == (
        "converted",
        made.customer_id,
        made.contact_id,
        2,
    )
    assert [verb for _, verb, _ in await history(company, lead)] == ["created", "updated"]


async def test_converting_again_answers_the_same_and_writes_nothing(company: Tenant) -> None:
    lead = await create_one(company, "lead", person="sales", **MESSY, company="珠海华强有限责任公司")
    first = await convert(company, lead, opportunity={})
    before = await traces(company)

    assert await convert(company, lead, opportunity={"name": "另一个"}) == first
    assert await traces(company) == before


async def test_a_customer_of_the_same_normal_form_is_taken(company: Tenant) -> None:
    known = await create_one(company, "customer", name="汕头华强有限公司", person="sales")
    lead = await create_one(company, "lead", person="sales", **MESSY, company="汕头华强有限责任公司")

    made = await convert(company, lead)

    assert (made.customer_id, made.opportunity_id) == (known, None)
    assert (await stored(company, "customer", known))["version"] == 1


async def test_a_customer_out_of_sight_is_not_taken(company: Tenant) -> None:
    await create_one(company, "customer", name="佛山华强有限公司", person="stranger")
    lead = await create_one(company, "lead", person="sales", **MESSY, company="佛山华强有限责任公司")

    assert await refused(convert(company, lead)) == [(("customer", "name"), "UNIQUE_TAKEN")]
    assert (await stored(company, "lead", lead))["status"] == "new"


@pytest.mark.parametrize("level", ["masked", "none"])
async def test_what_may_not_be_read_of_a_lead_does_not_come_to_light_in_what_it_becomes(
    tenant: Tenant, level: str
) -> None:
    lead = await create_one(tenant, "lead", person="sales", **MESSY, company="惠州华强有限责任公司")
    await limit_field(tenant, "sales", "lead", "phone", level)
    before = await traces(tenant)

    with pytest.raises(FieldNotReadable) as refusal:
        await convert(tenant, lead, opportunity={})

    assert refusal.value.details == {"fields": "lead.phone"}
    assert await traces(tenant) == before


async def test_the_named_customer_is_joined(company: Tenant) -> None:
    chosen = await create_one(company, "customer", name="东莞另一家", person="sales")
    lead = await create_one(company, "lead", person="sales", **MESSY, company="东莞华强有限责任公司")

    made = await convert(company, lead, customer_id=chosen)

    assert (await stored(company, "contact", made.contact_id))["customer_id"] == chosen


async def test_a_lead_without_company_is_a_person(company: Tenant) -> None:
    lead = await create_one(company, "lead", name="李强", person="sales")

    made = await convert(company, lead)

    assert (await stored(company, "customer", made.customer_id))["name"] == "李强"


async def test_what_was_done_with_the_lead_follows_it(company: Tenant) -> None:
    lead = await create_one(company, "lead", person="sales", **MESSY, company="中山华强有限责任公司")
    call, _ = await create(
        company,
        "activity",
        {"subject": "首次电话", "kind": "call", "occurredAt": "2026-03-01T02:00:00Z", "leadId": lead},
        {"subject": "无关", "kind": "call", "occurredAt": "2026-03-02T02:00:00Z"},
        person="sales",
    )

    made = await convert(company, lead)

    row = await stored(company, "activity", call)
    assert (row["lead_id"], row["customer_id"], row["contact_id"]) == (lead, made.customer_id, made.contact_id)
    latest = (await stored(company, "customer", made.customer_id))["last_activity_at"]
    assert latest.isoformat() == "2026-03-01T02:00:00+00:00"


async def test_violations_name_what_could_not_be_made(company: Tenant) -> None:
    lead = await create_one(company, "lead", person="sales", **MESSY, company="江门华强有限责任公司")

    assert await refused(convert(company, lead, opportunity={"stage": "nowhere", "probability": 101})) == [
        (("opportunity", "stage"), "UNKNOWN_CHOICE"),
        (("opportunity", "probability"), "OUT_OF_RANGE"),
    ]


async def test_a_lead_of_somebody_else_is_not_there(company: Tenant) -> None:
    lead = await create_one(company, "lead", person="stranger", **MESSY, company="湛江华强有限责任公司")

    with pytest.raises(NotFound):
        await convert(company, lead)


async def test_who_may_only_read_leads_does_not_convert_them(company: Tenant) -> None:
    lead = await create_one(company, "lead", **MESSY, company="茂名华强有限责任公司")

    with pytest.raises(ObjectNotWritable):
        await convert(company, lead, person="finance")


async def run(tenant: Tenant, **given: object) -> Outcome:
    definition = verbs.definition("convertLead")
    assert definition
    return await tenant.write(lambda work: definition.run(work, given), person="sales")


async def test_the_declared_verb_answers_every_record(company: Tenant) -> None:
    lead = await create_one(company, "lead", person="sales", **MESSY, company="肇庆华强有限责任公司")

    outcome = await run(company, id=str(lead))

    assert sorted(outcome.ids) == ["contact", "customer", "lead", "opportunity"]


async def test_the_declared_verb_makes_no_opportunity_for_null(company: Tenant) -> None:
    lead = await create_one(company, "lead", person="sales", **MESSY, company="清远华强有限责任公司")
    customer = await create_one(company, "customer", name="清远另一家", person="sales")

    outcome = await run(company, id=str(lead), opportunity=None, customerId=str(customer))

    assert sorted(outcome.ids) == ["contact", "customer", "lead"]


async def test_an_id_that_is_none_is_refused(shared_tenant: Tenant) -> None:
    assert await refused(run(shared_tenant, id="x")) == [(("id",), "NOT_AN_ID")]


@pytest.mark.parametrize("person", ["sales", "admin"])
async def test_nobody_marks_a_lead_converted_or_takes_it_back_by_hand(company: Tenant, person: str) -> None:
    lead = await create_one(company, "lead", person="sales", **MESSY, company=f"潮州{person}有限责任公司")

    marked = update(company, "lead", lead, person=person, status="converted")
    assert await refused(marked) == [((0, "status"), "ONLY_BY_ACTION")]
    made = create(company, "lead", {"name": "王芳", "status": "converted"}, person=person)
    assert await refused(made) == [((0, "status"), "ONLY_BY_ACTION")]
    await convert(company, lead)
    back = update(company, "lead", lead, person=person, status="new")
    assert await refused(back) == [((0, "status"), "ONLY_BY_ACTION")]
    await update(company, "lead", lead, person=person, status="converted", note="已跟进")

    row = await stored(company, "lead", lead)
    assert (row["status"], row["note"]) == ("converted", "已跟进")


async def test_converting_needs_no_right_on_the_status(tenant: Tenant) -> None:
    lead = await create_one(tenant, "lead", person="sales", **MESSY, company="潮州华强有限责任公司")
    await limit_field(tenant, "sales", "lead", "status", "read")

    await convert(tenant, lead)

    assert (await stored(tenant, "lead", lead))["status"] == "converted"
