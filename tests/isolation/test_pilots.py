"""[A10] [G2] What a pilot covers, in every place where a field can stand: open to its group, closed to everybody else.

Places are those of the schema itself. Outside are an administrator, people of other roles, whoever looks as one of them, a
token and a partner; to another tenant the names mean nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import pilots as building
from tests.builders.derived import define, field
from tests.builders.field_rules import choices
from tests.builders.metadata import add_field, registry_of
from tests.builders.mutations import mutate, refusal
from tests.builders.oauth import as_partner, partner, personal_token
from tests.isolation.coordinates import coordinates

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from tests.builders.tenants import Tenant
    from tests.clients import Client
    from tests.isolation.coordinates import Coordinate

    Person = Callable[[str], Awaitable[Client]]

pytestmark = [pytest.mark.anyio, pytest.mark.integration]
FIELDS: dict[str, dict[str, Any]] = {  # Any: what a draft takes
    "text": {},
    "integer": {},
    "currency": {},
    "date": {},
    "boolean": {},
    "choice": {"choices": choices("a", "b")},
    "multiChoice": {"choices": choices("a", "b")},
    "person": {},
    "relation": {"target": "product", "inverse_name": "tried"},
}
# Root fields of one document.
_BATCH = 15


async def answers(client: Client, places: Sequence[Coordinate]) -> list[str]:
    """The code that stands for each place, nothing where it is answered."""
    found: list[str] = []
    for at in range(0, len(places), _BATCH):
        batch = places[at : at + _BATCH]
        asked = " ".join(f"p{number}: {each.text}" for number, each in enumerate(batch))
        told = await client.ask(f"{{ {asked} }}")
        codes = {each["path"][0]: each["extensions"]["code"] for each in told.get("errors", ()) if "path" in each}
        assert "data" in told, told
        found += [codes.get(f"p{number}", "") for number in range(len(batch))]
    return found


async def covered_places(tenant: Tenant) -> tuple[list[Coordinate], str, list[str]]:
    """An object and fields of many types on a customer in a pilot of the director, and where they can stand."""
    thing = await define(tenant, "probe", field("code", "text"), field("customer", "relation", target="customer"))
    names = [
        (await add_field(tenant, name=f"{type_}Tried", type=type_, **more)).field_name for type_, more in FIELDS.items()
    ]
    await building.start(tenant, thing, *(f"customer.{each}" for each in names), people=["director"])
    every = coordinates(await registry_of(tenant))
    return [each for each in every if each.object_name == thing or each.field in names], thing, names


async def test_every_place_is_closed_outside_the_group(
    tenant: Tenant, client_as: Callable[..., Awaitable[Client]]
) -> None:
    places, thing, names = await covered_places(tenant)
    admin, director = await client_as("admin"), await client_as("director")
    scopes = ["customer:read", f"{thing}:read", "product:read", "user:read"]
    outside = {each: await client_as(each) for each in ("sales", "manager", "service")}
    outside["view as"] = replace(admin, headers={"X-View-As": str(tenant.user_id("sales"))})
    of_director = replace(director, token=(await personal_token(director, scopes))["token"])
    client = await as_partner(await client_as(), await partner(tenant, admin, scopes))

    assert {each.how for each in places} == {
        "select", "filter", "count", "sort", "cursor", "aggregate", "group", "having", "inverse",
    }  # fmt: skip
    assert {each.field for each in places} >= {*names, "code_c", "customer_c"}
    assert set(await answers(director, places)) == set(await answers(of_director, places)) == {""}
    for who, caller in {"admin": admin, **outside}.items():
        told = await answers(caller, places)
        wrong = [each for each, code in zip(places, told, strict=True) if code not in {
            "FIELD_NOT_READABLE", "OBJECT_NOT_READABLE"}]  # fmt: skip
        assert (who, wrong) == (who, [])
    # Who is told no names is told that there are none.
    assert {await unknown(client, each) for each in places} == {"DOCUMENT_INVALID"}


async def test_nothing_is_written_outside_the_group(
    tenant: Tenant, other_tenant: Tenant, client_as: Callable[..., Awaitable[Client]]
) -> None:
    places, _, names = await covered_places(tenant)
    director, name = await client_as("director"), "textTried_c"
    of_customer, of_probe = {"name": "甲", name: "x"}, {"code_c": "x"}
    made = (await mutate(director, "createCustomer", "customer { id }", record=of_customer))["customer"]["id"]
    probe = (await mutate(director, "createProbe_c", "probe_c { id }", record=of_probe))["probe_c"]["id"]
    writes: tuple[tuple[str, dict[str, Any]], ...] = (
        ("createCustomer", {"record": of_customer}),
        ("createCustomers", {"records": [of_customer]}),
        ("updateCustomer", {"id": made, "set": {name: "y"}}),
        ("updateCustomers", {"ids": [made], "set": {name: "y"}}),
        ("updateCustomers", {"filter": {name: {"eq": "x"}}, "set": {"name": "乙"}}),
        ("upsertCustomers", {"records": [of_customer], "by": "name"}),
        ("createProbe_c", {"record": of_probe}),
        ("updateProbe_c", {"id": probe, "set": of_probe}),
        ("deleteProbe_c", {"id": probe}),
        ("restoreProbe_c", {"id": probe}),
        ("destroyProbe_c", {"id": probe}),
    )

    for who in ("admin", "manager"):
        caller = await client_as(who)
        told = {each: (await refusal(caller, each, **given))[0] for each, given in writes}
        assert set(told.values()) <= {"FIELD_NOT_WRITABLE", "FIELD_NOT_READABLE", "OBJECT_NOT_WRITABLE"}, (who, told)
    assert (await director.data(f'{{ customer(id: "{made}") {{ name {name} version }} }}'))["customer"] == {
        "name": "甲", name: "x", "version": 1,
    }  # fmt: skip
    stranger = await client_as("admin", of=other_tenant)
    assert {await unknown(stranger, each) for each in places if each.field in names} == {"DOCUMENT_INVALID"}


async def unknown(client: Client, place: Coordinate) -> str:
    """The code of a document that is not even valid."""
    (error, *_) = await client.errors(f"{{ {place.text} }}")
    return str(error["extensions"]["code"])
