"""The tree of departments and its closure: after any change it says exactly what the parents say."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
import sqlalchemy as sa

from schema.metadata.errors import VersionConflict
from schema.tables.permissions import department, department_closure, user
from services import identity
from tenants.errors import NotFound, Refused
from tests.builders import identity as build
from tests.builders.mutations import mutate, refusal
from tests.builders.roles import customer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from uuid import UUID

    from tests.builders.callers import Caller
    from tests.builders.tenants import Tenant
    from tests.clients import Client


async def closure(system: Caller) -> set[tuple[UUID, UUID, int]]:
    pair = department_closure.c
    query = sa.select(pair.ancestor_id, pair.descendant_id, pair.depth)
    return {tuple(row) for row in await system.read(lambda work: work.session.rows(query))}


async def parents(system: Caller) -> dict[UUID, UUID | None]:
    query = sa.select(department.c.id, department.c.parent_id)
    return {row["id"]: row["parent_id"] for row in await system.read(lambda work: work.session.rows(query))}


def closure_of(parents_: dict[UUID, UUID | None]) -> set[tuple[UUID, UUID, int]]:
    """The closure by walking up from each department."""
    found = set()
    for start in parents_:
        at: UUID | None = start
        depth = 0
        while at is not None:
            found.add((at, start, depth))
            at, depth = parents_[at], depth + 1
    return found


async def move(system: Caller, department_id: UUID, parent_id: UUID | None) -> None:
    await system.define(lambda work: identity.update_department(work, department_id, {"parentId": parent_id}))


async def test_closure_follows_the_tree(system: Caller) -> None:
    top = await build.department(system, "总部")
    middle = await build.department(system, "华东", parent_id=top)
    leaf = await build.department(system, "上海", parent_id=middle)

    found = {each for each in await closure(system) if each[1] == leaf}

    assert found == {(leaf, leaf, 0), (middle, leaf, 1), (top, leaf, 2)}


async def test_moved_department_takes_its_subtree_along(system: Caller) -> None:
    first, second = await build.department(system, "一"), await build.department(system, "二")
    middle = await build.department(system, "中", parent_id=first)
    leaf = await build.department(system, "下", parent_id=middle)

    await move(system, middle, second)

    found = await closure(system)
    assert {each for each in found if each[1] == leaf} == {(leaf, leaf, 0), (middle, leaf, 1), (second, leaf, 2)}
    assert {each for each in found if each[0] == first} == {(first, first, 0)}


async def test_department_can_become_a_top_one(system: Caller) -> None:
    top = await build.department(system, "上")
    below = await build.department(system, "下", parent_id=top)

    await move(system, below, None)

    assert {each for each in await closure(system) if each[1] == below} == {(below, below, 0)}


async def test_department_cannot_lie_below_itself(system: Caller) -> None:
    top = await build.department(system, "上")
    middle = await build.department(system, "中", parent_id=top)
    leaf = await build.department(system, "下", parent_id=middle)
    before = await closure(system)

    for parent_id in (top, middle, leaf):
        with pytest.raises(Refused) as refused:
            await move(system, top, parent_id)
        assert [(each.path, each.fault.code) for each in refused.value.violations] == [
            (("parentId",), "DEPARTMENT_CYCLE")
        ]

    assert await closure(system) == before
    assert (await parents(system))[top] is None


async def test_closure_holds_after_any_moves(system: Caller) -> None:
    """[G4] A random walk of moves, allowed or not, compared with the closure by walking up."""
    chance = random.Random(20_260_101)  # noqa: S311 - reproducible, nothing secret
    ids = [await build.department(system, str(number)) for number in range(8)]

    for _ in range(30):
        child, parent = chance.choice(ids), chance.choice([*ids, None])
        try:
            await move(system, child, parent)
        except Refused:
            assert (parent, child) in {(low, high) for high, low, _ in await closure(system)}

    assert await closure(system) == closure_of(await parents(system))


async def test_manager_and_parent_must_exist(system: Caller) -> None:
    given = {"name": "", "parentId": uuid4(), "managerId": uuid4()}

    with pytest.raises(Refused) as refused:
        await system.define(lambda work: identity.create_department(work, given))

    assert [(each.path[0], each.fault.code) for each in refused.value.violations] == [
        ("name", "REQUIRED"),
        ("parentId", "RELATION_NOT_FOUND"),
        ("managerId", "RELATION_NOT_FOUND"),
    ]


async def test_department_of_another_tenant_is_unknown(system: Caller, other_system: Caller) -> None:
    foreign = await build.department(other_system, "别家")

    with pytest.raises(Refused) as refused:
        await build.department(system, "自家", parent_id=foreign)

    assert [each.fault.code for each in refused.value.violations] == ["RELATION_NOT_FOUND"]


async def test_renaming_leaves_the_tree_alone(system: Caller, company: Tenant) -> None:
    top = await build.department(system, "旧名", manager_id=company.user_id("manager"))
    before = await closure(system)

    await system.define(lambda work: identity.update_department(work, top, {"name": "新名"}, if_version=1))

    row = await system.read(lambda work: work.session.row(sa.select(department).where(department.c.id == top)))
    assert row is not None
    assert (row["name"], row["manager_id"], row["version"]) == ("新名", company.user_id("manager"), 2)
    assert await closure(system) == before


async def test_unknown_and_outdated_departments_are_refused(system: Caller) -> None:
    top = await build.department(system, "上")

    with pytest.raises(NotFound):
        await system.define(lambda work: identity.update_department(work, uuid4(), {"name": "X"}))
    with pytest.raises(VersionConflict):
        await system.define(lambda work: identity.update_department(work, top, {"name": "X"}, if_version=7))


async def test_a_user_sits_in_several_departments(company: Tenant, person: Callable[[str], Awaitable[Client]]) -> None:
    """[G2] The manager of a further department, its members and what is shared with it count at the next request."""
    admin, manager, stranger, sales = [await person(each) for each in ("admin", "manager", "stranger", "sales")]
    seen = "{ customers { totalCount } }"
    east = sa.select(user.c.department_id).where(user.c.id == company.user_id("sales"))
    place = str(await company.read(lambda work: work.session.scalar(east)))
    member = {"departmentId": place, "userId": str(company.user_id("stranger"))}
    await customer(stranger, name="a")
    shared = await customer(sales, name="b")
    await mutate(sales, "shareRecord", recordId=shared, departmentId=place, reach="read")

    counts = []
    for name in ("addDepartmentMember", "addDepartmentMember", "removeDepartmentMember", "removeDepartmentMember"):
        answer = await mutate(admin, name, "department { id }", **member)
        assert answer == {"department": {"id": place}, "errors": []}
        counts.append([(await each.data(seen))["customers"]["totalCount"] for each in (manager, stranger)])

    assert counts == [[2, 2], [2, 2], [1, 1], [1, 1]]
    wrong = {**member, "userId": "0192a000-0000-7001-8000-000000000000"}
    for name in ("addDepartmentMember", "removeDepartmentMember"):
        assert await mutate(admin, name, **wrong) == {"errors": [{"path": ["userId"], "code": "RELATION_NOT_FOUND"}]}
        assert await refusal(manager, name, **member) == ("FORBIDDEN", ["done"])
