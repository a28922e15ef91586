"""The grammar: what binds how tightly, and what does not fit it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from services.expressions import limits
from services.expressions.parser import parse
from services.expressions.places import ExpressionRefused
from services.expressions.syntax import Invoke, Items, Literal, Member, Name, Written


def outline(written: Written) -> str:
    """A tree with all of its brackets."""
    match written:
        case Literal():
            return repr(written.value) if not isinstance(written.value, Decimal) else str(written.value)
        case Name():
            return written.name
        case Member():
            return f"{outline(written.of)}.{written.name}"
        case Items():
            return f"[{' '.join(map(outline, written.items))}]"
        case Invoke():
            before = "" if written.receiver is None else f"{outline(written.receiver)}."
            return f"({before}{' '.join([written.name, *map(outline, written.arguments)])})"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a || b && c", "(|| a (&& b c))"),
        ("a && b && c", "(&& a b c)"),
        ("(a && b) && c", "(&& (&& a b) c)"),
        ("a && b || c && d || e", "(|| (&& a b) (&& c d) e)"),
        ("1 - 2 - 3 * 4", "(- (- 1 2) (* 3 4))"),
        ("1 - (2 - 3)", "(- 1 (- 2 3))"),
        ("!a == b", "(== (! a) b)"),
        ("-a.b", "(negate a.b)"),
        ("-5", "-5"),
        ("--5", "5"),
        ("-0", "0"),
        ("2 - -1", "(- 2 -1)"),
        ("a ? b : c ? d : e", "(?: a b (?: c d e))"),
        ("(a ? b : c) ? d : e", "(?: (?: a b c) d e)"),
        ("a.b.c(d, 'e').f", "(a.b.c d 'e').f"),
        ("x in [1, 2] && !y", "(&& (in x [1 2]) (! y))"),
        ("today() - days(7)", "(- (today) (days 7))"),
        ("a == null", "(== a None)"),
        ("true", "True"),
    ],
)
def test_operators_bind_as_in_cel(text: str, expected: str) -> None:
    assert outline(parse(text)) == expected


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("", 0),
        ("   ", 3),
        ("a &&", 4),
        ("a b", 2),
        ("(a", 2),
        ("a)", 1),
        ("[1, ]", 4),
        ("f(,)", 2),
        ("a.", 2),
        ("a.1", 2),
        ("a ? b", 5),
        ("1 < 2 < 3", 6),
        ("in", 0),
        ("a == b == c", 7),
        ("* 2", 0),
        ("a..b", 2),
    ],
)
def test_what_does_not_fit_the_grammar_is_refused_at_its_place(text: str, position: int) -> None:
    with pytest.raises(ExpressionRefused) as refusal:
        parse(text)

    assert [(each.position, each.fault.code) for each in refusal.value.findings] == [(position, "EXPRESSION_MALFORMED")]


@pytest.mark.parametrize(
    ("text", "is_allowed"),
    [
        ("a" * limits.LONGEST_TEXT, True),
        ("a" * (limits.LONGEST_TEXT + 1), False),
        ("(" * (limits.DEEPEST - 1) + "a" + ")" * (limits.DEEPEST - 1), True),
        ("(" * limits.DEEPEST + "a" + ")" * limits.DEEPEST, False),
        ("!" * (limits.DEEPEST - 1) + "a", True),
        ("!" * limits.DEEPEST + "a", False),
        ("+".join("a" * limits.DEEPEST), True),
        ("+".join("a" * (limits.DEEPEST + 1)), False),
        ("||".join(["a"] * (limits.MOST_NODES - 1)), True),
        ("||".join(["a"] * limits.MOST_NODES), False),
        ("a" + ".b" * limits.DEEPEST, False),
    ],
)
def test_length_depth_and_parts_are_limited(text: str, *, is_allowed: bool) -> None:
    if is_allowed:
        assert parse(text).depth <= limits.DEEPEST
        return
    with pytest.raises(ExpressionRefused) as refusal:
        parse(text)

    assert [each.fault.code for each in refusal.value.findings] == ["EXPRESSION_TOO_LARGE"]


@pytest.mark.parametrize("text", ["0.00000000001", "1" + "0" * 28, "-" + "9" * 29])
def test_a_number_that_could_not_be_kept_is_refused(text: str) -> None:
    with pytest.raises(ExpressionRefused) as refusal:
        parse(text)

    assert [each.fault.code for each in refusal.value.findings] == ["EXPRESSION_BAD_LITERAL"]
