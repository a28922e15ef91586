"""There is one way to write an expression. Random trees go through their text in `tests/services/query/test_expression_fuzz.py`."""

from __future__ import annotations

import random

import pytest

from services.expressions import ExpressionRefused, check, printed
from services.expressions.printing import quoted
from tests.services.expressions.asking import REGISTRY, tree
from tests.services.query.sentences import Sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("((vip))&&( staff>1 )", "vip && staff > 1"),
        ("(vip || vip) && vip", "(vip || vip) && vip"),
        ("(vip && vip) && vip", "(vip && vip) && vip"),
        ("1 - (2 - 3) - staff", "1 - (2 - 3) - staff"),
        ("(1 + staff) * 2", "(1 + staff) * 2"),
        ("-staff == -1", "-staff == -1"),
        ("-(staff + 1)", "-(staff + 1)"),
        ("!(vip == true)", "!(vip == true)"),
        ("!!vip", "!!vip"),
        ("isNull(name)", "name == null"),
        ("null != name", "name != null"),
        ('contains(name, "it\'s")', "name.contains('it\\'s')"),
        ("(name + 'x').lower()", "(name + 'x').lower()"),
        ("abs(-5)", "abs(-5)"),
        ("text(-5).length()", "text(-5).length()"),
        ("(vip ? 1 : 2) + 3", "(vip ? 1 : 2) + 3"),
        ("vip ? 1 : vip ? 2 : 3", "vip ? 1 : vip ? 2 : 3"),
        ("(revenue + revenue).amount", "(revenue + revenue).amount"),
        ("deals.exists(d, d.company==id&&d.title==name)", "deals.exists(d, d.company == id && d.title == name)"),
        ("deals.exists(d, d == null)", "deals.exists(d, d.id == null)"),
        ("dateTime('2026-03-01T08:00:00+08:00') < now()", "dateTime('2026-03-01T00:00:00+00:00') < now()"),
        ("staff in [1.50, 2]", "staff in [1.5, 2]"),
    ],
)
def test_an_expression_is_written_one_way(text: str, expected: str) -> None:
    assert printed(tree(text)) == expected
    assert tree(expected) == tree(text)


def test_quotes_and_line_ends_are_escaped() -> None:
    assert quoted("it's\\\n\t\r") == "'it\\'s\\\\\\n\\t\\r'"


def test_random_trees_are_read_back_as_they_were() -> None:
    rng = random.Random(1)  # noqa: S311 - repeatable
    met = 0
    for _ in range(300):
        node = Sentences(REGISTRY, rng, "deal").any(4)
        try:
            again = check(REGISTRY, "deal", printed(node))
        except ExpressionRefused:
            # It was too large; which those are is told in other tests.
            continue
        assert again == node
        met += 1

    assert met > 280
