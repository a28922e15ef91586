"""Findings stand in the order of the text and know their line and column."""

from __future__ import annotations

import pytest

from services.expressions.errors import ExpressionUnknownName
from services.expressions.places import ExpressionRefused, refused


@pytest.mark.parametrize(("at", "line", "column"), [(0, 1, 1), (2, 1, 3), (3, 2, 1), (5, 2, 3)])
def test_a_finding_knows_line_and_column(at: int, line: int, column: int) -> None:
    details = refused("ab\ncde", at, ExpressionUnknownName, name="x", object="y").fault.details

    assert (details["position"], details["line"], details["column"]) == (at, line, column)


def test_findings_stand_in_the_order_of_the_text() -> None:
    findings = [refused("abc", at, ExpressionUnknownName, name="x", object="y") for at in (2, 0, 1)]

    assert [each.position for each in ExpressionRefused(findings).findings] == [0, 1, 2]


def test_a_refusal_becomes_one_of_an_input() -> None:
    finding = refused("abc", 1, ExpressionUnknownName, name="x", object="y")

    refusal = ExpressionRefused([finding]).as_input("rules", 2, "expression")

    assert [(each.path, each.fault) for each in refusal.violations] == [(("rules", 2, "expression"), finding.fault)]
