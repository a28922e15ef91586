from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from services.events import Kind
from services.records import WrittenSet, on_written
from services.records.reactions import react
from services.records.trace import Deed

if TYPE_CHECKING:
    from services.records.targets import Target
    from tenants.context import Work

FIRST, SECOND = UUID(int=1), UUID(int=2)
WRITTEN = WrittenSet(
    "thing", Kind.UPDATED, (Deed(FIRST, 2, {"name": ("a", "b")}), Deed(SECOND, 2, {"level": (None, "x")}))
)


def test_a_set_says_which_records_moved_in_a_field() -> None:
    assert WRITTEN.ids == (FIRST, SECOND)
    assert WRITTEN.moved("name") == {FIRST: ("a", "b")}
    assert WRITTEN.moved("nothing") == {}


async def test_handlers_of_the_object_are_called_once_in_order(customers: Target) -> None:
    called: list[tuple[str, WrittenSet]] = []

    async def first(_: Work, written: WrittenSet) -> None:
        called.append(("first", written))

    async def second(_: Work, written: WrittenSet) -> None:
        called.append(("second", written))

    for handler in (first, second, first):
        on_written("thing")(handler)
    await react(customers.work, WRITTEN)
    await react(customers.work, WrittenSet("other", Kind.UPDATED, WRITTEN.deeds))
    await react(customers.work, WrittenSet("thing", Kind.UPDATED, ()))

    assert called == [("first", WRITTEN), ("second", WRITTEN)]
