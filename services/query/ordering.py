"""The order of a page: its keys with the id last, empty values last in both directions. Pure; SQL is in `paging`."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from schema.metadata.record_fields import NEVER_EMPTY
from schema.metadata.types import Output
from services.query.cursors import CursorUse
from services.query.errors import NotSortable
from services.query.names import path_end, relation_by_id
from services.query.plan import Direction, OrderBy

if TYPE_CHECKING:
    from schema.metadata.registry import Shape
    from services.query.plan import Connection

# What sorts a value of several parts.
_KINDS = {Output.MONEY: Output.DECIMAL, Output.ADDRESS: Output.TEXT}
_NEWEST_FIRST = "createdAt"


@dataclass(frozen=True, slots=True)
class SortKey:
    """One key: where it stands, what a cursor holds of it, and whether it may be empty."""

    path: tuple[str, ...]
    direction: Direction
    kind: Output
    nullable: bool
    part: str = ""
    # Choices are in the order of their definition, not of their keys.
    by_position: bool = False
    # How well a search finds the record; it stands in no field.
    by_rank: bool = field(default=False, repr=False)


_RANK = SortKey((), Direction.ASC, Output.INT, nullable=False, by_rank=True)


def keys_of(shape: Shape, connection: Connection) -> tuple[SortKey, ...]:
    """The keys of a connection: those of its order; of a search without one the best come first, then the newest."""
    keys = sort_keys(shape, connection.object_name, connection.order)
    return (_RANK, *keys) if is_ranked(connection) else keys


def is_ranked(connection: Connection) -> bool:
    """Whether the best records of a search come first."""
    return connection.search is not None and not connection.order


def sort_keys(shape: Shape, object_name: str, order: tuple[OrderBy, ...]) -> tuple[SortKey, ...]:
    """The keys of an order; without one the newest come first. The last key is always the id."""
    keys: list[SortKey] = []
    for each in order or _default(shape, object_name):
        keys.append(_key(shape, object_name, each))
        if each.path == ("id",):
            return tuple(keys)
    keys.append(SortKey(("id",), keys[-1].direction if keys else Direction.DESC, Output.ID, nullable=False))
    return tuple(keys)


def order_hash(object_name: str, keys: tuple[SortKey, ...]) -> str:
    """What a cursor remembers of its order."""
    return hashlib.sha256(repr((object_name, keys)).encode()).hexdigest()[:12]


def cursor_use(shape: Shape, connection: Connection) -> CursorUse | None:
    """How a connection takes its cursor, if it takes one."""
    if connection.page.cursor is None:
        return None
    keys = keys_of(shape, connection)
    return CursorUse(
        connection.page.cursor.position,
        order_hash(connection.object_name, keys),
        tuple(key.kind for key in keys),
        tuple(key.nullable for key in keys),
    )


def _default(shape: Shape, object_name: str) -> tuple[OrderBy, ...]:
    if shape.field(object_name, _NEWEST_FIRST) is None:
        return ()
    return (OrderBy((_NEWEST_FIRST,), Direction.DESC),)


def _key(shape: Shape, object_name: str, order: OrderBy) -> SortKey:
    owner, field = path_end(shape, object_name, order.path)
    nullable = len(order.path) > 1 or field.name not in NEVER_EMPTY
    if relation_by_id(shape, owner, order.path[-1]) is not None:
        return SortKey(order.path, order.direction, Output.ID, nullable=True)
    if not field.type.sortable:
        raise NotSortable(field=".".join(order.path))
    if field.type.has_choices:
        return SortKey(order.path, order.direction, Output.INT, nullable=True, by_position=True)
    kind = _KINDS.get(field.type.output, field.type.output)
    part = "sort" if "sort" in field.parts else ""
    return SortKey(order.path, order.direction, kind, nullable=nullable, part=part)
