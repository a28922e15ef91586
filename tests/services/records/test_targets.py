from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from schema.metadata.errors import UnknownObject
from schema.metadata.fields import Field
from services.permissions import Verb
from services.records.errors import ObjectNotWritable, TooManyRecords
from services.records.targets import input_name, open_target, refuse_too_many

if TYPE_CHECKING:
    from services.records.targets import Target
    from tests.builders.tenants import Tenant


def test_inputs_name_relations_by_their_id(customers: Target) -> None:
    assert (customers.by_input["parentId"].name, customers.by_input["ownerId"].name) == ("parent", "owner")
    assert input_name(Field("sheBei_c", "relation")) == "sheBeiId_c"
    assert input_name(Field("name", "text")) == "name"


def test_writes_fill_the_owner_and_the_fields_of_the_object(customers: Target) -> None:
    assert {"owner", "name"} < set(customers.stored_fields)
    assert not {"id", "version", "createdAt", "updatedAt", "deletedAt", "createdBy", "updatedBy"} & set(
        customers.stored_fields
    )


def test_unique_fields_and_numbers_come_from_the_registry(customers: Target) -> None:
    assert [field.name for field in customers.unique_fields] == ["creditCode", "name"]
    assert (customers.number, customers.field_number("owner")) == (101, 6)


def test_the_author_is_the_user_and_the_platform_is_none(customers: Target, own_customers: Target) -> None:
    assert customers.author is None
    assert own_customers.author == own_customers.work.principal.id


def test_another_object_is_seen_by_the_same_caller(own_customers: Target) -> None:
    contacts = own_customers.beside("contact")

    assert (contacts.name, contacts.policy) == ("contact", own_customers.policy)


@pytest.mark.parametrize("name", ["nothing", "user", "auditEntry"])
async def test_only_objects_with_records_are_written(shared_tenant: Tenant, name: str) -> None:
    with pytest.raises(UnknownObject):
        await shared_tenant.write(lambda work: open_target(work, name, Verb.CREATE))


@pytest.mark.parametrize(
    ("person", "verbs", "is_open"),
    [
        ("sales", (Verb.CREATE,), True),
        ("finance", (Verb.CREATE,), False),
        ("finance", (Verb.CREATE, Verb.READ), True),
        ("service", (Verb.DELETE,), False),
    ],
)
async def test_one_right_of_those_asked_for_is_needed(
    shared_tenant: Tenant, person: str, verbs: tuple[Verb, ...], *, is_open: bool
) -> None:
    attempt = shared_tenant.write(lambda work: open_target(work, "customer", *verbs), person=person)

    if is_open:
        assert (await attempt).name == "customer"
    else:
        with pytest.raises(ObjectNotWritable):
            await attempt


def test_a_set_holds_a_thousand() -> None:
    refuse_too_many(1000)
    with pytest.raises(TooManyRecords):
        refuse_too_many(1001)
