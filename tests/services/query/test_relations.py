"""[H1] Relations read null where the record behind them is deleted or not to be seen; so do ids, filters and orders."""

from __future__ import annotations

from typing import Any

import pytest

from services.permissions import EVERYONE, ObjectRights, OwnedBy, Policy, Scope
from services.permissions.policy import freeze
from tests.services.query.world import ALICE, BOB, COMPANY, DEAL, NOW, World, person, record_id

MINE, HIS, DELETED = (record_id(COMPANY, number) for number in (1, 2, 3))
COMPANIES_OF_ALICE = Policy(
    freeze({"deal": ObjectRights(read=EVERYONE), "company": ObjectRights(read=(OwnedBy(Scope.OWN),))}), 1
)
NO_COMPANIES = Policy(freeze({"deal": ObjectRights(read=EVERYONE)}), 1)


async def deals(world: World) -> None:
    await world.sign_in(ALICE)
    await world.insert(
        "company",
        [
            {"id": MINE, "f_name": "mine", "f_name_sort": "mine", "owner_id": ALICE},
            {"id": HIS, "f_name": "his", "f_name_sort": "his", "owner_id": BOB},
            {"id": DELETED, "f_name": "deleted", "f_name_sort": "deleted", "owner_id": ALICE, "deleted_at": NOW},
        ],
    )
    await world.insert(
        "deal",
        [
            {"id": record_id(DEAL, number), "f_title": title, "company_id": company}
            for number, (title, company) in enumerate((("a", MINE), ("b", HIS), ("c", DELETED), ("d", None)))
        ],
    )


async def ask(world: World, text: str, policy: Policy = COMPANIES_OF_ALICE) -> Any:
    return (await world.ask(text, policy=policy, principal=person(ALICE)))["deals"]["nodes"]


async def test_a_hidden_target_reads_null_by_record_and_by_id(world: World) -> None:
    await deals(world)

    nodes = await ask(world, "{ deals(orderBy: [{title: ASC}]) { nodes { title company { name } companyId } } }")

    assert nodes == [
        {"title": "a", "company": {"name": "mine"}, "companyId": str(MINE)},
        *({"title": title, "company": None, "companyId": None} for title in "bcd"),
    ]


@pytest.mark.parametrize(
    ("filter_", "titles"),
    [
        (f'{{companyId: {{eq: "{MINE}"}}}}', "a"),
        (f'{{companyId: {{eq: "{HIS}"}}}}', ""),
        (f'{{companyId: {{in: ["{MINE}", "{HIS}", "{DELETED}"]}}}}', "a"),
        (f'{{companyId: {{ne: "{HIS}"}}}}', "abcd"),
        (f'{{companyId: {{ne: "{MINE}"}}}}', "bcd"),
        (f'{{companyId: {{notIn: ["{MINE}"]}}}}', "bcd"),
        ("{companyId: {isEmpty: true}}", "bcd"),
        ("{companyId: {isEmpty: false}}", "a"),
        ('{company: {name: {ne: "x"}}}', "a"),
        ('{not: {company: {name: {eq: "his"}}}}', "abcd"),
    ],
)
async def test_filters_do_not_tell_of_hidden_targets(world: World, filter_: str, titles: str) -> None:
    await deals(world)

    nodes = await ask(world, f"{{ deals(filter: {filter_}, orderBy: [{{title: ASC}}]) {{ nodes {{ title }} }} }}")

    assert "".join(each["title"] for each in nodes) == titles


async def test_orders_do_not_tell_of_hidden_targets(world: World) -> None:
    await deals(world)

    nodes = await ask(world, "{ deals(orderBy: [{company: {name: ASC}}, {title: ASC}]) { nodes { title } } }")

    assert "".join(each["title"] for each in nodes) == "abcd"


async def test_groups_do_not_tell_of_hidden_targets(world: World) -> None:
    await deals(world)

    answer = await world.ask(
        "{ dealsAggregate(groupBy: [{companyId: true}]) { group { companyId } count } }",
        policy=COMPANIES_OF_ALICE,
        principal=person(ALICE),
    )

    assert answer["dealsAggregate"] == [
        {"group": {"companyId": str(MINE)}, "count": 1},
        {"group": {"companyId": None}, "count": 3},
    ]


async def test_ids_of_an_object_without_any_grant_are_null(world: World) -> None:
    await deals(world)

    nodes = await ask(world, "{ deals { nodes { companyId } } }", NO_COMPANIES)

    assert nodes == [{"companyId": None}] * 4
