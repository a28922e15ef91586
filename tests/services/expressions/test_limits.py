"""What one record costs."""

from __future__ import annotations

import pytest

from services.expressions import limits
from tests.services.expressions.asking import tree


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("vip", 1),
        ("staff + 1 == 2", 5),
        ("parent.parent.vip", 11),
        ("staff in [1, 2, 3]", 3),
        ("deals.exists(d, true)", 20),
        ("parent.deals.all(d, d.amount.amount > 1)", 85),
    ],
)
def test_cost_counts_nodes_relations_and_the_many_side(text: str, expected: int) -> None:
    assert limits.cost(tree(text)) == expected


def test_a_refusal_names_its_measure_in_both_languages() -> None:
    fault = limits.too_large("its depth", "嵌套深度", 30)

    assert fault.message("en") == "The expression is too large: its depth may be at most 30."
    assert fault.message("zh") == "表达式过于庞大:嵌套深度不得超过 30。"
