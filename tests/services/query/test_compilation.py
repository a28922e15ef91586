from __future__ import annotations

import pytest

from schema.metadata.registry import Registry
from schema.metadata.types import Output
from services.permissions.loading import unrestricted
from services.query.compilation import Compilation, Variant, column, fixed_table, of, step, table
from services.query.criteria import criteria_sql
from services.query.cursors import CursorUse
from services.query.guard import guard_touches
from tenants.sql import Slot, render, sql

USE = CursorUse(1, "abc", (Output.ID,), (False,))


@pytest.mark.parametrize(
    ("size", "most"),
    [
        (0, 2),
        (1, 2),
        (2, 11),
        (10, 11),
        (20, 21),
        (21, 51),
        (50, 51),
        (100, 101),
        (500, 501),
        (501, 1001),
        (1000, 1001),
        (5000, 1001),
        (None, 1001),
        ("x", 1001),
    ],
)
def test_page_sizes_fall_into_steps(size: object, most: int) -> None:
    assert step(size) == most


def test_a_compilation_knows_its_variant(world_registry: Registry) -> None:
    variant = Variant(cursors=((USE, (True,)),), most=((0, 21),), has_session=False)
    c = Compilation(world_registry.shape, guard_touches((), unrestricted(1)), variant, criteria_sql)

    assert (c.empty_keys(USE), c.empty_keys(None), c.most(0), c.most(7), c.has_session) == (
        (True,),
        None,
        21,
        1001,
        False,
    )
    assert len({c.alias() for _ in range(50)}) == 50


def test_names_are_slots_until_a_tenant_is_known() -> None:
    assert render(table("deal")).parts[2] == Slot("deal")
    assert render(column("q0", "deal", "amount", "currency")).parts == ('"q0".', Slot("deal", "amount", "currency"))
    assert render(of("q0", "j0")).parts == ('"q0"."j0"',)
    assert render(fixed_table("state")).bind("t_x", str) == '"t_x"."state"'


def test_set_of_ids_is_named_where_the_statement_makes_it_once(world_registry: Registry) -> None:
    c = Compilation(world_registry.shape, guard_touches((), unrestricted(1)), Variant(), criteria_sql)
    first, second = sql("SELECT 1"), sql("SELECT 2")
    assert render(c.ids(first)).parts == ("ARRAY(SELECT 1)",)

    c.sets = {}

    asked = [render(c.ids(each)).bind("", str) for each in (first, second, first)]
    assert asked == [
        '(SELECT "w0".ids FROM "w0")::uuid[]',
        '(SELECT "w1".ids FROM "w1")::uuid[]',
        '(SELECT "w0".ids FROM "w0")::uuid[]',
    ]
    assert c.sets == {first: "w0", second: "w1"}
