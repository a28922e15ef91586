"""[H1] totalCount is exact to 10,000; above, an estimate through the caller's own conditions."""

from __future__ import annotations

import pytest

from services.permissions.loading import of_roles
from services.permissions.policy import Scope
from services.permissions.rules import Grant
from tests.services.query.world import ALICE, World, person

ASKED = "query ($filter: DealFilter) { deals(filter: $filter) { totalCount totalCountIsExact } }"
OWN = of_roles(["sales"], [Grant("sales", "*", read=Scope.OWN)], is_admin=False, version=1)


async def deals(world: World, count: int) -> None:
    """Every second one is won, every fourth is Alice's."""
    await world.execute(
        "INSERT INTO t_query.x_deal (id, f_stage, owner_id) SELECT gen_random_uuid(), "
        "CASE WHEN n % 2 = 0 THEN 'won' ELSE 'open' END, CASE WHEN n % 4 = 0 THEN $2::uuid END "
        "FROM generate_series(1, $1::integer) n",
        count,
        ALICE,
    )


@pytest.mark.parametrize(("count", "is_exact"), [(0, True), (10_000, True), (10_001, False)])
async def test_totals_are_exact_to_ten_thousand(world: World, count: int, is_exact: bool) -> None:
    await deals(world, count)

    answer = await world.ask(ASKED)

    assert answer["deals"] == {"totalCount": count, "totalCountIsExact": is_exact}


async def test_estimates_are_near_once_the_table_has_been_analyzed(world: World) -> None:
    await deals(world, 60_000)
    await world.execute("ANALYZE t_query.x_deal")

    answer = await world.ask(ASKED, {"filter": {"stage": {"eq": "won"}}})

    assert answer["deals"]["totalCountIsExact"] is False
    assert answer["deals"]["totalCount"] == pytest.approx(30_000, rel=0.1)


async def test_an_estimate_counts_only_what_the_caller_may_see(world: World) -> None:
    await world.sign_in(ALICE)
    await deals(world, 60_000)
    await world.execute("ANALYZE t_query.x_deal")

    answer = await world.ask(ASKED, policy=OWN, principal=person(ALICE))

    assert answer["deals"]["totalCountIsExact"] is False
    assert answer["deals"]["totalCount"] == pytest.approx(15_000, rel=0.1)
