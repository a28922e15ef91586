"""[G3] `@ifPermitted`: what the caller may not read is null, as if it were empty; nothing else changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.builders.mutations import mutate
from tests.builders.roles import customer, role_id
from tests.clients import Client, http_for

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.applications import Starlette

    from tests.builders.tenants import Tenant

    Person = Callable[[str], Awaitable[Client]]

pytestmark = pytest.mark.integration

ONE = "{ customers { nodes { name phone @ifPermitted } } }"


@pytest.fixture(scope="module")
async def closed(app: Starlette, company: Tenant) -> None:
    """Sales people read neither phones nor contacts at all."""
    async with http_for(app, company.placement.slug) as http:
        admin, sales = [Client(http, await company.token(name)) for name in ("admin", "sales")]
        await customer(sales, name="海蓝", phone="13800131234")
        role = await role_id(admin, "sales")
        for name in ("customer", "lead"):
            await mutate(admin, "setFieldPermission", roleId=role, object=name, field="phone", level="none")
        await mutate(admin, "setObjectPermission", roleId=role, object="contact", read="none")


@pytest.fixture
async def sales(closed: None, person: Person) -> Client:  # noqa: ARG001 - what is closed must be said first
    return await person("sales")


async def test_a_closed_field_is_null_as_an_empty_one(sales: Client, person: Person) -> None:
    assert await sales.data(ONE) == {"customers": {"nodes": [{"name": "海蓝", "phone": None}]}}
    assert (await (await person("admin")).data(ONE))["customers"]["nodes"][0]["phone"] == "+8613800131234"
    (refused,) = await sales.errors(ONE.replace(" @ifPermitted", ""))
    assert refused["extensions"]["code"] == "FIELD_NOT_READABLE"


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("{ contacts @ifPermitted { totalCount } }", {"contacts": None}),
        ("{ contactsAggregate @ifPermitted { count } }", {"contactsAggregate": None}),
        ("{ customers @ifPermitted { nodes { phone } } }", {"customers": None}),
        ("{ customers(filter: {phone: {isEmpty: false}}) @ifPermitted { totalCount } }", {"customers": None}),
        (
            "{ customers { nodes { contacts @ifPermitted { totalCount } owner @ifPermitted { name } } } }",
            {"customers": {"nodes": [{"contacts": None, "owner": {"name": "sales"}}]}},
        ),
        (
            "{ customers @ifPermitted { edges { node { phone @ifPermitted } } } }",
            {"customers": {"edges": [{"node": {"phone": None}}]}},
        ),
        (
            "{ me { name } contacts @ifPermitted { totalCount } customers { totalCount } }",
            {"me": {"name": "sales"}, "contacts": None, "customers": {"totalCount": 1}},
        ),
        ('{ node(id: "0192a000-0000-7065-8000-000000000000") @ifPermitted { id } }', {"node": None}),
    ],
)
async def test_a_part_with_anything_closed_in_it_is_null(sales: Client, text: str, answer: dict[str, object]) -> None:
    assert await sales.data(text) == answer


async def test_who_also_asks_plainly_is_refused_and_keeps_the_rest(sales: Client) -> None:
    twice = await sales.ask("{ customers { nodes { phone @ifPermitted phone } } }")
    beside = await sales.ask("{ contacts { totalCount } customers { nodes { phone @ifPermitted } } }")

    assert [each["extensions"]["code"] for each in twice["errors"]] == ["FIELD_NOT_READABLE"]
    assert beside["data"] == {"contacts": None, "customers": {"nodes": [{"phone": None}]}}


async def test_the_payload_of_a_mutation_may_ask_so_too(sales: Client) -> None:
    made = await mutate(sales, "createLead", "lead { name phone @ifPermitted }", record={"name": "山青"})

    assert made == {"lead": {"name": "山青", "phone": None}, "errors": []}


@pytest.mark.parametrize(
    "text",
    [
        "{ customers { nodes @ifPermitted { name } } }",
        "{ customers { nodes { id @ifPermitted } } }",
        '{ search(text: "x") @ifPermitted { title } }',
        "{ me @ifPermitted { name } }",
        "{ customersAggregate { count @ifPermitted } }",
        "mutation { createCustomer(input: {record: {}}) @ifPermitted { count } }",
    ],
)
async def test_it_stands_only_where_null_may_stand(sales: Client, text: str) -> None:
    codes = {each["extensions"]["code"] for each in await sales.errors(text)}

    assert codes == {"DOCUMENT_INVALID"}
