"""The sales funnel as plans, and what they answer as rows. Pure.

A stage is counted by currency, so that counts and amounts can be added up; opportunities without an amount make a row
without a currency.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

from services.query.plan import (
    Aggregate,
    AggregateNode,
    AggregateRoot,
    Compare,
    GroupKey,
    IsEmpty,
    Measure,
    Parameter,
    Plan,
)

OBJECT = "opportunity"
# What a statement answered: groups by root, as JSON.
Answer: TypeAlias = Mapping[str, Sequence[Mapping[str, Any]]]

_NO_AMOUNT = "none"
_COUNT = AggregateNode("count", measure=Measure("count"))
_STAGE = AggregateNode("stage", group=0)
_AMOUNT = AggregateNode(
    "amounts",
    measure=Measure("sum", "amount"),
    children=(AggregateNode("amount", name="amount"), AggregateNode("currency", name="currency")),
)

CURRENCIES = Plan((AggregateRoot("all", Aggregate(OBJECT, (_AMOUNT,))),))


@dataclass(frozen=True, slots=True)
class FunnelRow:
    """One stage in one currency."""

    stage: str | None
    count: int
    amount: Decimal | None = None
    currency: str | None = None


def currencies_of(answer: Answer) -> tuple[str, ...]:
    """The currencies in use, in order."""
    return tuple(sorted(money["currency"] for money in _amounts(answer["all"][0])))


def by_stage(currencies: Sequence[str]) -> Plan:
    """One statement for the whole funnel; the currencies are its values, in this order."""
    by = (GroupKey(("stage",)),)
    in_currency = [
        AggregateRoot(
            _root(position),
            Aggregate(
                OBJECT, (_STAGE, _COUNT, _AMOUNT), by, Compare("amount", "eq", Parameter(position), part="currency")
            ),
        )
        for position in range(len(currencies))
    ]
    without = AggregateRoot(_NO_AMOUNT, Aggregate(OBJECT, (_STAGE, _COUNT), by, IsEmpty("amount")))
    return Plan((*in_currency, without))


def rows(answer: Answer, currencies: Sequence[str], stages: Sequence[str]) -> list[FunnelRow]:
    """The rows of the funnel in the order of its stages, each with its currencies; what has none is last."""
    found = [
        FunnelRow(group["stage"], group["count"], _amount(group), currency)
        for position, currency in enumerate(currencies)
        for group in answer[_root(position)]
    ]
    found += [FunnelRow(group["stage"], group["count"]) for group in answer[_NO_AMOUNT]]
    places = {stage: place for place, stage in enumerate(stages)}
    return sorted(
        found,
        key=lambda row: (
            places.get(row.stage or "", len(places)),
            row.stage or "",
            row.currency is None,
            row.currency or "",
        ),
    )


def _root(position: int) -> str:
    return f"c{position}"


def _amount(group: Mapping[str, Any]) -> Decimal:
    return sum((Decimal(money["amount"]) for money in _amounts(group)), Decimal())


def _amounts(group: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    found: Sequence[Mapping[str, Any]] = group["amounts"] or ()
    return found
