"""[H1] What a request costs, what is left, and what happens to one that asks for too much."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app import create_app
from resolvers import limits
from tenants.settings import BudgetSettings, LimitSettings
from tests.clients import Client, http_for

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from starlette.applications import Starlette

    from tenants.settings import Settings
    from tests.builders.tenants import Tenant

pytestmark = pytest.mark.integration

BUDGETS = BudgetSettings(principal_per_second=1, principal_burst=100, tenant_per_second=1, tenant_burst=1_000)
LIMITS = LimitSettings(cost=60, answer_bytes=2_000)
FIVE = "{ customers(first: 5) { nodes { id } } }"
CATALOGUE = Path(__file__).parents[2] / "docs" / "errors.md"


@pytest.fixture(scope="module")
async def narrow(settings: Settings) -> AsyncIterator[Starlette]:
    """An application with small limits."""
    made = create_app(replace(settings, limits=LIMITS, budgets=BUDGETS))
    async with made.router.lifespan_context(made):
        yield made


@pytest.fixture
async def caller(narrow: Starlette, tenant: Tenant) -> AsyncIterator[Client]:
    async with http_for(narrow, tenant.placement.slug) as http:
        yield Client(http, await tenant.token("sales"))


async def test_limits_tell_what_is_left(caller: Client) -> None:
    await caller.data(FIVE)

    found = await caller.data("{ limits { request { name max code } budgets { of capacity perSecond remaining } } }")

    request = {each["name"]: (each["max"], each["code"]) for each in found["limits"]["request"]}
    assert request["cost"] == (60, "TOO_COSTLY")
    assert request["answerBytes"] == (2_000, "ANSWER_TOO_LARGE")
    own, shared = found["limits"]["budgets"]
    assert (own["of"], own["capacity"], own["perSecond"], shared["of"], shared["capacity"]) == (
        "principal", 100, 1, "tenant", 1_000
    )  # fmt: skip
    assert 88 <= own["remaining"] <= 90
    assert 988 <= shared["remaining"] <= 990


async def test_limits_tell_what_may_be_defined(caller: Client) -> None:
    found = await caller.data("{ limits { definitions { name max code } } }")

    told = {each["name"]: (each["max"], each["code"]) for each in found["limits"]["definitions"]}
    assert told["validationRulesOfAnObject"] == (50, "TOO_MANY_RULES")
    assert told["fieldsOfAnObject"] == (300, "TOO_MANY_FIELDS")
    assert told["keptValidationRulesOfAnObject"] == (200, "TOO_MANY_RULES_KEPT")
    assert told["changeSets"] == (100, "TOO_MANY_CHANGE_SETS")
    assert told["stepsOfAChangeSet"] == (200, "TOO_MANY_STEPS")
    assert told["bytesOfAChangeSet"] == (500_000, "CHANGE_SET_TOO_LARGE")
    assert told["expressionDepth"] == (30, "EXPRESSION_TOO_LARGE")


@pytest.mark.parametrize("code", [code for _, code in (*limits._LIMITS.values(), *limits._OF_DEFINITIONS.values())])
def test_codes_are_those_of_the_catalogue(code: str) -> None:
    assert f"`{code}`" in CATALOGUE.read_text()


async def test_cost_is_told_to_whoever_asks(caller: Client) -> None:
    asked = await caller.post({"query": FIVE, "extensions": {"cost": True}})
    by_header = await caller.post({"query": FIVE}, headers={"X-Cost": "1"})
    unasked = await caller.post({"query": FIVE})

    assert list(asked.json()) == ["data", "extensions"]
    cost = asked.json()["extensions"]["cost"]
    assert (cost["requested"], cost["max"]) == (11, 60)
    assert 88 <= cost["remaining"] <= 89
    assert 988 <= cost["tenantRemaining"] <= 989
    assert by_header.json()["extensions"]["cost"]["requested"] == 11
    assert list(unasked.json()) == ["data"]


async def test_request_that_costs_too_much_is_refused_as_a_whole(caller: Client) -> None:
    document = "query ($n: Int) { customers(first: $n) { nodes { id name } } me { name } }"

    response = await caller.post({"query": document, "variables": {"n": 20}})

    assert response.status_code == 400
    (error,) = response.json()["errors"]
    assert (error["message"], error["extensions"]["code"]) == (
        "This request costs 62, and one may cost at most 60; ask for smaller pages or fewer fields.",
        "TOO_COSTLY",
    )
    assert "data" not in response.json()


async def test_caller_whose_budget_is_spent_is_told_when_to_come_back(caller: Client) -> None:
    for _ in range(2):
        await caller.data("{ customers(first: 20) { nodes { id } } __typename }")

    response = await caller.post({"query": "{ customers(first: 25) { nodes { id } } }"})

    assert response.status_code == 429
    assert 31 <= int(response.headers["retry-after"]) <= 33
    (error,) = response.json()["errors"]
    assert (error["extensions"]["code"], error["extensions"]["family"]) == ("BUDGET_SPENT", "TOO_MUCH")


async def test_who_has_signed_out_spends_nothing_and_is_told_nothing_else(
    caller: Client, narrow: Starlette, tenant: Tenant
) -> None:
    """What a process remembers is for those whose session is open: neither a fault nor an answer comes before that."""
    left = "{ limits { budgets { remaining } } }"
    async with http_for(narrow, tenant.placement.slug) as http:
        gone = Client(http, await tenant.token("sales"))
        await gone.data(FIVE)
        await gone.data("mutation { signOut(input: {}) { closed } }")
        before = (await caller.data(left))["limits"]["budgets"]
        asked = (
            FIVE,
            FIVE,
            "{ customers(first: -1) { nodes { id } } }",
            '{ customers(first: 5, after: "x") { nodes { id } } }',
            '{ customer(id: "junk") { id } }',
            'query { node(id: "01a20874-1bb7-7fff-8345-e4d5c0140546") { id } limits { request { name } } }',
            "{ customers(first: 20) { nodes { id name shortName } } }",
            "{ customers { nodes { nothing } } }",
        )
        errors = [await gone.errors(each) for each in asked]
        answers = [each["extensions"]["code"] for (each,) in errors]

    assert answers == ["SESSION_ENDED"] * len(asked)
    after = (await caller.data(left))["limits"]["budgets"]
    assert all(now["remaining"] >= then["remaining"] - 3 for now, then in zip(after, before, strict=True))


async def test_budget_of_one_tenant_is_not_that_of_another(
    narrow: Starlette, caller: Client, other_tenant: Tenant
) -> None:
    while "errors" not in await caller.ask(FIVE):
        pass

    async with http_for(narrow, other_tenant.placement.slug) as http:
        other = Client(http, await other_tenant.token("sales"))
        assert await other.data(FIVE) == {"customers": {"nodes": []}}


async def test_answer_beyond_the_limit_is_not_sent(caller: Client) -> None:
    response = await caller.post({"query": f"{{ {'x' * 2_000}: __typename }}"})

    assert response.status_code == 400
    assert [each["extensions"]["code"] for each in response.json()["errors"]] == ["ANSWER_TOO_LARGE"]


async def test_mutation_pays_for_what_it_writes_before_it_writes(caller: Client) -> None:
    create = "mutation ($i: CreateCustomersInput!) { createCustomers(input: $i) { count } }"
    records = [{"name": f"客户{number}"} for number in range(7)]

    refused = await caller.ask(create, {"i": {"records": records}})
    found = await caller.data("{ customers { totalCount } }")
    made = await caller.data(create, i={"records": records[:2]})

    assert [each["extensions"]["code"] for each in refused["errors"]] == ["TOO_COSTLY"]
    assert found == {"customers": {"totalCount": 0}}
    assert made == {"createCustomers": {"count": 2}}


async def test_payload_that_reads_too_much_takes_the_write_back(caller: Client) -> None:
    create = """mutation { createCustomer(input: {record: {name: "甲"}}) {
        customer { contacts(first: 100) { nodes { name } } } } }"""

    refused = await caller.ask(create)

    assert [each["extensions"]["code"] for each in refused["errors"]] == ["TOO_COSTLY"]
    assert await caller.data("{ customers { totalCount } }") == {"customers": {"totalCount": 0}}


async def test_introspection_has_a_price(client_as: Callable[..., Awaitable[Client]]) -> None:
    sales = await client_as("sales")

    answer = await sales.post({
        "query": "{ __schema { queryType { name } } me { name } }",
        "extensions": {"cost": True},
    })

    assert answer.json()["extensions"]["cost"]["requested"] == 5_001
