"""A tree knows its nodes, its depth, what it depends on and what of it is settled."""

from __future__ import annotations

import pytest

from services.expressions.tree import (
    Call,
    ListOf,
    Path,
    Quantified,
    Step,
    children,
    dependencies,
    depends,
    is_settled,
    walk,
)
from tests.services.expressions.asking import tree


def test_children_are_the_nodes_right_below() -> None:
    node = tree("staff in [1, 2] && deals.exists(d, true)")

    assert [type(each) for each in children(node)] == [Call, Quantified]
    assert [type(each) for each in walk(node)][:4] == [Call, Call, Path, ListOf]
    assert children(tree("vip")) == ()


def test_dependencies_are_every_field_looked_at() -> None:
    found = dependencies(tree("owner.department == currentDepartment() && parent.deals.exists(d, d.amount > revenue)"))

    assert found == {
        Step("company", "owner"),
        Step("user", "department"),
        Step("company", "parent"),
        Step("deal", "company"),
        Step("deal", "amount"),
        Step("company", "revenue"),
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("now() - days(7)", True),
        ("currentUser()", True),
        ("currentDepartment()", False),
        ("staff + 1", False),
        ("deals.exists(d, true)", False),
    ],
)
def test_what_needs_no_record_is_settled(text: str, *, expected: bool) -> None:
    assert is_settled(tree(text)) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 == 2", False),
        ("now() - days(7)", False),
        ("currentUser() == null", True),
        ("coalesce(currentDepartment(), null == currentUser() ? currentDepartment() : null) == null", True),
        ("staff + 1", True),
        ("deals.exists(d, true)", True),
    ],
)
def test_an_answer_depends_on_the_record_or_on_who_asks(text: str, *, expected: bool) -> None:
    assert depends(tree(text)) is expected
