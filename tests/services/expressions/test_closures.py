"""An expression as a function of a record."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from schema.metadata.values import Money
from services import expressions
from services.expressions import Circumstance
from services.expressions.tree import Path, Step
from services.expressions.types import DURATION
from tests.services.expressions.asking import AROUND, DEPARTMENT, REGISTRY, answer, tree
from tests.services.query.world import ALICE, NOW, ZONE

PARENT = {"id": UUID(int=5), "vip": True, "staff": 3, "deals": [{"stage": "won"}, {"stage": None}]}
RECORD: dict[str, Any] = {
    "name": "华夏",
    "staff": 7,
    "revenue": Money(Decimal("12.5"), "CNY"),
    "owner": ALICE,
    "parent": PARENT,
    "tags": ["vip"],
    "vip": None,
    "children": [],
    "foundedOn": date(2026, 4, 1),
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("staff / 2", Decimal("3.5")),
        ("parent.staff + staff", Decimal(10)),
        ("revenue * 2 == money(25, 'CNY')", True),
        ("revenue.currency", "CNY"),
        ("owner == currentUser()", True),
        ("parent == id('00000000-0000-0000-0000-000000000005')", True),
        ("owner.name", None),
        ("'vip' in tags && tags.length() == 1", True),
        ("score == 1", None),
        ("!vip", None),
        ("vip ? 1 : 2", Decimal(2)),
        ("vip && false", False),
        ("vip || true", True),
        ("vip == null && name != null", True),
        ("parent.deals.exists(d, d.stage == 'won')", True),
        ("parent.deals.all(d, d.stage == 'won')", False),
        ("children.all(c, false)", True),
        ("children.exists(c, true)", False),
        ("parent.deals.exists(d, name == '华夏' && d.stage == null)", True),
        ("foundedOn == today()", True),
        ("now() == dateTime('2026-03-31T18:30:15.123456+00:00')", True),
        ("currentDepartment() == id('00000000-0000-0000-0000-000000001772')", True),
        ("day(now()) == 1 && day(foundedOn) == 1", True),
        ("staff in [score, 7]", True),
    ],
)
def test_an_expression_answers_for_a_record(text: str, expected: Any) -> None:
    assert answer(text, RECORD) == expected


def test_values_of_parameters_are_found_beside_the_record() -> None:
    lifted, values = expressions.lifted(tree("staff > 5 && foundedOn > date('2026-01-01')"))
    node = expressions.restored(lifted, REGISTRY.shape, "company")

    assert expressions.closure(node)(RECORD, Circumstance(NOW, ZONE, values=values)) is True
    assert expressions.closure(node)(RECORD, Circumstance(NOW, ZONE, values=("8", "2026-01-01"))) is False


def test_length_of_time_is_its_seconds() -> None:
    visit = Path((Step("company", "visit"),), DURATION)

    assert expressions.closure(visit)({"visit": timedelta(minutes=90)}, AROUND) == Decimal(5400)
    assert expressions.closure(visit)({"visit": None}, AROUND) is None


def test_nobody_in_particular_is_empty() -> None:
    assert expressions.closure(tree("owner == currentUser()"))(RECORD, Circumstance(NOW, ZONE)) is None
    assert expressions.closure(tree("currentDepartment()"))(RECORD, AROUND) == DEPARTMENT
