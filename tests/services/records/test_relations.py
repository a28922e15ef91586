from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from services import identity, records
from tests.builders.records import create, create_one, refused, stored

if TYPE_CHECKING:
    from uuid import UUID

    from tests.builders.tenants import Tenant


async def contact_of(tenant: Tenant, customer: UUID | str, *, person: str = "") -> UUID:
    return await create_one(tenant, "contact", person=person, name="王芳", customerId=customer)


async def test_a_record_points_at_a_visible_one(tenant: Tenant) -> None:
    customer = await create_one(tenant, "customer", name="甲", person="sales")

    made = await contact_of(tenant, str(customer), person="sales")

    assert (await stored(tenant, "contact", made))["customer_id"] == customer


async def test_an_id_of_another_object_is_told_by_its_number(tenant: Tenant) -> None:
    contact = await create_one(tenant, "contact", name="王芳")

    assert await refused(contact_of(tenant, contact)) == [((0, "customerId"), "WRONG_OBJECT")]
    assert await refused(contact_of(tenant, uuid4())) == [((0, "customerId"), "WRONG_OBJECT")]
    assert await refused(contact_of(tenant, "no id")) == [((0, "customerId"), "NOT_AN_ID")]


async def test_absent_deleted_and_invisible_are_the_same(tenant: Tenant) -> None:
    absent = tenant.installation.transactions._ids.new(101)
    hidden = await create_one(tenant, "customer", name="甲", person="stranger")
    deleted = await create_one(tenant, "customer", name="乙", person="sales")
    await tenant.write(lambda work: records.delete(work, "customer", [deleted]))

    for each in (absent, hidden, deleted):
        assert await refused(contact_of(tenant, each, person="sales")) == [((0, "customerId"), "RELATION_NOT_FOUND")]


async def test_every_wrong_relation_of_a_set_is_named(tenant: Tenant) -> None:
    customer = await create_one(tenant, "customer", name="甲")
    contact = await create_one(tenant, "contact", name="王芳")
    absent = tenant.installation.transactions._ids.new(102)

    found = await refused(
        create(
            tenant,
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
    tenant: Tenant, person: str, owner: str, *, is_allowed: bool
) -> None:
    attempt = create_one(tenant, "customer", person=person, name="甲", ownerId=tenant.user_id(owner))

    if is_allowed:
        assert (await stored(tenant, "customer", await attempt))["owner_id"] == tenant.user_id(owner)
    else:
        assert await refused(attempt) == [((0, "ownerId"), "OWNER_OUT_OF_SCOPE")]


async def test_what_a_record_points_at_already_is_not_looked_for_again(tenant: Tenant) -> None:
    customer = await create_one(tenant, "customer", name="甲", person="stranger")
    contact = await create_one(tenant, "contact", name="王芳", customerId=customer, ownerId=tenant.user_id("sales"))

    same = {"customerId": str(customer), "title": "经理"}
    await tenant.write(lambda work: records.update(work, "contact", [contact], same), person="sales")

    assert (await stored(tenant, "contact", contact))["title"] == "经理"
