from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from schema.metadata.types import Output
from services.query import plan as p
from services.query.cursors import CursorUse
from services.query.errors import NotSortable, UnknownName
from services.query.ordering import SortKey, cursor_use, order_hash, sort_keys
from services.query.plan import Direction, OrderBy

if TYPE_CHECKING:
    from schema.metadata.registry import Registry

ASC, DESC = Direction.ASC, Direction.DESC
BY_ID = SortKey(("id",), DESC, Output.ID, nullable=False)


@pytest.mark.parametrize(
    ("order", "key"),
    [
        (("name",), SortKey(("name",), ASC, Output.TEXT, nullable=True, part="sort")),
        (("industry",), SortKey(("industry",), ASC, Output.INT, nullable=True, by_position=True)),
        (("revenue",), SortKey(("revenue",), ASC, Output.DECIMAL, nullable=True)),
        (("parent", "createdAt"), SortKey(("parent", "createdAt"), ASC, Output.DATETIME, nullable=True)),
        (("parentId",), SortKey(("parentId",), ASC, Output.ID, nullable=True)),
        (("version",), SortKey(("version",), ASC, Output.INT, nullable=False)),
    ],
)
def test_keys(world_registry: Registry, order: tuple[str, ...], key: SortKey) -> None:
    keys = sort_keys(world_registry.shape, "company", (OrderBy(order, ASC),))

    assert keys == (key, SortKey(("id",), ASC, Output.ID, nullable=False))


def test_the_newest_come_first_where_nobody_asks(world_registry: Registry) -> None:
    newest = SortKey(("createdAt",), DESC, Output.DATETIME, nullable=False)

    assert sort_keys(world_registry.shape, "company", ()) == (newest, BY_ID)


def test_nothing_comes_after_the_id(world_registry: Registry) -> None:
    order = (OrderBy(("id",), DESC), OrderBy(("name",), ASC))

    assert sort_keys(world_registry.shape, "company", order) == (BY_ID,)


@pytest.mark.parametrize("path", [("note",), ("tags",), ("parent",)])
def test_some_types_have_no_order(world_registry: Registry, path: tuple[str, ...]) -> None:
    with pytest.raises(NotSortable):
        sort_keys(world_registry.shape, "company", (OrderBy(path, ASC),))


@pytest.mark.parametrize("path", [("ghost",), ("name", "name"), ("parent", "ghost")])
def test_unknown_paths_are_refused(world_registry: Registry, path: tuple[str, ...]) -> None:
    with pytest.raises(UnknownName):
        sort_keys(world_registry.shape, "company", (OrderBy(path, ASC),))


def test_an_order_is_known_by_its_object_fields_and_directions(world_registry: Registry) -> None:
    shape = world_registry.shape
    hashes = {
        order_hash(name, sort_keys(shape, name, order))
        for name, order in (
            ("company", ()),
            ("deal", ()),
            ("company", (OrderBy(("name",), ASC),)),
            ("company", (OrderBy(("name",), DESC),)),
        )
    }

    assert len(hashes) == 4


def test_a_cursor_is_used_where_one_is_taken(world_registry: Registry) -> None:
    page = p.Connection("company", (), p.Page(p.Parameter(0), p.Parameter(1)))
    keys = sort_keys(world_registry.shape, "company", ())

    assert cursor_use(world_registry.shape, page) == CursorUse(
        1, order_hash("company", keys), (Output.DATETIME, Output.ID), (False, False)
    )
    assert cursor_use(world_registry.shape, p.Connection("company", (), p.Page(p.Parameter(0)))) is None
