"""From first talk to money in the bank: opportunities with their activities, quotes, contracts, plans and receipts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from services.demo import vocabulary as words
from services.demo.companies import weighted

if TYPE_CHECKING:
    from uuid import UUID

    from services.demo.chronicle import Chronicle
    from services.demo.companies import Customer

STAGES: tuple[tuple[str, int], ...] = (("qualify", 10), ("needs", 30), ("proposal", 50), ("negotiation", 75))
_DAY = timedelta(days=1)
# (name, share of the contract, days after signing): deposit, delivery, retention
_INSTALMENTS: tuple[tuple[str, Decimal, int], ...] = (
    ("预付款", Decimal("0.3"), 7),
    ("到货款", Decimal("0.6"), 60),
    ("质保金", Decimal("0.1"), 180),
)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Product ids with their list prices."""

    products: tuple[tuple[UUID, int], ...]


@dataclass(frozen=True, slots=True)
class _Line:
    product: UUID
    quantity: int
    price: Decimal

    @property
    def amount(self) -> Decimal:
        return self.quantity * self.price


@dataclass(frozen=True, slots=True)
class _Deal:
    customer: Customer
    opportunity: UUID
    lines: list[_Line]

    @property
    def parties(self) -> dict[str, object]:
        return {"customerId": self.customer.id, "ownerId": self.customer.owner}


def write_catalogue(story: Chronicle) -> Catalogue:
    """The products that the company sells."""
    return Catalogue(
        tuple(
            (
                story.create(
                    "product",
                    story.begin,
                    {"code": code, "name": name, "unit": unit, "price": yuan(price), "category": category},
                ),
                price,
            )
            for code, name, unit, price, category in words.PRODUCTS
        )
    )


def write_deals(story: Chronicle, catalogue: Catalogue, customer: Customer) -> None:
    """One or two opportunities of a customer, and the talks around them."""
    for _ in range(weighted(story, [(0, 10), (1, 62), (2, 28)])):
        _opportunity(story, catalogue, customer, story.moment(customer.since, story.end))
    at = customer.since
    while story.happened(at := at + timedelta(days=story.random.randint(20, 75))):
        talk(story, customer, at)


def talk(story: Chronicle, customer: Customer, at: datetime, opportunity: UUID | None = None) -> None:
    """One follow-up."""
    note = story.random.choice(words.VISITS)
    story.create(
        "activity",
        at,
        {
            "customerId": customer.id,
            "contactId": story.random.choice(customer.contacts),
            "opportunityId": opportunity,
            "kind": weighted(story, [("visit", 30), ("call", 40), ("meeting", 15), ("mail", 15)]),
            "subject": note,
            "body": f"{note}。对方反馈{story.random.choice(('积极', '谨慎', '需内部讨论', '希望再降价', '认可方案'))}。",
            "occurredAt": at,
            "ownerId": customer.owner,
        },
    )


def yuan(amount: Decimal | int) -> dict[str, object]:
    """Money as the API takes it."""
    return {"amount": Decimal(amount), "currency": "CNY"}


def _opportunity(story: Chronicle, catalogue: Catalogue, customer: Customer, at: datetime) -> None:
    lines = _lines(story, catalogue)
    record = {
        "name": f"{customer.name[:6]}{story.random.choice(words.NEEDS)}",
        "customerId": customer.id,
        "contactId": customer.contacts[0],
        "amount": yuan(_total(lines)),
        "stage": "qualify",
        "probability": Decimal(10),
        "closeOn": (at + timedelta(days=story.random.randint(45, 160))).date(),
        "ownerId": customer.owner,
    }
    opportunity = story.create("opportunity", at, record)
    deal = _Deal(customer, opportunity, lines)
    reached = _stages(story, customer, opportunity, at)
    ended = reached.get("won") or reached.get("lost")
    if ended is not None:
        # Whoever tells the story knows its end; a change for each day would be a statement for each day.
        record["closeOn"] = ended.date()
    if "proposal" in reached:
        _write_quote(story, deal, reached)
    if "won" in reached:
        _write_contract(story, deal, reached["won"])


def _stages(story: Chronicle, customer: Customer, opportunity: UUID, at: datetime) -> dict[str, datetime]:
    """Move through the stages until lost, won, stuck or the end of the story; answers when each was reached."""
    reached = {"qualify": at}
    for stage, probability in STAGES[1:]:
        at += timedelta(days=story.random.randint(6, 28))
        if not story.happened(at):
            return reached
        talk(story, customer, at - _DAY, opportunity)
        if story.random.random() < 0.17:  # noqa: PLR2004 - about half of all deals are lost on the way
            story.change("opportunity", at, opportunity, stage="lost", probability=Decimal(0))
            return {**reached, "lost": at}
        story.change("opportunity", at, opportunity, stage=stage, probability=Decimal(probability))
        reached[stage] = at
        talk(story, customer, min(at + 3 * _DAY, story.end), opportunity)
    at += timedelta(days=story.random.randint(7, 30))
    if story.happened(at):
        outcome, probability = weighted(story, [(("won", 100), 62), (("lost", 0), 38)])
        story.change("opportunity", at, opportunity, stage=outcome, probability=Decimal(probability))
        reached[outcome] = at
    return reached


def _lines(story: Chronicle, catalogue: Catalogue) -> list[_Line]:
    chosen = story.random.sample(catalogue.products, story.random.randint(1, 4))
    return [
        _Line(product, story.random.randint(1, 3), Decimal(price) * Decimal(story.random.choice((90, 95, 100))) / 100)
        for product, price in chosen
    ]


def _total(lines: list[_Line]) -> Decimal:
    return sum((line.amount for line in lines), Decimal(0))


def _write_quote(story: Chronicle, deal: _Deal, reached: dict[str, datetime]) -> None:
    at = reached["proposal"]
    status = "accepted" if "won" in reached else "rejected" if "lost" in reached else "sent"
    quote = story.create(
        "quote",
        at,
        {
            **deal.parties,
            "opportunityId": deal.opportunity,
            "name": f"{deal.customer.name[:8]}报价单",
            "status": status,
            "total": yuan(_total(deal.lines)),
            "validUntil": (at + 30 * _DAY).date(),
        },
    )
    for line in deal.lines:
        story.create("quoteLine", at, {"quoteId": quote, **_line_values(deal, line)})


def _write_contract(story: Chronicle, deal: _Deal, at: datetime) -> None:
    amount = _total(deal.lines)
    contract = story.create(
        "contract",
        at,
        {
            **deal.parties,
            "opportunityId": deal.opportunity,
            "name": f"{deal.customer.name[:8]}采购合同",
            "amount": yuan(amount),
            "status": "active",
            "signedOn": at.date(),
            "endsOn": (at + timedelta(days=365)).date(),
        },
    )
    order = story.create(
        "order",
        at,
        {**deal.parties, "contractId": contract, "total": yuan(amount), "status": "confirmed", "orderedOn": at.date()},
    )
    for line in deal.lines:
        story.create("orderLine", at, {"orderId": order, **_line_values(deal, line)})
    for name, share, days in _INSTALMENTS:
        part = yuan((amount * share).quantize(Decimal("0.01")))
        _write_instalment(story, {**deal.parties, "contractId": contract, "amount": part}, name, (at, at + days * _DAY))


def _line_values(deal: _Deal, line: _Line) -> dict[str, object]:
    return {
        "productId": line.product,
        "quantity": Decimal(line.quantity),
        "unitPrice": yuan(line.price),
        "amount": yuan(line.amount),
        "ownerId": deal.customer.owner,
    }


def _write_instalment(story: Chronicle, money: dict[str, object], name: str, period: tuple[datetime, datetime]) -> None:
    """A part of the price; most are paid around their date, some late, some not at all."""
    at, due = period
    received = due + timedelta(days=weighted(story, [(-2, 40), (3, 30), (21, 20), (9_999, 10)]))
    is_paid = received <= story.end
    status = "paid" if is_paid else "overdue" if due <= story.end else "planned"
    paid = {"paidAmount": money["amount"] if is_paid else yuan(0)}
    plan = story.create("paymentPlan", at, {"name": name, "dueOn": due.date(), "status": status, **paid, **money})
    if is_paid:
        moment = max(received, at)
        story.create("receipt", moment, {**money, "paymentPlanId": plan, "receivedOn": received.date()})
        story.create("invoice", moment, {**money, "issuedOn": received.date(), "status": "issued"})
