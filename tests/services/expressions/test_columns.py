"""A statement answers one value for each column: money is two of them."""

from __future__ import annotations

import pytest

from services import expressions, packs
from services.metadata import Snapshot

REGISTRY = Snapshot(packs.load("crm").objects, 1).registry


@pytest.mark.parametrize(
    ("text", "columns"),
    [("name", ["name"]), ("amount", ["amount.amount", "amount.currency"]), ("amount.amount", ["amount.amount"])],
)
def test_columns_of_an_expression(text: str, columns: list[str]) -> None:
    node = expressions.check(REGISTRY, "opportunity", text)

    assert [expressions.printed(each) for each in expressions.columns(node)] == columns
