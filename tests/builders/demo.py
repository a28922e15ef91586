"""The demo company's story without a database: people and objects by numbers of our own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from services.demo.chronicle import Chronicle, Create
from services.demo.people import PEOPLE, Staff

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from services.demo.chronicle import Operation

# What the story writes; nothing else may come up in it.
OBJECTS = (
    "lead", "customer", "contact", "opportunity", "activity", "task", "product", "quote", "quoteLine", "contract",
    "order", "orderLine", "paymentPlan", "receipt", "invoice", "ticket", "campaign",
)  # fmt: skip
NUMBERS = tuple((name, number) for number, name in enumerate(OBJECTS, 100))
ACCOUNTS = tuple((person.account, UUID(int=number)) for number, person in enumerate(PEOPLE, 1))
STAFF = Staff(dict(ACCOUNTS))
END = datetime(2026, 3, 1, 5, 30, tzinfo=UTC)
BEGIN = END - timedelta(days=548)


def chronicle(seed: int = 1, *, begin: datetime = BEGIN, end: datetime = END) -> Chronicle:
    """A story in which nothing has happened yet."""
    return Chronicle(seed, begin, end, dict(NUMBERS))


def operations(told: Chronicle) -> list[Operation]:
    """All of them, in order."""
    return [operation for period in told.periods() for operation in period]


def created(told: Iterable[Operation], object_name: str) -> dict[UUID, Mapping[str, Any]]:  # Any: values of any field
    """The new records of one object, by id."""
    return {
        record_id: record
        for operation in told
        if isinstance(operation, Create) and operation.object_name == object_name
        for record_id, record in zip(operation.ids, operation.records, strict=True)
    }


def named(ids: Iterable[UUID], accounts: Mapping[str, UUID] = STAFF.ids) -> set[str]:
    """The accounts of people."""
    by_id = {person_id: account for account, person_id in accounts.items()}
    return {by_id[person_id] for person_id in ids}
