"""What an expression is in SQL: settled parts are one parameter, relations are subselects of what may be looked at."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, LiteralString

import pytest

from services import expressions
from tenants.sql import Fragment, ident, render, sql, value
from tests.services.expressions.asking import tree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from services.expressions import Node


@dataclass
class Around:
    """Everything that is not deleted may be looked at; users are never deleted."""

    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def alias(self) -> str:
        return f"q{next(self.numbers)}"

    def seen(self, object_name: str, alias: str) -> Fragment | None:
        return None if object_name in {"user", "department"} else sql("{a}.live", a=ident(alias))

    def settled(self, node: Node, type_: LiteralString, part: str = "") -> Fragment:
        return value((expressions.printed(node), part), type_)

    def department(self) -> Fragment:
        return sql("mine")

    def zone(self) -> Fragment:
        return value("zone", "text")


def written(text: str) -> tuple[str, tuple[object, ...]]:
    template = render(expressions.expression_sql(tree(text), "company", "q0", Around()))
    bound = template.bind(
        "t", lambda slot: slot.field_name.lower() + ("_" + slot.part if slot.part else "") or slot.object_name
    )
    return bound.replace('"', ""), template.parameters


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("vip", "q0.vip"),
        ("industry == 'food'", "(q0.industry = $1::text)"),
        ("staff > 2 + 3", "(q0.staff::numeric > $1::numeric)"),
        ("staff in [1, 2]", "(q0.staff::numeric = ANY ($1::numeric[]))"),
        ("staff in [1, score]", "(q0.staff::numeric = ANY (ARRAY[$1::numeric, q0.score::numeric]::numeric[]))"),
        ("seenAt < now() - days(7)", "(q0.seenat < $1::timestamptz)"),
        ("owner == currentUser()", "(q0.owner = $1::uuid)"),
        ("owner.department == currentDepartment()",
         "((SELECT q1.department FROM t.user q1 WHERE q1.id = q0.owner) = mine)"),
        ("parent == null", "((SELECT q1.id FROM t.company q1 WHERE q1.id = q0.parent AND q1.live) IS NULL)"),
        ("parent.vip", "(SELECT q1.vip FROM t.company q1 WHERE q1.id = q0.parent AND q1.live)"),
        ("parent.owner == owner",
         "((SELECT q1.owner FROM t.company q1 WHERE q1.id = q0.parent AND q1.live) = q0.owner)"),
        ("'x' in parent.tags",
         "($1::text = ANY ((SELECT q1.tags FROM t.company q1 WHERE q1.id = q0.parent AND q1.live)::text[]))"),
        ("revenue > money(5, 'CNY')",
         "(CASE WHEN q0.revenue_currency::text = $1::text THEN (q0.revenue > $2::numeric) END)"),
        ("date(seenAt) == today()",
         "(nullif(nullif(greatest(least((q0.seenat AT TIME ZONE $1::text)::date, DATE '10000-01-01'), DATE '0001-12-31 BC'), DATE '10000-01-01'), DATE '0001-12-31 BC') = $2::date)"),
        ("deals.exists(d, d.stage == 'won')",
         "EXISTS (SELECT 1 FROM t.deal q1 WHERE q1.company = q0.id AND q1.live AND (q1.stage = $1::text))"),
        ("parent.children.all(c, c.vip)",
         "(NOT EXISTS (SELECT 1 FROM t.company q1 WHERE q1.parent = (SELECT q2.id FROM t.company q2 WHERE q2.id = q0.parent AND q2.live) AND q1.live AND (q1.vip) IS NOT TRUE))"),
    ],
)  # fmt: skip
def test_an_expression_is_this_sql(text: str, expected: str) -> None:
    assert written(text)[0] == expected


@pytest.mark.parametrize(
    ("opened", "closed"),
    [
        ("round(1, ", ")"),
        ("round(", ", score)"),
        ("score / (", ")"),
        ("'ab'.left(", ").length()"),
        ("foundedOn.addMonths(", ").day()"),
    ],
)
def test_the_text_of_an_expression_is_as_long_as_its_nodes_are_many(opened: str, closed: str) -> None:
    lengths = [len(written(opened * depth + "score" + closed * depth)[0]) for depth in (4, 8, 12)]

    assert lengths[2] - lengths[1] == pytest.approx(lengths[1] - lengths[0], rel=0.1)


def test_rounding_to_places_that_are_rounded_themselves_stays_short() -> None:
    assert len(written("round(1, " * 28 + "score" + ")" * 28)[0]) < 10_000


def test_what_is_settled_is_one_parameter_found_when_the_statement_is_bound() -> None:
    assert written("seenAt < now() - days(7)")[1] == (("now() - days(7)", ""),)
    assert written("revenue > money(5, 'CNY')")[1] == (("money(5, 'CNY')", "currency"), ("money(5, 'CNY')", "amount"))


def test_no_text_of_a_writer_is_in_the_statement() -> None:
    text, parameters = written("name == 'x''; DROP TABLE' || name.contains('\\' OR 1=1 --')".replace("''", "\\'"))

    assert "DROP" not in text
    assert "OR 1=1" not in text
    assert len(parameters) == 2
