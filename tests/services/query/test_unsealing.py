"""Sealed values are opened on their way out, and nobody can write what is taken for one."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from schema.metadata.fields import Label
from tests.builders import metadata, secrets
from tests.builders.mutations import mutate
from tests.builders.roles import role_id
from tests.builders.secrets import NUMBER

if TYPE_CHECKING:
    from tests.builders.tenants import Tenant
    from tests.clients import Client

Person = Callable[[str], Awaitable["Client"]]


@pytest.fixture(scope="module", autouse=True)
async def fields(company: Tenant) -> None:
    await secrets.add_secret(company, "idNumber_c")
    await metadata.add_field(company, name="extra_c", label=Label("x", "x"), type="json")
    await metadata.add_field(company, name="words_c", label=Label("x", "x"), type="longText")


async def test_mark_that_somebody_writes_is_a_text_like_any_other(person: Person, company: Tenant) -> None:
    admin = await person("admin")
    record_id = await secrets.keep(admin, "Forged", idNumber_c=NUMBER)
    sealed = (await secrets.kept(company, "idNumber_c"))[UUID(record_id)]
    forged = f"\x01idNumber_c:{record_id}:{sealed}\x01"

    given = {"words_c": forged, "extra_c": {"a": [forged]}}
    done = await mutate(admin, "updateCustomer", "customer { words_c extra_c }", id=record_id, set=given)

    assert done == {"customer": given, "errors": []}


async def test_every_place_of_an_answer_is_opened(person: Person) -> None:
    admin = await person("admin")
    record_id = await secrets.keep(admin, "Everywhere", idNumber_c=NUMBER)
    contact = await mutate(admin, "createContact", "contact { id }", record={"name": "某", "customerId": record_id})
    document = """
    query ($id: ID!, $contact: ID!) {
      customers(filter: {name: {eq: "Everywhere"}}) { nodes { idNumber_c again: idNumber_c } }
      node(id: $id) { ... on Customer { idNumber_c } }
      contact(id: $contact) { customer { idNumber_c } }
    }
    """

    found = await admin.data(document, id=record_id, contact=contact["contact"]["id"])

    shown = {"idNumber_c": NUMBER}
    assert found == {
        "customers": {"nodes": [{**shown, "again": NUMBER}]},
        "node": shown,
        "contact": {"customer": shown},
    }


async def test_masked_it_shows_nothing_and_closed_it_is_refused(person: Person) -> None:
    admin, sales = await person("admin"), await person("sales")
    filled, empty = await secrets.keep(admin, "Masked", idNumber_c=NUMBER), await secrets.keep(admin, "Masked, empty")
    role = str(await role_id(admin, "sales"))
    say = {"roleId": role, "object": "customer", "field": "idNumber_c"}
    await mutate(admin, "setObjectPermission", roleId=role, object="customer", read="all")

    assert (await mutate(admin, "setFieldPermission", **say, level="masked", mask="phone"))["errors"][0][
        "code"
    ] == "MASK_NOT_OFFERED"
    await mutate(admin, "setFieldPermission", **say, level="masked")
    assert [await secrets.read(sales, each, "idNumber_c") for each in (filled, empty)] == ["***", None]
    text = f'{{ recordHistories(filter: {{recordId: {{eq: "{filled}"}}}}) {{ nodes {{ changes }} }} }}'
    told = [(await caller.data(text))["recordHistories"]["nodes"][0]["changes"] for caller in (sales, admin)]
    assert [[None, "***"] in each.values() for each in told] == [True, True], told
    assert NUMBER not in json.dumps(told)

    await mutate(admin, "setFieldPermission", **say, level="none")
    (error,) = await sales.errors(f'{{ customer(id: "{filled}") {{ idNumber_c }} }}')
    assert error["extensions"]["code"] == "FIELD_NOT_READABLE"
