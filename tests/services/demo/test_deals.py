"""Deals add up: what was quoted is what was signed, and what was signed is what is paid in three parts."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from services.demo import vocabulary as words
from services.demo.chronicle import PERIOD, Change
from services.demo.companies import write_customer
from services.demo.deals import talk, write_catalogue, write_deals, yuan
from tests.builders.demo import BEGIN, END, STAFF, chronicle, created, operations

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from services.demo.chronicle import Operation

LADDER = ["qualify", "needs", "proposal", "negotiation", "won"]


@cache
def told() -> list[Operation]:
    """Two hundred customers with their deals."""
    story = chronicle()
    catalogue = write_catalogue(story)
    used: set[str] = set()
    for _ in range(200):
        write_deals(story, catalogue, write_customer(story, STAFF, BEGIN, used))
    return operations(story)


def stages() -> dict[UUID, list[str]]:
    """The way of each opportunity."""
    found = {record_id: ["qualify"] for record_id in created(told(), "opportunity")}
    for operation in told():
        if isinstance(operation, Change):
            for record_id in operation.ids:
                found[record_id].append(str(dict(operation.changes)["stage"]))
    return found


def money(record: Mapping[str, Any], name: str) -> Decimal:  # Any: values of any field
    """An amount in yuan."""
    assert record[name]["currency"] == "CNY"
    return Decimal(record[name]["amount"])


def test_catalogue_has_every_product_at_its_list_price() -> None:
    products = created(told(), "product").values()

    assert [(each["code"], money(each, "price")) for each in products] == [
        (code, Decimal(price)) for code, _, _, price, _ in words.PRODUCTS
    ]
    assert yuan(5) == {"amount": Decimal(5), "currency": "CNY"}


def test_opportunities_climb_the_stages_or_are_lost_on_the_way() -> None:
    ways = list(stages().values())

    for way in ways:
        climbed = way[:-1] if way[-1] == "lost" else way
        assert climbed == LADDER[: len(climbed)]
    assert {way[-1] for way in ways} == {*LADDER, "lost"}
    assert 0.15 < sum(way[-1] == "won" for way in ways) / len(ways) < 0.4


def test_deals_that_ended_closed_on_the_day_they_ended() -> None:
    ended = {
        record_id: operation.at.date()
        for operation in told()
        if isinstance(operation, Change) and dict(operation.changes)["stage"] in {"won", "lost"}
        for record_id in operation.ids
    }
    closed = {key: each["closeOn"] for key, each in created(told(), "opportunity").items() if key in ended}

    assert closed.keys() == ended.keys()
    # Equal changes of half a month are written together, at the last of their moments.
    assert all(timedelta(0) <= ended[key] - closed[key] <= PERIOD for key in ended)
    assert max(closed.values()) <= END.date()


def test_what_reached_a_proposal_was_quoted_line_by_line() -> None:
    quotes, lines = created(told(), "quote"), created(told(), "quoteLine")
    sums: dict[object, Decimal] = defaultdict(Decimal)
    for line in lines.values():
        assert money(line, "amount") == money(line, "unitPrice") * line["quantity"]
        sums[line["quoteId"]] += money(line, "amount")

    assert {each["opportunityId"] for each in quotes.values()} == {
        opportunity for opportunity, way in stages().items() if "proposal" in way
    }
    assert sums == {quote: money(each, "total") for quote, each in quotes.items()}


def test_what_was_won_has_a_contract_and_an_order_over_the_whole_amount() -> None:
    opportunities = created(told(), "opportunity")
    contracts, orders = created(told(), "contract"), created(told(), "order")
    sums: dict[object, Decimal] = defaultdict(Decimal)
    for line in created(told(), "orderLine").values():
        sums[line["orderId"]] += money(line, "amount")

    signed = {each["opportunityId"]: money(each, "amount") for each in contracts.values()}
    assert signed == {
        opportunity: money(opportunities[opportunity], "amount")
        for opportunity, way in stages().items()
        if way[-1] == "won"
    }
    assert sums == {order: money(each, "total") for order, each in orders.items()}
    assert {each["contractId"]: money(each, "total") for each in orders.values()} == {
        contract: money(each, "amount") for contract, each in contracts.items()
    }


def test_contracts_are_paid_in_three_parts() -> None:
    parts: dict[object, list[Decimal]] = defaultdict(list)
    for plan in created(told(), "paymentPlan").values():
        parts[plan["contractId"]].append(money(plan, "amount"))

    assert {len(each) for each in parts.values()} == {3}
    assert {contract: sum(each) for contract, each in parts.items()} == {
        contract: money(each, "amount") for contract, each in created(told(), "contract").items()
    }


def test_plans_are_paid_planned_or_overdue_and_each_payment_has_its_papers() -> None:
    plans = created(told(), "paymentPlan")
    receipts = created(told(), "receipt").values()
    paid = {plan for plan, each in plans.items() if each["status"] == "paid"}

    for each in plans.values():
        assert each["status"] in {"paid", "overdue" if each["dueOn"] <= END.date() else "planned"}
        assert money(each, "paidAmount") == (money(each, "amount") if each["status"] == "paid" else 0)
    assert {each["status"] for each in plans.values()} == {"paid", "planned", "overdue"}
    assert {each["paymentPlanId"] for each in receipts} == paid
    assert len(receipts) == len(created(told(), "invoice")) == len(paid)


def test_talk_is_an_activity_with_one_of_the_contacts() -> None:
    story = chronicle()
    customer = write_customer(story, STAFF, BEGIN, set())

    talk(story, customer, END)

    (activity,) = created(operations(story), "activity").values()
    assert (activity["customerId"], activity["occurredAt"], activity["opportunityId"]) == (customer.id, END, None)
    assert activity["contactId"] in customer.contacts
    assert str(activity["body"]).startswith(f"{activity['subject']}。")
