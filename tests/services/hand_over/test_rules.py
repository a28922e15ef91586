"""[B11] Which records a rule reaches, read off the shape."""

from __future__ import annotations

from uuid import UUID

import pytest

from schema.metadata.registry import Registry
from services import metadata
from services.hand_over.rules import Rule, owned_objects, shares
from services.query.plan import And, Compare, Follows, Not, Or, Parameter
from tenants.ids import IdMaker
from tests.builders.tenants import Tenant

LEAVER, OTHER = UUID(int=1), UUID(int=2)
OWNED = Compare("owner", "eq", Parameter(0))


@pytest.fixture
async def registry(shared_tenant: Tenant) -> Registry:
    return await shared_tenant.read(metadata.registry)


def reached(registry: Registry, *rules: Rule) -> dict[tuple[int, str], object]:
    return {(each.rule, each.object_name): each.condition for each in shares(registry, LEAVER, rules)}


async def test_rules_are_kept_as_json() -> None:
    rule = Rule(OTHER, ("customer",), ("east",), (LEAVER,))

    assert Rule.from_json(rule.as_json()) == rule  # type: ignore[arg-type] # what JSON gives back


async def test_a_rule_without_limits_reaches_every_object_with_an_owner(registry: Registry) -> None:
    found = reached(registry, Rule(OTHER))

    names = [thing.name for thing in owned_objects(registry)]
    assert list(found) == [(0, name) for name in names]
    assert {"customer", "lead", "contact", "opportunity", "task"} <= set(names)
    assert "user" not in names


async def test_records_without_a_region_have_that_of_what_they_belong_to(registry: Registry) -> None:
    found = reached(registry, Rule(OTHER, ("customer", "contact", "product"), ("east",)))

    here = Compare("region", "in", Parameter(1))
    assert found[0, "customer"] == And((OWNED, And((here,))))
    assert found[0, "contact"] == And((OWNED, And((Or((Follows("customer", here),)),))))
    assert (0, "product") not in found


async def test_what_an_earlier_rule_reaches_a_later_one_does_not(registry: Registry) -> None:
    found = reached(registry, Rule(OTHER, ("lead",), ("east",)), Rule(OTHER, ("lead",)))

    first = And((Compare("region", "in", Parameter(1)),))
    assert found[1, "lead"] == And((OWNED, And(()), Not(first)))


async def test_chosen_records_are_looked_for_in_their_object_and_in_what_belongs_to_it(registry: Registry) -> None:
    customer = IdMaker().new(registry.names["customer"].number)
    found = reached(registry, Rule(OTHER, record_ids=(customer,)))

    assert found[0, "contact"] == And((OWNED, And((Or((Compare("customer", "in", Parameter(1)),)),))))
    assert (0, "product") not in found
