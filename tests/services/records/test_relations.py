from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from services import identity, records
from tests.builders.derived import define, field
from tests.builders.metadata import registry_of
from tests.builders.records import create, create_one, refused, stored

if TYPE_CHECKING:
    from uuid import UUID

    from tests.builders.tenants import Tenant


async def contact_of(tenant: Tenant, customer: UUID | str, *, person: str = "") -> UUID:
    return await create_one(tenant, "contact", person=person, name="王芳", customerId=customer)


async def test_a_record_points_at_a_visible_one(company: Tenant) -> None:
    customer = await create_one(company, "customer", name="甲天", person="sales")

    made = await contact_of(company, str(customer), person="sales")

    assert (await stored(company, "contact", made))["customer_id"] == customer


async def test_an_id_of_another_object_is_told_by_its_number(company: Tenant) -> None:
    contact = await create_one(company, "contact", name="王芳")

    assert await refused(contact_of(company, contact)) == [((0, "customerId"), "WRONG_OBJECT")]
    assert await refused(contact_of(company, uuid4())) == [((0, "customerId"), "WRONG_OBJECT")]
    assert await refused(contact_of(company, "no id")) == [((0, "customerId"), "NOT_AN_ID")]


async def test_objects_whose_names_differ_in_capitals_alone_are_pointed_at_together(company: Tenant) -> None:
    one, other = [await define(company, each, field("code", "text")) for each in ("crate", "crAte")]
    name = await define(company, "stack", *(field(each, "relation", target=each) for each in (one, other)))
    ids = [await create_one(company, each, code_c="a") for each in (one, other)]

    made = await create_one(company, name, crateId_c=ids[0], crAteId_c=ids[1])

    names = (await registry_of(company)).names[name]
    row = await stored(company, names.table, made)
    assert [row[names.fields[each].column] for each in (one, other)] == ids


async def test_absent_deleted_and_invisible_are_the_same(company: Tenant) -> None:
    absent = company.installation.transactions._ids.new(101)
    hidden = await create_one(company, "customer", name="甲玄", person="stranger")
    deleted = await create_one(company, "customer", name="乙玄", person="sales")
    await company.write(lambda work: records.delete(work, "customer", [deleted]))

    for each in (absent, hidden, deleted):
        assert await refused(contact_of(company, each, person="sales")) == [((0, "customerId"), "RELATION_NOT_FOUND")]


async def test_every_wrong_relation_of_a_set_is_named(company: Tenant) -> None:
    customer = await create_one(company, "customer", name="甲黄")
    contact = await create_one(company, "contact", name="王芳")
    absent = company.installation.transactions._ids.new(102)

    found = await refused(
        create(
            company,
            "opportunity",
            {"name": "一", "customerId": customer, "contactId": contact},
            {"name": "二", "customerId": contact, "contactId": absent},
        )
    )

    assert found == [((1, "customerId"), "WRONG_OBJECT"), ((1, "contactId"), "RELATION_NOT_FOUND")]


async def test_a_deactivated_user_is_given_nothing(tenant: Tenant) -> None:
    await tenant.define(lambda work: identity.deactivate_user(work, tenant.user_id("colleague")), person="admin")

    attempt = create_one(tenant, "customer", name="甲", ownerId=tenant.user_id("colleague"))

    assert await refused(attempt) == [((0, "ownerId"), "RELATION_NOT_FOUND")]


@pytest.mark.parametrize(
    ("person", "owner", "is_allowed"),
    [
        ("sales", "sales", True),
        ("sales", "colleague", False),
        ("manager", "colleague", True),
        ("manager", "stranger", False),
        ("admin", "stranger", True),
    ],
)
async def test_a_new_record_is_owned_within_the_own_scope(
    company: Tenant, person: str, owner: str, *, is_allowed: bool
) -> None:
    attempt = create_one(
        company, "customer", person=person, name=f"甲 {person} {owner}", ownerId=company.user_id(owner)
    )

    if is_allowed:
        assert (await stored(company, "customer", await attempt))["owner_id"] == company.user_id(owner)
    else:
        assert await refused(attempt) == [((0, "ownerId"), "OWNER_OUT_OF_SCOPE")]


async def test_what_a_record_points_at_already_is_not_looked_for_again(company: Tenant) -> None:
    customer = await create_one(company, "customer", name="甲宙", person="stranger")
    contact = await create_one(company, "contact", name="王芳", customerId=customer, ownerId=company.user_id("sales"))

    same = {"customerId": str(customer), "title": "经理"}
    await company.write(lambda work: records.update(work, "contact", [contact], same), person="sales")

    assert (await stored(company, "contact", contact))["title"] == "经理"
