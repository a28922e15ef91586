"""[A3] Several persons of a field: who may be seen is there by record and by id, and nobody else counts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from services.permissions import EVERYONE, Level, ObjectRights, Policy
from services.permissions.policy import freeze
from tests.services.query.world import ALICE, BOB, DEAL, SESSION_ID, World, person, record_id

CAROL = UUID(int=13)
DEALS_AND_PEOPLE = Policy(freeze({each: ObjectRights(read=EVERYONE) for each in ("deal", "user")}), 1)
ONLY_DEALS = Policy(freeze({"deal": ObjectRights(read=EVERYONE)}), 1)
MASKED = Policy(
    freeze({
        "deal": ObjectRights(read=EVERYONE, fields=(("team", Level.MASKED),)),
        "user": ObjectRights(read=EVERYONE),
    }),
    1,
)


async def deals(world: World) -> None:
    for user, name in ((ALICE, "Alice"), (BOB, "Bob"), (CAROL, "Carol")):
        await world.execute(
            "INSERT INTO t_query.user (id, email, name, name_sort) VALUES ($1, $2, $3, $3)", user, str(user), name
        )
    await world.execute("INSERT INTO t_query.session (id, user_id) VALUES ($1, $2)", SESSION_ID, ALICE)
    teams = (("a", [BOB, ALICE]), ("b", [CAROL]), ("c", None))
    await world.insert(
        "deal",
        [
            {"id": record_id(DEAL, number), "f_title": title, "f_team": team}
            for number, (title, team) in enumerate(teams)
        ],
    )


async def ask(world: World, text: str, policy: Policy) -> Any:
    return (await world.ask(text, policy=policy, principal=person(ALICE)))["deals"]["nodes"]


async def test_persons_stand_in_the_order_that_they_were_given(world: World) -> None:
    await deals(world)

    nodes = await ask(
        world, "{ deals(orderBy: [{title: ASC}]) { nodes { team { name email } teamIds } } }", DEALS_AND_PEOPLE
    )

    assert nodes == [
        {
            "team": [{"name": "Bob", "email": str(BOB)}, {"name": "Alice", "email": str(ALICE)}],
            "teamIds": [str(BOB), str(ALICE)],
        },
        {"team": [{"name": "Carol", "email": str(CAROL)}], "teamIds": [str(CAROL)]},
        {"team": None, "teamIds": None},
    ]


async def test_persons_out_of_sight_are_as_if_they_were_not_named(world: World) -> None:
    await deals(world)

    nodes = await ask(world, "{ deals(orderBy: [{title: ASC}]) { nodes { teamIds } } }", ONLY_DEALS)
    found = await ask(world, f'{{ deals(filter: {{teamIds: {{has: "{BOB}"}}}}) {{ nodes {{ title }} }} }}', ONLY_DEALS)
    empty = await ask(world, "{ deals(filter: {teamIds: {isEmpty: true}}) { nodes { id } } }", ONLY_DEALS)

    assert (nodes, found, len(empty)) == ([{"teamIds": None}] * 3, [], 3)


async def test_masked_field_shows_nobody(world: World) -> None:
    await deals(world)

    nodes = await ask(world, '{ deals(filter: {title: {eq: "a"}}) { nodes { team { name } teamIds } } }', MASKED)

    assert nodes == [{"team": None, "teamIds": None}]


@pytest.mark.parametrize(
    ("filter_", "titles"),
    [
        (f'{{has: "{ALICE}"}}', "a"),
        (f'{{hasAny: ["{ALICE}", "{CAROL}"]}}', "ab"),
        (f'{{hasAll: ["{ALICE}", "{BOB}"]}}', "a"),
        (f'{{hasAll: ["{ALICE}", "{CAROL}"]}}', ""),
        ("{isEmpty: true}", "c"),
        ("{isEmpty: false}", "ab"),
    ],
)
async def test_filters_range_over_persons(world: World, filter_: str, titles: str) -> None:
    await deals(world)

    nodes = await ask(
        world,
        f"{{ deals(filter: {{teamIds: {filter_}}}, orderBy: [{{title: ASC}}]) {{ nodes {{ title }} }} }}",
        DEALS_AND_PEOPLE,
    )

    assert "".join(each["title"] for each in nodes) == titles
