"""The funnel as plans and rows."""

from __future__ import annotations

from decimal import Decimal

from services.query.plan import AggregateRoot, Compare, IsEmpty, Parameter
from services.reports import funnel
from services.reports.funnel import Answer, FunnelRow


def test_currencies_are_those_of_the_sums() -> None:
    answer = {"all": [{"amounts": [{"amount": "5.0000", "currency": "USD"}, {"amount": "1.0000", "currency": "CNY"}]}]}

    assert funnel.currencies_of(answer) == ("CNY", "USD")
    assert funnel.currencies_of({"all": [{"amounts": []}]}) == ()


def test_the_whole_funnel_is_one_plan() -> None:
    plan = funnel.by_stage(("CNY", "USD"))

    roots = [root for root in plan.roots if isinstance(root, AggregateRoot)]
    assert [(root.key, root.aggregate.filter) for root in roots] == [
        ("c0", Compare("amount", "eq", Parameter(0), part="currency")),
        ("c1", Compare("amount", "eq", Parameter(1), part="currency")),
        ("none", IsEmpty("amount")),
    ]


def test_rows_stand_in_the_order_of_stages_and_currencies() -> None:
    answer: Answer = {
        "c0": [
            {"stage": "won", "count": 2, "amounts": [{"amount": "300.0000", "currency": "CNY"}]},
            {"stage": "qualify", "count": 1, "amounts": [{"amount": "100.0000", "currency": "CNY"}]},
        ],
        "c1": [{"stage": "qualify", "count": 1, "amounts": [{"amount": "7.5000", "currency": "USD"}]}],
        "none": [{"stage": "qualify", "count": 3}, {"stage": None, "count": 1}],
    }

    assert funnel.rows(answer, ("CNY", "USD"), ("qualify", "won")) == [
        FunnelRow("qualify", 1, Decimal("100.0000"), "CNY"),
        FunnelRow("qualify", 1, Decimal("7.5000"), "USD"),
        FunnelRow("qualify", 3),
        FunnelRow("won", 2, Decimal("300.0000"), "CNY"),
        FunnelRow(None, 1),
    ]
