"""[H1] Filters mean what the reference says, for random filters over random records with many empty values."""

from __future__ import annotations

import pytest

from services.permissions.loading import of_roles
from services.permissions.policy import Scope
from services.permissions.rules import Grant
from tests.services.query.questions import Questions, as_input
from tests.services.query.reference import Reference
from tests.services.query.rows import make_rows, store
from tests.services.query.world import ALICE, World, person

ASKED = "query ($filter: CompanyFilter) { companies(filter: $filter, first: 1000) { nodes { id } totalCount } }"
OWN = of_roles(["sales"], [Grant("sales", "*", read=Scope.OWN)], is_admin=False, version=1)


@pytest.mark.parametrize("seed", range(8))
async def test_random_filters_choose_what_the_reference_chooses(world: World, seed: int) -> None:
    rows = make_rows(seed)
    await store(world, rows)
    reference, questions = Reference(rows), Questions(seed, rows)

    for _ in range(40):
        given = questions.filter("company")
        answer = await world.ask(ASKED, {"filter": as_input(given)})
        expected = {str(each["id"]) for each in reference.matching("company", given)}
        assert {each["id"] for each in answer["companies"]["nodes"]} == expected, given
        assert answer["companies"]["totalCount"] == len(expected)


@pytest.mark.parametrize("seed", range(4))
async def test_relation_predicates_range_over_records_the_caller_may_see(world: World, seed: int) -> None:
    rows = make_rows(seed)
    await store(world, rows)
    await world.sign_in(ALICE)
    reference, questions = Reference(rows, owners={ALICE}), Questions(seed, rows)

    for _ in range(30):
        given = questions.filter("company")
        answer = await world.ask(ASKED, {"filter": as_input(given)}, policy=OWN, principal=person(ALICE))
        expected = {str(each["id"]) for each in reference.matching("company", given)}
        assert {each["id"] for each in answer["companies"]["nodes"]} == expected, given
