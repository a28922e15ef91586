"""What else must be true in the same transaction when records of an object were written.

A capability registers a handler; the write path calls it with everything that one verb wrote. A handler is set-based,
and whatever else it writes goes through the write path again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from services.events import Kind
from services.records.trace import Deed
from tenants.context import Work


@dataclass(frozen=True, slots=True)
class WrittenSet:
    """Records of one object that one verb wrote, each with [old, new] of every field that moved."""

    object_name: str
    kind: Kind
    deeds: tuple[Deed, ...]
    # Roll-ups over them that were kept in the statement that wrote them, each by its object and name.
    kept: frozenset[tuple[str, str]] = frozenset()

    @property
    def ids(self) -> tuple[UUID, ...]:
        """The records, in the order in which they were given."""
        return tuple(deed.id for deed in self.deeds)

    def moved(self, field_name: str) -> Mapping[UUID, tuple[object, object]]:
        """The records in which a field moved, with its old and new value."""
        return {deed.id: deed.changes[field_name] for deed in self.deeds if field_name in deed.changes}


Reaction: TypeAlias = Callable[[Work, WrittenSet], Awaitable[None]]
_REACTIONS: dict[str, list[Reaction]] = {}
# Of the engine itself: what is kept of records of whatever object.
_OF_ALL: list[Reaction] = []


def on_written(object_name: str) -> Callable[[Reaction], Reaction]:
    """Register a handler for records of an object."""

    def register(reaction: Reaction) -> Reaction:
        handlers = _REACTIONS.setdefault(object_name, [])
        if reaction not in handlers:
            handlers.append(reaction)
        return reaction

    return register


def on_any_written(reaction: Reaction) -> Reaction:
    """Register a handler for records of every object."""
    if reaction not in _OF_ALL:
        _OF_ALL.append(reaction)
    return reaction


async def react(work: Work, written: WrittenSet) -> None:
    """Call every handler, in the order of registration."""
    if written.deeds:
        for reaction in (*_REACTIONS.get(written.object_name, ()), *_OF_ALL):
            await reaction(work, written)
