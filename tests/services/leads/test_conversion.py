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
    "company": "深圳华强有限责任公司",
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


async def test_a_lead_becomes_customer_contact_and_opportunity(tenant: Tenant) -> None:
    lead = await create_one(tenant, "lead", person="sales", **MESSY)

    made = await convert(tenant, lead, opportunity={"amount": {"amount": "5000"}})

    customer = await stored(tenant, "customer", made.customer_id)
    contact = await stored(tenant, "contact", made.contact_id)
    assert made.opportunity_id
    opportunity = await stored(tenant, "opportunity", made.opportunity_id)
    sales = tenant.user_id("sales")
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


async def test_the_lead_says_what_it_became(tenant: Tenant) -> None:
    lead = await create_one(tenant, "lead", person="sales", **MESSY)

    made = await convert(tenant, lead, opportunity={})

    row = await stored(tenant, "lead", lead)
    assert (row["status"], row["converted_customer_id"], row["converted_contact_id"], row["version"]) == (
        "converted",
        made.customer_id,
        made.contact_id,
        2,
    )
    assert [verb for _, verb, _ in await history(tenant, lead)] == ["created", "updated"]


async def test_converting_again_answers_the_same_and_writes_nothing(tenant: Tenant) -> None:
    lead = await create_one(tenant, "lead", person="sales", **MESSY)
    first = await convert(tenant, lead, opportunity={})
    before = await traces(tenant)

    assert await convert(tenant, lead, opportunity={"name": "另一个"}) == first
    assert await traces(tenant) == before


async def test_a_customer_of_the_same_normal_form_is_taken(tenant: Tenant) -> None:
    known = await create_one(tenant, "customer", name="深圳华强有限公司", person="sales")
    lead = await create_one(tenant, "lead", person="sales", **MESSY)

    made = await convert(tenant, lead)

    assert (made.customer_id, made.opportunity_id) == (known, None)
    assert (await stored(tenant, "customer", known))["version"] == 1


async def test_a_customer_out_of_sight_is_not_taken(tenant: Tenant) -> None:
    await create_one(tenant, "customer", name="深圳华强有限公司", person="stranger")
    lead = await create_one(tenant, "lead", person="sales", **MESSY)

    assert await refused(convert(tenant, lead)) == [(("customer", "name"), "UNIQUE_TAKEN")]
    assert (await stored(tenant, "lead", lead))["status"] == "new"


@pytest.mark.parametrize("level", ["masked", "none"])
async def test_what_may_not_be_read_of_a_lead_does_not_come_to_light_in_what_it_becomes(
    tenant: Tenant, level: str
) -> None:
    lead = await create_one(tenant, "lead", person="sales", **MESSY)
    await limit_field(tenant, "sales", "lead", "phone", level)
    before = await traces(tenant)

    with pytest.raises(FieldNotReadable) as refusal:
        await convert(tenant, lead, opportunity={})

    assert refusal.value.details == {"fields": "lead.phone"}
    assert await traces(tenant) == before


async def test_the_named_customer_is_joined(tenant: Tenant) -> None:
    chosen = await create_one(tenant, "customer", name="另一家", person="sales")
    lead = await create_one(tenant, "lead", person="sales", **MESSY)

    made = await convert(tenant, lead, customer_id=chosen)

    assert (await stored(tenant, "contact", made.contact_id))["customer_id"] == chosen


async def test_a_lead_without_company_is_a_person(tenant: Tenant) -> None:
    lead = await create_one(tenant, "lead", name="李强", person="sales")

    made = await convert(tenant, lead)

    assert (await stored(tenant, "customer", made.customer_id))["name"] == "李强"


async def test_what_was_done_with_the_lead_follows_it(tenant: Tenant) -> None:
    lead = await create_one(tenant, "lead", person="sales", **MESSY)
    call, _ = await create(
        tenant,
        "activity",
        {"subject": "首次电话", "kind": "call", "occurredAt": "2026-03-01T02:00:00Z", "leadId": lead},
        {"subject": "无关", "kind": "call", "occurredAt": "2026-03-02T02:00:00Z"},
        person="sales",
    )

    made = await convert(tenant, lead)

    row = await stored(tenant, "activity", call)
    assert (row["lead_id"], row["customer_id"], row["contact_id"]) == (lead, made.customer_id, made.contact_id)
    latest = (await stored(tenant, "customer", made.customer_id))["last_activity_at"]
    assert latest.isoformat() == "2026-03-01T02:00:00+00:00"


async def test_violations_name_what_could_not_be_made(tenant: Tenant) -> None:
    lead = await create_one(tenant, "lead", person="sales", **MESSY)

    assert await refused(convert(tenant, lead, opportunity={"stage": "nowhere", "probability": 101})) == [
        (("opportunity", "stage"), "UNKNOWN_CHOICE"),
        (("opportunity", "probability"), "OUT_OF_RANGE"),
    ]


async def test_a_lead_of_somebody_else_is_not_there(tenant: Tenant) -> None:
    lead = await create_one(tenant, "lead", person="stranger", **MESSY)

    with pytest.raises(NotFound):
        await convert(tenant, lead)


async def test_who_may_only_read_leads_does_not_convert_them(tenant: Tenant) -> None:
    lead = await create_one(tenant, "lead", **MESSY)

    with pytest.raises(ObjectNotWritable):
        await convert(tenant, lead, person="finance")


async def run(tenant: Tenant, **given: object) -> Outcome:
    definition = verbs.definition("convertLead")
    assert definition
    return await tenant.write(lambda work: definition.run(work, given), person="sales")


async def test_the_declared_verb_answers_every_record(tenant: Tenant) -> None:
    lead = await create_one(tenant, "lead", person="sales", **MESSY)

    outcome = await run(tenant, id=str(lead))

    assert sorted(outcome.ids) == ["contact", "customer", "lead", "opportunity"]


async def test_the_declared_verb_makes_no_opportunity_for_null(tenant: Tenant) -> None:
    lead = await create_one(tenant, "lead", person="sales", **MESSY)
    customer = await create_one(tenant, "customer", name="另一家", person="sales")

    outcome = await run(tenant, id=str(lead), opportunity=None, customerId=str(customer))

    assert sorted(outcome.ids) == ["contact", "customer", "lead"]


async def test_an_id_that_is_none_is_refused(shared_tenant: Tenant) -> None:
    assert await refused(run(shared_tenant, id="x")) == [(("id",), "NOT_AN_ID")]


async def test_a_lead_marked_converted_by_hand_can_still_be_converted(tenant: Tenant) -> None:
    lead = await create_one(tenant, "lead", person="sales", **MESSY)
    await update(tenant, "lead", lead, status="converted")

    made = await convert(tenant, lead)

    assert (await stored(tenant, "lead", lead))["converted_customer_id"] == made.customer_id
