"""Broad questions: what very many records meet is answered from the best and the newest of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from services.permissions import ObjectRights, OwnedBy, Policy, Scope, Verb
from services.permissions.loading import of_roles
from services.permissions.policy import freeze
from services.permissions.rules import rule
from tests.services.query.world import ALICE, BOB, COMPANY, person, record_id

if TYPE_CHECKING:
    from collections.abc import Collection
    from uuid import UUID

    from tests.services.query.world import World


# Few among the newest thousand of Alice's, some more among the newest two thousand, and three that are older.
HITS = (0, 1, 2, 300, 500, 700, 900, 1200, 1500)
PHONE = "+8613800138000"
BELOW = rule("x", "company", Verb.READ, {"compare": {"field": "staff", "operator": "lt", "operand": "2100"}})
SEEN = {
    "own": Policy(freeze({"company": ObjectRights(read=(OwnedBy(Scope.OWN),))}), 1),
    "department": Policy(freeze({"company": ObjectRights(read=(OwnedBy(Scope.DEPARTMENT),))}), 1),
    "criteria": of_roles(["x"], [], is_admin=False, version=1, criteria=[BELOW]),
}


async def many(
    world: World,
    *,
    count: int,
    first: tuple[str, ...] = (),
    owners: tuple[UUID, ...] = (BOB,),
    phoned: Collection[int] = (),
) -> None:
    """Owners in the order of their records, the last one has all the rest."""
    await world.insert(
        "company",
        [
            {
                "id": record_id(COMPANY, number),
                "created_at": datetime(2026, 1, 1, 0, number // 60, number % 60, tzinfo=UTC),
                "owner_id": owners[min(number, len(owners) - 1)],
                "f_staff": number,
                **world.searched("company", name=first[number] if number < len(first) else f"海{number}科技"),
                **(world.searched("company", phone=PHONE) if number in phoned else {}),
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


async def test_what_very_many_are_called_exactly_is_answered_newest_first(world: World) -> None:
    await many(world, count=1300, first=("科技",) * 1300)

    answer = await world.ask('{ companies(search: "科技", first: 3) { nodes { id } totalCount } }')

    ids = [{"id": str(record_id(COMPANY, number))} for number in (1299, 1298, 1297)]
    assert answer == {"companies": {"nodes": ids, "totalCount": 1300}}


@pytest.mark.parametrize("scope", [Scope.OWN, Scope.DEPARTMENT])
async def test_whoever_sees_few_old_records_finds_them_by_a_broad_question(world: World, scope: Scope) -> None:
    await world.sign_in(ALICE)
    await many(world, count=1300, owners=(ALICE, ALICE, BOB))
    policy = Policy(freeze({"company": ObjectRights(read=(OwnedBy(scope),))}), 1)

    answer = await world.ask(
        '{ companies(search: "科技") { nodes { name } totalCount } }', policy=policy, principal=person()
    )

    assert answer == {"companies": {"nodes": [{"name": "海1科技"}, {"name": "海0科技"}], "totalCount": 2}}


async def test_a_filter_that_the_newest_do_not_meet_is_answered_from_older_ones(world: World) -> None:
    await world.sign_in(ALICE)
    await many(world, count=2100, owners=(ALICE,))
    policy = Policy(freeze({"company": ObjectRights(read=(OwnedBy(Scope.OWN),))}), 1)

    answer = await world.ask(
        '{ companies(search: "科技", filter: {staff: {lt: "3"}}) { nodes { name } } }',
        policy=policy,
        principal=person(),
    )

    assert answer == {"companies": {"nodes": [{"name": f"海{number}科技"} for number in (2, 1, 0)]}}


@pytest.mark.parametrize("seen", SEEN)
@pytest.mark.parametrize("asked", ["科技", "科技 138"])
async def test_texts_out_of_sight_decide_nothing(world: World, asked: str, seen: str) -> None:
    """What is found, and how much of it, does not tell that newer records of others hold all the words, or each of them."""
    await world.sign_in(ALICE)
    mine = tuple("海蓝科技" if number in HITS else "海蓝" for number in range(2100))
    others = tuple("云启科技" if number % 2 else "云启" for number in range(1200))
    text = "query ($asked: String) { companies(search: $asked, first: 50) { nodes { staff } totalCount } }"
    phoned = {*HITS, *range(2100, 3300, 2)}
    await many(world, count=3300, first=(*mine, *others), owners=(*(ALICE,) * 2100, BOB), phoned=phoned)

    answer = await world.ask(text, {"asked": asked}, policy=SEEN[seen], principal=person())

    nodes = [{"staff": str(number)} for number in reversed(HITS)]
    assert answer == {"companies": {"nodes": nodes, "totalCount": len(HITS)}}
