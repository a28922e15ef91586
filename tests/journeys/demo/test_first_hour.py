"""[I1] The first hour after `./kezhi up`: a demo company that a sales director would believe, and the script that uses it."""

from __future__ import annotations

import subprocess
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from services.demo import PEOPLE
from tenants.clock import utc_now
from tenants.ids import object_number
from tenants.settings import process_environment
from tests.architecture.source import ROOT
from tests.builders.launcher import PASSWORD

if TYPE_CHECKING:
    from tests.builders.launcher import Demo

AT_LEAST = {
    "customers": 1_000, "contacts": 3_000, "opportunities": 1_200, "activities": 10_000,
    "quotes": 500, "quoteLines": 1_000, "contracts": 200, "orders": 200, "orderLines": 400,
    "paymentPlans": 600, "receipts": 300, "invoices": 300, "tickets": 300,
    "leads": 100, "tasks": 200, "products": 10, "campaigns": 5,
}  # fmt: skip
# What would make a sales director frown: each of these is looked for and must not be there.
FROWNS = {
    "quotes": "{lines: {none: {id: {isEmpty: false}}}}",
    "opportunities": '{stage: {eq: "won"}, contracts: {none: {id: {isEmpty: false}}}}',
    "contracts": '{or: [{opportunity: {stage: {ne: "won"}}}, {paymentPlans: {none: {id: {isEmpty: false}}}}]}',
    "paymentPlans": '{status: {eq: "paid"}, receipts: {none: {id: {isEmpty: false}}}}',
    "receipts": '{paymentPlan: {status: {ne: "paid"}}}',
}
MONTHS = """query Months($number: Int!) {
  recordHistoriesAggregate(
    filter: {objectNumber: {eq: $number}, verb: {eq: "updated"}}, groupBy: [{createdAt: MONTH}], first: 100
  ) { group { createdAt } count }
}"""
SEES = "{ customersAggregate(groupBy: [{owner: {name: true}}]) { group { owner { name } } count } }"


def numbers(answer: dict[str, Any]) -> dict[str, int]:  # Any: decoded JSON
    return {name: connection["totalCount"] for name, connection in answer.items()}


def test_first_hundred_customers_are_there_when_up_is_ready(young_demo: Demo) -> None:
    answer = young_demo.ask(
        "{ customers(first: 100, orderBy: [{createdAt: ASC}]) { nodes { name } } jobs { nodes { kind total } } }",
        person="admin",
    )

    assert len({each["name"] for each in answer["customers"]["nodes"]}) == 100
    assert answer["jobs"]["nodes"] == [{"kind": "demo.load", "total": "37"}]


def test_demo_company_is_as_large_as_a_real_one(demo: Demo) -> None:
    counts = " ".join(f"{name}: {name}Aggregate {{ count }}" for name in AT_LEAST)

    found = {name: rows[0]["count"] for name, rows in demo.ask(f"{{ {counts} }}", person="admin").items()}
    people = demo.ask(
        "{ users { totalCount } departments { totalCount } reportSnapshots { totalCount } }", person="admin"
    )

    assert {name: found[name] for name, least in AT_LEAST.items() if found[name] < least} == {}
    assert numbers(people) == {"users": 12, "departments": 3, "reportSnapshots": 1}


def test_demo_company_keeps_its_books(demo: Demo) -> None:
    frowns = " ".join(f"{name}(filter: {filtered}) {{ totalCount }}" for name, filtered in FROWNS.items())

    overdue = demo.ask('{ paymentPlans(filter: {status: {eq: "overdue"}}) { totalCount } }', person="finance")

    assert numbers(demo.ask(f"{{ {frowns} }}", person="director")) == dict.fromkeys(FROWNS, 0)
    assert numbers(overdue)["paymentPlans"] > 20


def test_opportunities_moved_through_their_stages_for_eighteen_months(demo: Demo) -> None:
    (some,) = demo.ask("{ opportunities(first: 1) { nodes { id } } }", person="admin")["opportunities"]["nodes"]

    months = demo.ask(MONTHS, person="admin", number=object_number(UUID(some["id"])))["recordHistoriesAggregate"]

    begun = datetime.fromisoformat(months[0]["group"]["createdAt"])
    assert sum(each["count"] for each in months) > 2_500
    assert 18 <= len(months) <= 19
    assert 500 < (utc_now().date() - begun.date()).days < 560


def test_everyone_sees_the_customers_of_the_own_scope(demo: Demo) -> None:
    """[G2]"""
    accounts = {person.name: person.account for person in PEOPLE}
    everything = {"sales1", "sales2", "sales3", "sales4", "sales5"}

    seen = {
        person: {
            accounts[each["group"]["owner"]["name"]] for each in demo.ask(SEES, person=person)["customersAggregate"]
        }
        for person in ("sales1", "sales2", "manager.east", "director", "service", "finance", "admin")
    }

    assert seen == {
        "sales1": {"sales1"},
        "sales2": {"sales2"},
        "manager.east": {"sales1", "sales2", "sales3"},
        **dict.fromkeys(("director", "service", "finance", "admin"), everything),
    }


@pytest.mark.parametrize("locale", ["", "C.UTF-8", "zh_CN.UTF-8"])
def test_script_of_the_first_hour_succeeds_in_every_locale(demo: Demo, locale: str) -> None:
    """Run three times on one tenant, so it is also shown that it may be repeated."""
    inherited = {name: text for name, text in process_environment().items() if name != "LANG" and name[:3] != "LC_"}
    environ = inherited | {"KEZHI_URL": demo.url, "KEZHI_PASSWORD": PASSWORD} | ({"LANG": locale} if locale else {})

    finished = subprocess.run(
        ["/bin/sh", ROOT / "docs/examples/first_hour.sh"],
        env=environ, cwd=demo.data, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip

    assert (finished.returncode, finished.stderr) == (0, "")
    assert finished.stdout.count("\n== ") == 12
    assert finished.stdout.endswith("\nAll steps answered as expected.\n")
