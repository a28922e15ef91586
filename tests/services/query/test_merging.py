"""[H1] Merged pages: whoever asks, in whatever order, gets what one condition over all records would give."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from services.permissions import EVERYONE, Arm, Criteria, ObjectRights, OwnedBy, Policy, Scope, Shared, Verb
from services.permissions.policy import freeze
from services.query import merging
from services.query import plan as p
from services.query.binder import bind
from services.query.compilation import Compilation, Variant
from services.query.criteria import criteria_sql
from services.query.cursors import decode
from services.query.executor import variant_of
from services.query.guard import guard
from tests.services.query.asking import ask
from tests.services.query.rows import make_rows, store
from tests.services.query.world import ALICE, World, person

if TYPE_CHECKING:
    from schema.metadata.registry import Registry
    from services.query.sources import Source

OWN: tuple[Arm, ...] = (OwnedBy(Scope.OWN),)
PAGE = """query ($size: Int, $cursor: String, $order: [CompanyOrder!]) {
  companies(first: $size, after: $cursor, orderBy: $order) { nodes { id } pageInfo { hasNextPage endCursor } } }"""
DEPARTMENT = UUID(int=3000)


def rights(*read: Arm) -> Policy:
    return Policy(freeze({"company": ObjectRights(read=read)}), 1)


def source_of(world: World, arguments: str, *read: Arm) -> Source | None:
    plan, values = ask(world.registry, f"{{ companies({arguments}) {{ nodes {{ id }} }} }}")
    bound = bind(world.registry.shape, plan)
    guarded = guard(bound, rights(*read))
    given = {use: decode(values[use.position], use) for use in bound.cursors}
    variant = variant_of(world.work(), bound, values, given)
    (root,) = plan.roots
    assert isinstance(root, p.ConnectionRoot)
    return merging.merged(Compilation(bound.shape, guarded.rights, variant, criteria_sql), root.connection)


@pytest.mark.parametrize(
    ("arguments", "read", "merges"),
    [
        ("first: 3", OWN, True),
        ("first: 3", EVERYONE, False),
        ("orderBy: [{name: ASC}]", EVERYONE, False),
        ("orderBy: [{score: DESC}]", EVERYONE, True),
        ("orderBy: [{score: ASC}]", OWN, True),
        ("orderBy: [{seenAt: ASC}]", OWN, False),
        ("orderBy: [{industry: ASC}]", OWN, False),
        ("orderBy: [{score: ASC}, {name: ASC}]", OWN, False),
        ("orderBy: [{parent: {score: ASC}}]", OWN, False),
        ("orderBy: [{score: ASC}, {id: DESC}]", OWN, False),
        ("orderBy: [{id: ASC}]", OWN, False),
        ("first: 3", (OwnedBy(Scope.TREE), Shared(Verb.READ)), True),
        ("first: 3", tuple(OwnedBy(Scope.OWN) for _ in range(merging.MOST_ARMS + 1)), False),
    ],
)
async def test_pages_are_merged_where_an_index_has_their_order(
    world: World, arguments: str, read: tuple[Arm, ...], merges: bool
) -> None:
    assert (source_of(world, arguments, *read) is not None) is merges


async def walked(world: World, policy: Policy, order: list[dict[str, str]], size: int = 3) -> list[str]:
    """Every page of this size, one after the other."""
    found: list[str] = []
    cursor = None
    while True:
        variables = {"size": size, "cursor": cursor, "order": order}
        page = (await world.ask(PAGE, variables, policy=policy, principal=person()))["companies"]
        found += [each["id"] for each in page["nodes"]]
        if not page["pageInfo"]["hasNextPage"]:
            return found
        cursor = page["pageInfo"]["endCursor"]


async def colleagues(world: World, count: int) -> list[UUID]:
    """Alice in a department with so many others."""
    await world.sign_in(ALICE)
    await world.execute("INSERT INTO t_query.department (id, name) VALUES ($1, 'd')", DEPARTMENT)
    await world.execute("UPDATE t_query.user SET department_id = $1", DEPARTMENT)
    others = [UUID(int=4000 + number) for number in range(count)]
    for each in others:
        await world.execute(
            "INSERT INTO t_query.user (id, email, name, name_sort, department_id) VALUES ($1, $2, 'n', 'n', $3)",
            each,
            str(each),
            DEPARTMENT,
        )
    return [ALICE, *others]


SHORT, LONG = 3, merging.LONG_PAGE - 1


@pytest.mark.parametrize(
    ("key", "direction", "others", "size"),
    [
        *product(["score", "staff", "name", "createdAt"], ["ASC", "DESC"], [2, merging.MOST_OWNERS + 1], [SHORT]),
        *product(["score", "name"], ["ASC", "DESC"], [2, merging.OWNERS_APART, merging.MOST_OWNERS + 1], [LONG]),
    ],
)
async def test_few_and_many_owners_see_their_records_in_order_and_once(
    world: World, key: str, direction: str, others: int, size: int
) -> None:
    rows = make_rows(7)
    owners = await colleagues(world, others)
    for place, each in enumerate(rows.companies):
        each["owner"] = [*owners[:3], UUID(int=9)][place % 4]
    await store(world, rows)
    shared = [each["id"] for each in rows.companies if each["owner"] in {UUID(int=9), ALICE}][:6]
    for place, each in enumerate(shared):
        await world.execute(
            "INSERT INTO t_query.record_share (id, object_number, record_id, user_id, reach) VALUES ($1, 100, $2, $3, 'read')",
            UUID(int=5000 + place),
            each,
            ALICE,
        )
    order = [{key: direction}]
    everything = await walked(world, rights(*EVERYONE), order)
    seen = {str(each["id"]) for each in rows.companies if each["owner"] in owners or each["id"] in shared}

    found = await walked(world, rights(OwnedBy(Scope.DEPARTMENT), Shared(Verb.READ)), order, size)

    assert found == [each for each in everything if each in seen]


@pytest.mark.parametrize(
    ("arguments", "runs"),
    [
        ("first: 200, orderBy: [{name: ASC}]", merging.OWNERS_APART),
        ("first: 200, orderBy: [{score: ASC}]", merging.OWNERS_APART // 2 * 2),
        ('first: 200, orderBy: [{name: ASC}], filter: {name: {eq: "x"}}', merging.OWNERS_APART),
        # What each run would ask again, and pages that sort as quickly.
        ('first: 200, orderBy: [{name: ASC}], filter: {parent: {name: {eq: "x"}}}', 0),
        ("first: 50, orderBy: [{name: ASC}]", 0),
    ],
)
async def test_each_owner_of_a_long_page_has_a_run_of_his_own(world: World, arguments: str, runs: int) -> None:
    source = source_of(world, arguments, OwnedBy(Scope.DEPARTMENT))

    assert source is not None
    assert "".join(part for part in source.table.parts if isinstance(part, str)).count("FROM w WHERE") == runs


NESTED = 'orderBy: [{name: ASC}], filter: {children: {some: {children: {none: {name: {eq: "x"}}}}}}'


@pytest.mark.parametrize(
    ("arguments", "read", "tests"),
    [
        # For the set of owners, for more owners than are merged, and for what is shared; what stands inside is joined.
        (NESTED, (OwnedBy(Scope.DEPARTMENT), Shared(Verb.READ)), 3),
        ('orderBy: [{name: ASC}], filter: {parent: {name: {eq: "x"}}}', OWN, 1),
        ("orderBy: [{score: DESC}], filter: {children: {some: {}}}", EVERYONE, 0),
    ],
)
async def test_what_is_asked_of_other_records_is_no_join_of_every_run(
    world: World, arguments: str, read: tuple[Arm, ...], tests: int
) -> None:
    source = source_of(world, arguments, *read)

    assert source is not None
    text = "".join(part for part in source.table.parts if isinstance(part, str))
    assert text.count("IS TRUE") == tests
    assert text.count("EXISTS") >= tests


@pytest.mark.parametrize(
    ("read", "is_merged"),
    [(OWN, True), ((OwnedBy(Scope.TREE), Shared(Verb.READ)), True), (EVERYONE, False), ((Criteria(0, "{}"),), False)],
)
def test_newest_are_merged_where_each_arm_is_a_run_of_an_index(
    world_registry: Registry, read: tuple[Arm, ...], *, is_merged: bool
) -> None:
    plan, _ = ask(world_registry, "{ companies { nodes { id } } }")
    guarded = guard(bind(world_registry.shape, plan), rights(*read))

    found = merging.newest(Compilation(world_registry.shape, guarded.rights, Variant(), criteria_sql), "company", 5)

    assert (found is not None) is is_merged
