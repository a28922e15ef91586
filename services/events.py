"""The vocabulary of what happened to records, published as messages in the transaction that made it happen.

One event names every record of one object that one verb wrote. Automation, webhooks and search subscribe to events;
the write path knows none of them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from services.messages import UNAWAITED, Message
from tenants.context import Work

if TYPE_CHECKING:
    from collections.abc import Mapping


class Kind(StrEnum):
    """What happened to a record. Derived means that only values kept by the platform moved."""

    CREATED = "created"
    UPDATED = "updated"
    DERIVED = "derived"
    DELETED = "deleted"
    RESTORED = "restored"
    DESTROYED = "destroyed"


@dataclass(frozen=True, slots=True)
class RecordEvent(Message):
    """Records of one object were written by one verb."""

    object_name: str
    ids: tuple[str, ...]
    # Input names of the fields that changed in at least one of the records.
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordCreated(RecordEvent):
    """New records."""

    name = "record.created"


@dataclass(frozen=True, slots=True)
class RecordUpdated(RecordEvent):
    """Changed records."""

    name = "record.updated"


@dataclass(frozen=True, slots=True)
class RecordDeleted(RecordEvent):
    """Records moved to the bin."""

    name = "record.deleted"


@dataclass(frozen=True, slots=True)
class RecordRestored(RecordEvent):
    """Records taken back from the bin."""

    name = "record.restored"


@dataclass(frozen=True, slots=True)
class RecordDestroyed(RecordEvent):
    """Records gone for good."""

    name = "record.destroyed"


EVENTS: Mapping[Kind, type[RecordEvent]] = {
    Kind.CREATED: RecordCreated,
    Kind.UPDATED: RecordUpdated,
    Kind.DERIVED: RecordUpdated,
    Kind.DELETED: RecordDeleted,
    Kind.RESTORED: RecordRestored,
    Kind.DESTROYED: RecordDestroyed,
}

Subscriber: TypeAlias = Callable[[Work, RecordEvent], Awaitable[None]]
_SUBSCRIBERS: dict[str, list[Subscriber]] = {}


def subscribe(event: type[RecordEvent], subscriber: Subscriber) -> Subscriber:
    """Register what happens, after commit, with an event; a subscriber may run twice for the same one."""
    _SUBSCRIBERS.setdefault(event.name, []).append(subscriber)
    return subscriber


def queue_of(event: RecordEvent) -> str:
    """Where an event waits. Who writes it says whether anybody subscribed, because a relay may be of an older release."""
    return event.queue if _SUBSCRIBERS.get(event.name) else UNAWAITED


async def deliver(work: Work, event: RecordEvent) -> None:
    """Give an event to all who subscribed; called by the job that the relay sends."""
    for subscriber in _SUBSCRIBERS.get(event.name, ()):
        await subscriber(work, event)
