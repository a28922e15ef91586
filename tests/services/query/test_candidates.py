"""Broad questions: what very many records meet is answered from the best and the newest of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tests.services.query.world import COMPANY, record_id

if TYPE_CHECKING:
    from tests.services.query.world import World


async def many(world: World, *, count: int, first: tuple[str, ...] = ()) -> None:
    await world.insert(
        "company",
        [
            {
                "id": record_id(COMPANY, number),
                "created_at": datetime(2026, 1, 1, 0, number // 60, number % 60, tzinfo=UTC),
                **world.searched("company", name=first[number] if number < len(first) else f"海{number}科技"),
            }
            for number in range(count)
        ],
    )


async def test_broad_question_is_answered_from_the_best_and_the_newest(world: World) -> None:
    """More than the sample's share and more than are ranked: exact and prefix hits survive, however old."""
    await many(world, count=1300, first=("科技", "科技园"))

    answer = await world.ask('{ companies(search: "科技", first: 4) { nodes { name } totalCount } }')

    assert answer == {
        "companies": {
            "nodes": [{"name": name} for name in ("科技", "科技园", "海1299科技", "海1298科技")],
            "totalCount": 1300,
        }
    }


async def test_an_order_of_its_own_looks_at_all_that_is_found(world: World) -> None:
    await many(world, count=1300)

    answer = await world.ask('{ companies(search: "科技", orderBy: [{createdAt: ASC}], first: 2) { nodes { name } } }')

    assert answer == {"companies": {"nodes": [{"name": "海0科技"}, {"name": "海1科技"}]}}
