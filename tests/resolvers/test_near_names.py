"""Unknown names of a document are refused with the near ones of the caller's schema."""

from __future__ import annotations

import pytest
from graphql import build_schema, parse, validate

from resolvers.near_names import with_near_names

SCHEMA = build_schema("""
type Query { customers(first: Int, filter: Filter, orderBy: Direction): Customer  customersAggregate: Int node: Node }
type Customer implements Node { id: ID name: String }
interface Node { id: ID }
input Filter { name: String phone: String }
enum Direction { ASC DESC }
""")


def said(text: str) -> list[str]:
    errors = validate(SCHEMA, parse(text), hide_suggestions=True)
    return [each.message for each in with_near_names(errors, SCHEMA)]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("{ custmers { id } }", "Did you mean “customers”?"),
        ("{ customers { nmae } }", "Did you mean “name”?"),
        ("{ customers(frist: 1) { id } }", "Did you mean “first”?"),
        ('{ customers(filter: {pone: "1"}) { id } }', "Did you mean “phone”?"),
        ("{ customers(orderBy: DSEC) { id } }", "Did you mean “DESC”?"),
        ("{ node { idd } }", "Did you mean “id”?"),
    ],
)
def test_near_name_is_told(text: str, hint: str) -> None:
    (message,) = said(text)

    assert message.endswith(f" {hint}")


@pytest.mark.parametrize("text", ["{ zzzzzz }", "{ node { name } }", "{ customers(filter: 5) { id } }"])
def test_nothing_is_told_of_what_is_far_or_elsewhere(text: str) -> None:
    assert "Did you mean" not in "".join(said(text))


def test_only_the_first_errors_are_compared() -> None:
    messages = said("{ customers { nmae a: nmae b: nmae c: nmae } }")

    assert ["Did you mean" in each for each in messages] == [True, True, True, False]
