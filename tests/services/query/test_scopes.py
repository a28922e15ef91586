"""[B] Record scopes: who sees whose records, in a tree of departments."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from schema.metadata.system_objects import SYSTEM_OBJECTS
from services.permissions import EVERYONE, ObjectRights, OwnedBy, Policy, Scope, Verb
from services.permissions.loading import of_roles
from services.permissions.policy import freeze
from services.permissions.rules import Grant
from services.query.binder import Touch, Use
from services.query.compilation import Compilation, Variant
from services.query.criteria import criteria_sql
from services.query.guard import guard_touches
from services.query.scopes import FALSE, TRUE, Life, always_visible, owner_condition, scope_condition, visible
from tenants.sql import ident, render
from tests.services.query.world import COMPANY, SESSION_ID, World, person, record_id

if TYPE_CHECKING:
    from schema.metadata.registry import Registry

# head: [boss, clerk]; head > east: [lead, seller]; east > south: [junior]; west: [stranger]. `lead` manages east.
USERS = {
    name: UUID(int=1000 + place) for place, name in enumerate(("boss", "clerk", "lead", "seller", "junior", "stranger"))
}
DEPARTMENTS = {name: UUID(int=2000 + place) for place, name in enumerate(("head", "east", "south", "west"))}
SEAT = {"boss": "head", "clerk": "head", "lead": "east", "seller": "east", "junior": "south", "stranger": "west"}
BELOW = [
    ("head", "head"),
    ("head", "east"),
    ("head", "south"),
    ("east", "east"),
    ("east", "south"),
    ("south", "south"),
    ("west", "west"),
]


async def people(world: World) -> None:
    for name, department in DEPARTMENTS.items():
        await world.execute("INSERT INTO t_query.department (id, name) VALUES ($1, $2)", department, name)
    for name, user in USERS.items():
        await world.execute(
            "INSERT INTO t_query.user (id, email, name, name_sort, department_id) VALUES ($1, $2, $2, $2, $3)",
            user,
            name,
            DEPARTMENTS[SEAT[name]],
        )
    await world.execute(
        "UPDATE t_query.department SET manager_id = $1 WHERE id = $2", USERS["lead"], DEPARTMENTS["east"]
    )
    for above, below in BELOW:
        await world.execute(
            "INSERT INTO t_query.department_closure (ancestor_id, descendant_id, depth) VALUES ($1, $2, 0)",
            DEPARTMENTS[above],
            DEPARTMENTS[below],
        )
    await world.insert(
        "company",
        [
            {"id": record_id(COMPANY, place), "f_name": name, "owner_id": user}
            for place, (name, user) in enumerate(USERS.items())
        ],
    )
    await world.insert("company", [{"id": record_id(COMPANY, 99), "f_name": "nobody's"}])


async def seen(world: World, name: str, *grants: Grant) -> set[str]:
    await world.execute("INSERT INTO t_query.session (id, user_id) VALUES ($1, $2)", SESSION_ID, USERS[name])
    policy = of_roles([each.role for each in grants], grants, is_admin=False, version=1)
    answer = await world.ask(
        "{ companies(first: 100) { nodes { name } } }", policy=policy, principal=person(USERS[name])
    )
    return {each["name"] for each in answer["companies"]["nodes"]}


@pytest.mark.parametrize(
    ("name", "scope", "expected"),
    [
        ("seller", Scope.OWN, {"seller"}),
        ("lead", Scope.TEAM, {"lead", "seller"}),
        ("seller", Scope.TEAM, {"seller"}),
        ("seller", Scope.DEPARTMENT, {"lead", "seller"}),
        ("lead", Scope.TREE, {"lead", "seller", "junior"}),
        ("boss", Scope.TREE, {"boss", "clerk", "lead", "seller", "junior"}),
        ("stranger", Scope.ALL, {*USERS, "nobody's"}),
    ],
)
async def test_scopes(world: World, name: str, scope: Scope, expected: set[str]) -> None:
    await people(world)

    assert await seen(world, name, Grant("a", "*", read=scope)) == expected


async def test_scopes_of_several_roles_add_up(world: World) -> None:
    await people(world)

    found = await seen(world, "lead", Grant("a", "company", read=Scope.TEAM), Grant("b", "*", read=Scope.TREE))

    assert found == {"lead", "seller", "junior"}


async def test_a_user_without_a_department_still_sees_his_own(world: World) -> None:
    await people(world)
    await world.execute("UPDATE t_query.user SET department_id = NULL WHERE id = $1", USERS["seller"])

    assert await seen(world, "seller", Grant("a", "*", read=Scope.TREE)) == {"seller"}


def compilation(registry: Registry, **rights: ObjectRights) -> Compilation:
    touches = {Touch(name, use=Use.LINK) for name in rights}
    return Compilation(registry.shape, guard_touches(touches, Policy(freeze(rights), 1)), Variant(), criteria_sql)


def test_a_record_nobody_owns_is_out_of_every_scope_but_all(world_registry: Registry) -> None:
    notification, _ = SYSTEM_OBJECTS["notification"]
    department, _ = SYSTEM_OBJECTS["department"]
    own = ObjectRights(read=(OwnedBy(Scope.OWN),))
    c = compilation(world_registry, notification=own, department=own)
    everyone = compilation(world_registry, department=ObjectRights(read=EVERYONE))

    assert render(scope_condition(c, notification, "t", Verb.READ)).parameters
    assert scope_condition(c, department, "t", Verb.READ) is FALSE
    assert scope_condition(everyone, department, "t", Verb.READ) is TRUE
    assert scope_condition(c, department, "t", Verb.DELETE) is FALSE


def test_platform_objects_have_no_bin(world_registry: Registry) -> None:
    thing, _ = SYSTEM_OBJECTS["user"]
    c = compilation(world_registry, user=ObjectRights(read=EVERYONE))

    assert visible(c, thing, "t") == ()
    assert visible(c, thing, "t", life=Life.DELETED) == (FALSE,)
    assert always_visible(c, thing)
    assert not always_visible(compilation(world_registry, user=ObjectRights()), thing)


@pytest.mark.parametrize(("scope", "fragment"), [(Scope.ALL, TRUE), (Scope.NONE, FALSE)])
def test_all_and_none_need_no_owner(scope: Scope, fragment: object) -> None:
    assert owner_condition(scope, ident("owner_id")) == fragment


async def test_audit_entries_are_read_once_they_are_in_the_chain(world: World) -> None:
    for place, seq in enumerate((1, None)):
        await world.execute(
            "INSERT INTO t_query.audit_entry (id, seq, principal_kind, principal_id, action, body) "
            "VALUES ($1, $2, 'system', $1, 'x', '')",
            UUID(int=place),
            seq,
        )

    assert await world.ask("{ auditEntries { nodes { seq } } }") == {"auditEntries": {"nodes": [{"seq": "1"}]}}
