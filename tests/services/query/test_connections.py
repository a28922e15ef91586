"""[H1] Connections: their parts in any combination, children of each parent apart, the bin on request."""

from __future__ import annotations

import pytest

from services.permissions import EVERYONE, ObjectRights, OwnedBy, Policy, Scope
from services.permissions.policy import freeze
from services.query.errors import PageTooLarge
from tests.services.query.reference import Reference
from tests.services.query.rows import make_rows, store
from tests.services.query.world import ALICE, World, person


def page(**members: object) -> dict[str, object]:
    return {"pageInfo": members}


@pytest.mark.parametrize(
    ("side", "parts", "expected"),
    [
        ("first: 1", "pageInfo { hasPreviousPage }", page(hasPreviousPage=False)),
        ("last: 1", "pageInfo { hasPreviousPage }", page(hasPreviousPage=True)),
        ("last: 1", "pageInfo { hasNextPage }", page(hasNextPage=False)),
        ("last: 2", "pageInfo { hasPreviousPage }", page(hasPreviousPage=False)),
        (
            "last: 1",
            "nodes { name } pageInfo { hasPreviousPage }",
            {"nodes": [{"name": "a"}], **page(hasPreviousPage=True)},
        ),
        (
            "first: 2",
            "nodes { name } pageInfo { hasNextPage }",
            {"nodes": [{"name": "b"}, {"name": "a"}], **page(hasNextPage=False)},
        ),
        ("last: 2", "nodes { name }", {"nodes": [{"name": "b"}, {"name": "a"}]}),
    ],
)
async def test_what_lies_beyond_a_page_is_looked_for_only_if_asked(
    world: World, side: str, parts: str, expected: object
) -> None:
    rows = [{"id": world.new_id("company"), "f_name": name, "f_staff": staff} for staff, name in enumerate("ab")]
    await world.insert("company", rows)

    answer = await world.ask(f"{{ companies({side}, orderBy: [{{staff: DESC}}]) {{ {parts} }} }}")

    assert answer["companies"] == expected


@pytest.mark.parametrize("side", ["first", "last"])
async def test_cursors_of_a_page_do_not_need_to_know_what_lies_beyond(world: World, side: str) -> None:
    rows = [{"id": world.new_id("company"), "f_name": name, "f_staff": staff} for staff, name in enumerate("abc")]
    await world.insert("company", rows)
    ends = f"companies({side}: 2, orderBy: [{{staff: DESC}}]) {{ edges {{ cursor }} pageInfo {{ startCursor endCursor MORE }} }}"

    alone = await world.ask("{ " + ends.replace("MORE", "") + " }")
    both = await world.ask("{ " + ends.replace("MORE", "hasNextPage hasPreviousPage") + " }")

    first, second = (edge["cursor"] for edge in alone["companies"]["edges"])
    assert alone["companies"]["pageInfo"] == {"startCursor": first, "endCursor": second}
    assert both["companies"]["edges"] == alone["companies"]["edges"]
    assert both["companies"]["pageInfo"] == {
        "startCursor": first,
        "endCursor": second,
        "hasNextPage": side == "first",
        "hasPreviousPage": side == "last",
    }


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ("__typename", {"__typename": "CompanyConnection"}),
        ("totalCount", {"totalCount": 2}),
        ("a: totalCount b: totalCount exact: totalCountIsExact", {"a": 2, "b": 2, "exact": True}),
        ("pageInfo { hasNextPage __typename }", {"pageInfo": {"hasNextPage": True, "__typename": "PageInfo"}}),
        ("x: nodes { name } y: nodes { staff }", {"x": [{"name": "b"}], "y": [{"staff": "2"}]}),
        ("edges { node { name } __typename }", {"edges": [{"node": {"name": "b"}, "__typename": "CompanyEdge"}]}),
        ("edges { __typename } totalCount", {"edges": [{"__typename": "CompanyEdge"}], "totalCount": 2}),
    ],
)
async def test_parts(world: World, parts: str, expected: object) -> None:
    first, second = world.new_id("company"), world.new_id("company")
    await world.insert(
        "company", [{"id": first, "f_name": "a", "f_staff": 1}, {"id": second, "f_name": "b", "f_staff": 2}]
    )

    answer = await world.ask(f"{{ companies(first: 1, orderBy: [{{staff: DESC}}]) {{ {parts} }} }}")

    assert answer["companies"] == expected


async def test_each_parent_has_its_own_page_of_children(world: World) -> None:
    rows = make_rows(3)
    await store(world, rows)
    reference = Reference(rows)
    deals = reference.matching("deal", {})

    answer = await world.ask("""{ companies(first: 100) { nodes { id
      deals(first: 2, orderBy: [{amount: DESC}]) { nodes { id } totalCount pageInfo { hasNextPage } } } } }""")

    for node in answer["companies"]["nodes"]:
        mine = [each for each in deals if str(each["company"]) == node["id"]]
        ordered = [str(each) for each in reference.ordered(mine, [(("amount",), "DESC")])]
        assert node["deals"] == {
            "nodes": [{"id": each} for each in ordered[:2]],
            "totalCount": len(mine),
            "pageInfo": {"hasNextPage": len(mine) > 2},
        }


async def test_the_bin_holds_deleted_records_only(world: World) -> None:
    rows = make_rows(3)
    await store(world, rows)
    deleted = {str(each["id"]) for each in rows.companies if each["deletedAt"] is not None}

    answer = await world.ask("{ companies(deleted: true, first: 100) { nodes { id } totalCount } }")

    assert {each["id"] for each in answer["companies"]["nodes"]} == deleted
    assert answer["companies"]["totalCount"] == len(deleted)


async def test_the_bin_shows_only_what_the_caller_could_delete(world: World) -> None:
    rows = make_rows(3)
    await store(world, rows)
    await world.sign_in(ALICE)
    policy = Policy(freeze({"company": ObjectRights(read=EVERYONE, delete=(OwnedBy(Scope.OWN),))}), 1)
    hers = {str(each["id"]) for each in rows.companies if each["deletedAt"] is not None and each["owner"] == ALICE}

    answer = await world.ask(
        "{ companies(deleted: true, first: 100) { nodes { id } } }", policy=policy, principal=person(ALICE)
    )

    assert {each["id"] for each in answer["companies"]["nodes"]} == hers


async def test_a_page_of_a_thousand_and_no_more(world: World) -> None:
    assert await world.ask("{ companies(first: 1000) { nodes { id } } }") == {"companies": {"nodes": []}}
    with pytest.raises(PageTooLarge):
        await world.ask("{ companies(first: 1001) { nodes { id } } }")
