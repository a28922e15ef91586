"""Leases: one holder at a time, and an old one is fenced off."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from jobs import leases

if TYPE_CHECKING:
    from tests.builders.background import Cell

ONE, OTHER = UUID(int=1), UUID(int=2)


async def acquire(cell: Cell, holder: UUID) -> list[int]:
    return [row["token"] for row in await cell.rows(leases.acquire("thing", holder))]


async def hold(cell: Cell, holder: UUID, token: int) -> list[int]:
    return [row["token"] for row in await cell.rows(leases.hold("thing", holder, token))]


async def test_a_lease_has_one_holder(cell: Cell) -> None:
    assert await acquire(cell, ONE) == [1]
    assert await acquire(cell, OTHER) == []
    assert await acquire(cell, ONE) == [1]


async def test_a_lease_that_ended_is_taken_over_and_the_old_holder_fenced_off(cell: Cell) -> None:
    await acquire(cell, ONE)
    await cell.let_leases_end()

    assert await acquire(cell, OTHER) == [2]
    assert await hold(cell, ONE, 1) == []
    assert await acquire(cell, ONE) == []
    assert await hold(cell, OTHER, 2) == [2]


async def test_a_holder_that_was_late_but_not_replaced_goes_on(cell: Cell) -> None:
    await acquire(cell, ONE)
    await cell.let_leases_end()

    assert await hold(cell, ONE, 1) == [1]
    assert await acquire(cell, OTHER) == []


async def test_a_lease_given_back_is_free_at_once(cell: Cell) -> None:
    await acquire(cell, ONE)

    await cell.execute(leases.release("thing", ONE))

    assert await acquire(cell, OTHER) == [2]
