"""[H1] Keyset paging: every order walked to the end in both directions gives each record once, in the reference's order."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from services.query.errors import CursorMismatch
from tests.services.query.questions import Questions, order_input
from tests.services.query.reference import Reference
from tests.services.query.rows import Rows, make_rows, store
from tests.services.query.world import World

FORWARD = """query ($order: [CompanyOrder!], $size: Int, $cursor: String) {
  companies(orderBy: $order, first: $size, after: $cursor) { edges { cursor node { id } } pageInfo { ...P } } }
fragment P on PageInfo { hasNextPage hasPreviousPage startCursor endCursor }"""
BACKWARD = """query ($order: [CompanyOrder!], $size: Int, $cursor: String) {
  companies(orderBy: $order, last: $size, before: $cursor) { edges { cursor node { id } } pageInfo { ...P } } }
fragment P on PageInfo { hasNextPage hasPreviousPage startCursor endCursor }"""


async def walk(world: World, text: str, order: Any, size: int) -> list[list[UUID]]:
    """All pages, each in the order in which it was answered."""
    pages: list[list[UUID]] = []
    cursor: str | None = None
    ahead, behind = ("hasNextPage", "hasPreviousPage") if text is FORWARD else ("hasPreviousPage", "hasNextPage")
    while True:
        answer = (await world.ask(text, {"order": order, "size": size, "cursor": cursor}))["companies"]
        edges, info = answer["edges"], answer["pageInfo"]
        assert (info["startCursor"], info["endCursor"]) == (edges[0]["cursor"], edges[-1]["cursor"])
        assert info[behind] is (cursor is not None)
        pages.append([UUID(each["node"]["id"]) for each in edges])
        if not info[ahead]:
            return pages
        assert len(edges) == size
        cursor = info["endCursor"] if text is FORWARD else info["startCursor"]


@pytest.mark.parametrize("seed", range(4))
async def test_both_directions_answer_every_record_once_in_order(world: World, seed: int) -> None:
    rows = make_rows(seed)
    await store(world, rows)
    reference, questions = Reference(rows), Questions(seed, rows)
    everything = reference.matching("company", {})

    for _ in range(8):
        keys = questions.order("company")
        expected = reference.ordered(everything, keys or [(("createdAt",), "DESC")])
        forward = await walk(world, FORWARD, order_input(keys), 7)
        backward = await walk(world, BACKWARD, order_input(keys), 7)
        assert [each for page in forward for each in page] == expected, keys
        assert [each for page in reversed(backward) for each in page] == expected, keys


async def test_a_page_of_nothing_has_neither_cursor_nor_more(world: World) -> None:
    answer = await world.ask(FORWARD, {"size": 5})

    assert answer["companies"] == {
        "edges": [],
        "pageInfo": {"hasNextPage": False, "hasPreviousPage": False, "startCursor": None, "endCursor": None},
    }


async def test_a_page_of_size_zero_only_says_whether_there_is_more(world: World) -> None:
    await store(world, make_rows(1))

    answer = await world.ask(FORWARD, {"size": 0})

    assert (answer["companies"]["edges"], answer["companies"]["pageInfo"]["hasNextPage"]) == ([], True)


async def test_a_cursor_of_another_order_is_refused(world: World) -> None:
    await store(world, make_rows(1))
    answer = await world.ask(FORWARD, {"order": [{"name": "ASC"}], "size": 2})
    cursor = answer["companies"]["pageInfo"]["endCursor"]

    with pytest.raises(CursorMismatch):
        await world.ask(FORWARD, {"order": [{"name": "DESC"}], "size": 2, "cursor": cursor})


async def test_records_of_equal_keys_are_neither_skipped_nor_repeated(world: World) -> None:
    rows = make_rows(3)
    twins = [{**each, "industry": "food", "deletedAt": None} for each in rows.companies]
    await store(world, Rows(twins, ()))

    pages = await walk(world, FORWARD, [{"industry": "DESC"}], 9)

    assert [each for page in pages for each in page] == sorted((each["id"] for each in twins), reverse=True)
