"""What was compiled once is found again; a tenant's value is in no key."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid4
from weakref import ref

import pytest

from services.query import plan as p
from services.query.errors import UnknownName
from services.query.templates import Statement, bound_plan, statement, statements_kept
from tenants.context import TenantId
from tenants.sql import Slot, Template

if TYPE_CHECKING:
    from schema.metadata.registry import Registry

TENANT = TenantId(UUID(int=1))


def plan(name: str, key: str = "x") -> p.Plan:
    return p.Plan((p.AggregateRoot(key, p.Aggregate(name, ())),))


def test_the_same_and_an_equal_plan_are_bound_once(world_registry: Registry) -> None:
    mine = plan("deal")

    bound = bound_plan(world_registry.shape, mine, by=TENANT)

    assert bound_plan(world_registry.shape, mine, by=TENANT) is bound
    assert bound_plan(world_registry.shape, plan("deal"), by=TENANT) is bound


def test_a_plan_that_was_pushed_out_is_found_again_with_its_statements(world_registry: Registry) -> None:
    shape, mine = world_registry.shape, TenantId(uuid4())
    kept, lost = (bound_plan(shape, plan("deal", key), by=mine) for key in ("kept", "lost"))
    made = statement((kept, ""), lambda: Template(("kept",), ()), by=mine)
    alive = [ref(each) for each in (kept, lost)]
    del kept, lost

    # More than a tenant may fill.
    for number in range(300):
        bound_plan(shape, plan("deal", f"x{number}"), by=mine)

    assert [each() is None for each in alive] == [False, True]
    again = bound_plan(shape, plan("deal", "kept"), by=mine)
    assert again is alive[0]()
    assert statement((again, ""), lambda: Template(("made again",), ()), by=mine) is made


def test_a_plan_that_does_not_fit_is_refused_every_time(world_registry: Registry) -> None:
    for _ in range(2):
        with pytest.raises(UnknownName):
            bound_plan(world_registry.shape, plan("ghost"), by=TENANT)


def test_a_statement_is_compiled_once_for_its_key() -> None:
    compiled: list[str] = []
    # Of nobody else: the cache is the process's, and full when all tests run.
    mine = TenantId(uuid4())

    def asked(key: str) -> Statement:
        def compile_() -> Template:
            compiled.append(key)
            return Template((key,), ())

        return statement((mine, key), compile_, by=mine)

    first = asked("a key")

    assert asked("a key") is first
    assert asked("another key") is not first
    assert compiled == ["a key", "another key"]
    assert statements_kept() >= 2


def test_statements_that_say_the_same_share_their_template_and_stay_two() -> None:
    first, second = (
        statement((TENANT, key), lambda: Template(("SELECT ", Slot("deal")), ("limit",)), by=TENANT) for key in "ab"
    )

    assert first is not second
    assert first != second
    assert first.template is second.template
