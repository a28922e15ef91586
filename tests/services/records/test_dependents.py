from __future__ import annotations

from typing import TYPE_CHECKING

from services.records.dependents import dependencies, taken_along

if TYPE_CHECKING:
    from services.records.targets import Target


def test_relations_that_lead_here_with_what_deleting_does_to_them(customers: Target) -> None:
    rules = {(each.child.name, each.field.name): each.rule.value for each in dependencies(customers)}

    assert rules["contact", "customer"] == "cascade"
    assert rules["contract", "customer"] == "restrict"
    assert rules["customer", "parent"] == "unlink"
    assert ("customer", "owner") not in rules


def test_persons_point_at_users_and_nothing_goes_along_with_a_user(customers: Target) -> None:
    assert {each.field.name for each in dependencies(customers.beside("quote"))} <= {"quote"}


def test_what_may_go_along_is_followed_to_the_end(customers: Target) -> None:
    along = taken_along(customers)

    assert next(iter(along)) == "customer"
    assert {"contact", "opportunity", "activity", "quote", "quoteLine"} <= set(along)
    assert "contract" not in along
