"""[H1] What a question costs is what it asks for at most: fields times rows, relations multiplied."""

from __future__ import annotations

import pytest

from services.query.pricing import price
from tests.builders.selections import compiled


def cost(text: str, **variables: object) -> int:
    found = compiled(text, **variables)
    made = tuple(_value(source, variables) for source in found.sources)
    return price(found.plan.roots).of(made)


def _value(source: object, variables: dict[str, object]) -> object:
    path = getattr(source, "path", None)
    return source if path is None else variables[path[0]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{ customer(id: "x") { id name __typename } }', 1 + 2),
        ('{ customer(id: "x") { name owner { name department { name } } } }', 2 + 2 + 2),
        ("{ customers(first: 10) { nodes { id name } } }", 1 + 10 * 3),
        ("{ customers { nodes { id } } }", 1 + 20 * 2),
        ("{ customers(first: 10) { edges { cursor node { id } } pageInfo { hasNextPage endCursor } } }", 1 + 10 * 3 + 2),
        ("{ customers { totalCount } }", 1 + 20),
        ('{ customers(first: 1, filter: {name: {eq: "x"}}, orderBy: [{name: ASC}]) { nodes { id } } }', 1 + 1 + 1 + 2),
        ('{ customers(first: 0, filter: {contacts: {some: {name: {eq: "x"}}}}) { nodes { id } } }', 1 + 21),
        ("{ customers(first: 10) { nodes { id contacts(first: 5) { nodes { name } } } } }", 1 + 10 * (2 + 1 + 5 * 2)),
        ("{ opportunities(first: 2) { nodes { amount { amount currency } } } }", 1 + 2 * 3),
        ("{ customersAggregate { count } }", 20 + 2),
        ("{ customersAggregate(groupBy: [{level: true}]) { group { level } count } }", 20 + 100 * 3),
        ("{ customersAggregate(groupBy: [{level: true}], first: 3) { count } }", 20 + 3 * 2),
        ("{ a: customers(first: 1) { nodes { id } } b: customers(first: 2) { nodes { id } } }", 3 + 5),
    ],
)  # fmt: skip
def test_cost_is_what_is_asked_for(text: str, expected: int) -> None:
    assert cost(text) == expected


def test_page_sizes_in_variables_count() -> None:
    text = "query ($first: Int, $inner: Int) { customers(first: $first) { nodes { contacts(first: $inner) { nodes { id } } } } }"

    assert cost(text, first=100, inner=10) == 1 + 100 * (1 + 1 + 10 * 2)
    assert cost(text, first=1, inner=1) == 1 + 1 * (1 + 1 + 1 * 2)


@pytest.mark.parametrize(("size", "rows"), [(-5, 0), (1_000, 1_000), (2_000_000, 1_000)])
def test_size_that_will_be_refused_costs_no_more_than_the_largest(size: int, rows: int) -> None:
    assert cost("query ($first: Int) { customers(first: $first) { nodes { id } } }", first=size) == 1 + rows * 2
