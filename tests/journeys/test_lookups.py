"""[A3] A lookup shows a field of the record behind a relation, to those who may read both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.builders.mutations import mutate
from tests.builders.roles import customer, role_id

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.clients import Client

    ClientAs = Callable[..., Awaitable[Client]]
    Person = Callable[[str], Awaitable[Client]]


def lookup(name: str, field: str, relation: str = "customer", **given: object) -> dict[str, object]:
    options = {"relation": relation, "field": field}
    return {"label": {"zh": name, "en": name}, "type": "lookup", "name": name, "options": options, **given}


async def with_lookups(admin: Client) -> Client:
    for each in (lookup("area", "region"), lookup("call", "phone"), lookup("revenue", "annualRevenue")):
        assert (await mutate(admin, "addField", object="contact", field=each))["errors"] == []
    return admin


@pytest.fixture
async def admin(person: Person) -> Client:
    """Of the company, where names are of one test each."""
    made = await person("admin")
    there = await made.data('{ fieldDefinitions(filter: {name: {eq: "area_c"}}) { totalCount } }')
    return made if there["fieldDefinitions"]["totalCount"] else await with_lookups(made)


async def contact(client: Client, customer_id: str | None, name: str = "a") -> str:
    made = await mutate(client, "createContact", "contact { id }", record={"name": name, "customerId": customer_id})
    return str(made["contact"]["id"])


async def shown(client: Client, record: str, fields: str = "area_c call_c revenue_c { amount currency }") -> Any:
    return (await client.data(f'{{ contact(id: "{record}") {{ {fields} }} }}'))["contact"]  # Any: decoded JSON


async def test_values_behind_a_relation_are_shown_as_they_are_now(admin: Client) -> None:
    made = await customer(
        admin, name="a", region="华东", phone="13800138000", annualRevenue={"amount": "12.5", "currency": "CNY"}
    )
    record, alone = await contact(admin, made), await contact(admin, None)

    before = await shown(admin, record)
    await mutate(admin, "updateCustomer", id=made, set={"region": "华北"})

    money = {"amount": "12.5", "currency": "CNY"}
    assert before == {"area_c": "华东", "call_c": "+8613800138000", "revenue_c": money}
    assert await shown(admin, record, "area_c") == {"area_c": "华北"}
    assert await shown(admin, alone) == {"area_c": None, "call_c": None, "revenue_c": None}


async def test_a_record_out_of_sight_or_in_the_bin_shows_nothing(admin: Client, person: Person) -> None:
    sales = await person("sales")
    made = await customer(admin, name="b", region="华东")
    record = await contact(admin, made)
    me = (await sales.data("{ me { id } }"))["me"]["id"]
    await mutate(admin, "updateContact", id=record, set={"ownerId": me})

    seen = [await shown(each, record, "area_c") for each in (admin, sales)]
    await mutate(admin, "deleteCustomer", id=made)

    assert seen == [{"area_c": "华东"}, {"area_c": None}]
    # Contacts of a customer go with it.
    assert await shown(admin, record, "area_c") is None


@pytest.mark.parametrize(
    ("object_name", "field", "level"),
    [("customer", "phone", "none"), ("contact", "call_c", "none"), ("contact", "customer", "none")],
)
async def test_what_leads_to_a_closed_field_is_closed(
    client_as: ClientAs, object_name: str, field: str, level: str
) -> None:
    admin, sales = await with_lookups(await client_as("admin")), await client_as("sales")
    role = await role_id(admin, "sales")

    done = await mutate(admin, "setFieldPermission", roleId=role, object=object_name, field=field, level=level)
    (error,) = await sales.errors("{ contacts { nodes { call_c } } }")
    sdl = (await sales.get("/schema.graphql")).text

    assert done["errors"] == []
    assert error["extensions"]["code"] == "FIELD_NOT_READABLE"
    assert "call_c" not in sdl


async def test_a_masked_field_is_shown_masked(client_as: ClientAs) -> None:
    admin, sales = await with_lookups(await client_as("admin")), await client_as("sales")
    role = await role_id(admin, "sales")
    record = await contact(sales, await customer(sales, name="a", phone="13800138000", region="华东"))

    await mutate(
        admin, "setFieldPermission", roleId=role, object="customer", field="phone", level="masked", mask="phone"
    )

    assert await shown(sales, record, "call_c area_c customer { phone }") == {
        "call_c": "138****8000",
        "area_c": "华东",
        "customer": {"phone": "138****8000"},
    }


async def test_nobody_writes_filters_or_sorts_by_a_lookup(admin: Client) -> None:
    codes = [
        (await admin.errors(text))[0]["extensions"]["code"]
        for text in (
            'mutation { createContact(input: {record: {name: "a", area_c: "x"}}) { errors { code } } }',
            '{ contacts(filter: {area_c: {eq: "x"}}) { totalCount } }',
            "{ contacts(orderBy: [{area_c: ASC}]) { totalCount } }",
        )
    ]

    assert codes == ["DOCUMENT_INVALID"] * 3


async def test_a_lookup_goes_and_comes_with_what_it_shows(admin: Client) -> None:
    about = {"object": "customer", "field": "region"}
    record = await contact(admin, await customer(admin, name="c", region="华东"))

    await mutate(admin, "retireField", **about)
    (gone,) = await admin.errors("{ contacts { nodes { area_c } } }")
    await mutate(admin, "restoreField", **about)

    assert gone["extensions"]["code"] == "DOCUMENT_INVALID"
    assert await shown(admin, record, "area_c") == {"area_c": "华东"}


@pytest.mark.parametrize(
    ("field", "paths"),
    [
        (lookup("x", "region", "name"), [["field", "options", "relation"]]),
        (lookup("x", "nothing"), [["field", "options", "field"]]),
        (lookup("x", "owner"), [["field", "options", "field"]]),
        (lookup("x", "region", required=True), [["field", "required"]]),
        (lookup("x", "region", unique=True), [["field", "unique"]]),
    ],
)
async def test_what_a_lookup_cannot_show_is_refused(
    admin: Client, field: dict[str, object], paths: list[list[str]]
) -> None:
    done = await mutate(admin, "addField", object="contact", field=field)

    assert sorted(each["path"] for each in done["errors"]) == paths


async def test_a_lookup_is_changed_to_show_another_field(admin: Client) -> None:
    record = await contact(admin, await customer(admin, name="d", region="华东"))
    await mutate(admin, "addField", object="contact", field=lookup("other", "region"))
    about = {"object": "contact", "field": "other_c"}

    refused = await mutate(admin, "updateField", **about, options={"field": "nothing"})
    done = await mutate(admin, "updateField", **about, options={"field": "name"})

    assert [each["code"] for each in refused["errors"]] == ["BAD_OPTION"]
    assert done["errors"] == []
    assert await shown(admin, record, "other_c") == {"other_c": "d"}
