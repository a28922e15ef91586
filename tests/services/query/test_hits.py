"""Hits over several objects: where and how well each is found, and nothing of objects that may not be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.permissions.loading import of_roles, unrestricted
from services.permissions.policy import Level
from tests.services.query.test_searching import fill, level

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.services.query.world import World


def found_in(answer: dict[str, list[dict[str, object]]]) -> Sequence[tuple[object, ...]]:
    return [(each["title"], each["field"], each["match"], each["score"]) for each in answer["search"]]


async def test_hits_tell_where_and_how_well(world: World) -> None:
    await fill(world)

    answer = await world.ask('{ search(text: "8000", first: 2) { title field match score } }')

    assert found_in(answer) == [("3M 中国", "phone", "EXACT", 90), ("启云科技", "phone", "EXACT", 90)]


async def test_objects_that_may_not_be_read_have_no_hits(world: World) -> None:
    await fill(world)
    blind = of_roles([], [], is_admin=False, version=1)

    assert await world.ask('{ search(text: "云启") { object } }', policy=blind) == {"search": []}
    assert len((await world.ask('{ search(text: "云启") { object } }', policy=unrestricted(1)))["search"]) == 3


async def test_title_is_shown_as_far_as_it_may_be_read(world: World) -> None:
    await fill(world)
    asked = '{ search(text: "13900008000", first: 1) { title } }'

    assert await world.ask(asked, policy=level(name=Level.MASKED)) == {"search": [{"title": "3***"}]}
    assert await world.ask(asked, policy=level(name=Level.NONE)) == {"search": [{"title": None}]}
