"""Everything about a customer is one question, and one statement in which PostgreSQL writes the answer."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING, Any

import asyncpg
import pytest

from tenants.clock import monotonic
from tests.builders.processes import eventually
from tests.builders.statement_log import StatementLog, Told, every_statement

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.builders.launcher import Demo

MILLISECONDS = 15
TIMES_THE_SMALLEST = 8
RICH = """{ customers(first: 1, orderBy: [{createdAt: ASC}], filter: {
  contracts: {some: {status: {eq: "active"}}}, paymentPlans: {some: {status: {ne: "paid"}}},
  opportunities: {some: {stage: {notIn: ["won", "lost"]}}}
}) { nodes { id } } }"""
CUSTOMER_360 = """query Customer360($id: ID!) {
  customer(id: $id) {
    name level phone lastActivityAt owner { name department { name } }
    contacts(first: 10, orderBy: [{isPrimary: DESC}]) { totalCount nodes { name title phone email } }
    opportunities(first: 10, filter: {stage: {notIn: ["won", "lost"]}}) {
      nodes { name stage stageLabel(locale: "zh") closeOn amount { amount currency } owner { name } }
    }
    activities(first: 10, orderBy: [{occurredAt: DESC}]) {
      totalCount nodes { kind subject occurredAt contact { name } }
    }
    quotes(first: 5, orderBy: [{createdAt: DESC}]) {
      nodes { number status total { amount currency } lines { nodes { quantity amount { amount } product { name } } } }
    }
    contracts(first: 5) { nodes { number name status amount { amount currency } } }
    paymentPlans(filter: {status: {ne: "paid"}}, orderBy: [{dueOn: ASC}]) {
      nodes { name dueOn status amount { amount currency } }
    }
    tickets(first: 5) { totalCount nodes { number subject status } }
    contractsAggregate { count sum { amount { amount currency } } }
    receiptsAggregate { sum { amount { amount currency } } }
    pipeline: opportunitiesAggregate(groupBy: [{stage: true}]) { group { stage } count sum { amount { amount currency } } }
  }
}"""


@pytest.fixture
def rich_customer(demo: Demo) -> str:
    """One with a signed contract, something unpaid and a new opportunity."""
    (found,) = demo.ask(RICH, person="director")["customers"]["nodes"]
    return str(found["id"])


def customer_360(demo: Demo, customer_id: str) -> dict[str, Any]:  # Any: decoded JSON
    found: dict[str, Any] = demo.ask(CUSTOMER_360, person="director", id=customer_id)["customer"]
    return found


async def background_is_idle(demo: Demo) -> bool:
    """Whether no message of the cell waits or runs: the worker takes the same login as the API."""
    connection = await asyncpg.connect(demo.database_url, database="kezhi_cell_1")
    waiting = await connection.fetchval(
        "SELECT count(*) FROM kezhi.outbox WHERE state IN ('waiting', 'sent', 'running')"
    )
    await connection.close()
    return bool(waiting == 0)


def test_customer_360_answers_all_parts(demo: Demo, rich_customer: str) -> None:
    answer = customer_360(demo, rich_customer)

    lists = ("contacts", "opportunities", "activities", "quotes", "contracts", "paymentPlans")
    assert {name: len(answer[name]["nodes"]) > 0 for name in lists} == dict.fromkeys(lists, True)
    assert all(quote["lines"]["nodes"] for quote in answer["quotes"]["nodes"])
    assert answer["contractsAggregate"][0]["count"] == len(answer["contracts"]["nodes"])
    assert answer["activities"]["totalCount"] >= len(answer["activities"]["nodes"])


async def test_customer_360_is_one_statement(demo: Demo, rich_customer: str) -> None:
    """Besides what opens the transaction and ends it, all in one flight, as the server itself wrote it down."""
    assert await eventually(lambda: background_is_idle(demo), bool)

    async with every_statement(demo.database_url, demo.postgres_log) as log:

        async def told() -> list[Told]:
            return of_tenants(log, demo, rich_customer)

        # The connection of the API learns of the new setting when it is used.
        await eventually(told, bool)
        begin, *opening, statement, end = await told()

    assert len({each.backend for each in (begin, *opening, statement, end)}) == 1
    assert (begin.text, end.text) == ("BEGIN READ ONLY", "COMMIT")
    assert [each.text.rpartition(" = " if " = " in each.text else " ")[0] for each in opening] == [
        "SET LOCAL search_path",
        "SET LOCAL statement_timeout",
        "SET LOCAL lock_timeout",
        "SET LOCAL plan_cache_mode",
        "SET LOCAL ROLE",
    ]
    assert statement.text.startswith(("SELECT", "WITH"))
    assert ";" not in statement.text


def of_tenants(log: StatementLog, demo: Demo, customer_id: str) -> list[Told]:
    """What the logins that run tenants' work said while one question was answered."""
    told = log.during(lambda: customer_360(demo, customer_id))
    return [each for each in told if each.application.startswith("kezhi runtime")]


def test_customer_360_takes_milliseconds(demo: Demo, rich_customer: str) -> None:
    """Where other work slows this machine down, in proportion to the smallest question of all."""
    durations: dict[str, list[float]] = {"smallest": [], "customer 360": []}
    asked: dict[str, Callable[[], object]] = {
        "smallest": lambda: demo.ask("{ __typename }", person="director"),
        "customer 360": lambda: customer_360(demo, rich_customer),
    }

    for _ in range(41):
        for name, ask in asked.items():
            began = monotonic()
            ask()
            durations[name].append((monotonic() - began) * 1000)

    smallest, whole = (statistics.median(each) for each in durations.values())
    assert whole <= max(MILLISECONDS, TIMES_THE_SMALLEST * smallest)
