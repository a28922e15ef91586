"""[B11] [G2] One customer goes to another owner, as far as the rights of whoever pushes the button reach."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from services import hand_over, records
from tests.builders.mutations import mutate, refusal
from tests.builders.records import create_one, somebody_waits, stored
from tests.builders.roles import customer, everything

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tenants.context import Work
    from tests.builders.tenants import Tenant
    from tests.clients import Client

    Person = Callable[[str], Awaitable[Client]]


async def test_what_belongs_to_the_customer_and_the_same_owner_goes_along(company: Tenant, person: Person) -> None:
    sales, manager, director = await person("sales"), await person("manager"), await person("director")
    mine = await customer(sales, name="海蓝")
    await mutate(sales, "createContact", "contact { id }", record={"name": "王芳", "customerId": mine})
    others = {"name": "李工", "customerId": mine, "ownerId": str(company.user_id("stranger"))}
    await mutate(director, "createContact", "contact { id }", record=others)

    done = await mutate(
        manager, "handOverCustomer", "customer { version }", id=mine, toUserId=str(company.user_id("colleague"))
    )
    now = await director.data(
        "query ($id: ID!) { customer(id: $id) { owner { name } contacts(orderBy: [{name: ASC}]) { nodes"
        " { name owner { name } } } } }",
        id=mine,
    )

    assert done == {"customer": {"version": 2}, "errors": []}
    assert now["customer"] == {
        "owner": {"name": "colleague"},
        "contacts": {
            "nodes": [{"name": "李工", "owner": {"name": "stranger"}}, {"name": "王芳", "owner": {"name": "colleague"}}]
        },
    }


async def test_what_was_given_away_meanwhile_stays_with_whom_it_went_to(company: Tenant) -> None:
    mine = await create_one(company, "customer", person="sales", name="青山")
    contact = await create_one(company, "contact", person="sales", name="赵敏", customerId=mine)
    gave = asyncio.Event()

    async def give(work: Work) -> None:
        await records.update(work, "contact", [contact], {"ownerId": str(company.user_id("stranger"))})
        gave.set()
        await somebody_waits(company)

    giving = asyncio.create_task(company.write(give))
    await gave.wait()
    count = await company.write(
        lambda work: hand_over.hand_over_customer(work, mine, company.user_id("colleague")), person="admin"
    )
    await giving

    assert count == 1
    assert (await stored(company, "contact", contact))["owner_id"] == company.user_id("stranger")


async def test_it_goes_to_whom_the_caller_may_give(company: Tenant, person: Person) -> None:
    manager, sales = await person("manager"), await person("sales")
    mine = await customer(sales, name="远山")
    before = await everything(company)

    for to, code in (
        (str(company.user_id("stranger")), "OWNER_OUT_OF_SCOPE"),
        (str(company.user_id("sales")), "HAND_OVER_TO_ONESELF"),
        ("0192a000-0000-7001-8000-000000000000", "RELATION_NOT_FOUND"),
        ("nobody", "NOT_AN_ID"),
    ):
        refused = await mutate(manager, "handOverCustomer", id=mine, toUserId=to)
        assert refused == {"errors": [{"path": ["toUserId"], "code": code}]}
    assert await everything(company) == before


async def test_others_change_nothing(company: Tenant, person: Person) -> None:
    mine = await customer(await person("sales"), name="近水")
    to = str(company.user_id("colleague"))
    before = await everything(company)

    for who, code in (("service", "OBJECT_NOT_WRITABLE"), ("stranger", "NOT_FOUND")):
        assert await refusal(await person(who), "handOverCustomer", id=mine, toUserId=to) == (code, ["done"])
    assert await everything(company) == before
