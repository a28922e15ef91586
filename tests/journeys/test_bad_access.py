"""[G2] [B11] Whatever is wrong with roles, rules, shares, deputies and administrators is refused with its reason, and nothing is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from schema.tables.audit import audit_entry
from schema.tables.hand_over import hand_over
from schema.tables.metadata import state
from schema.tables.permissions import (
    action_permission,
    criteria_rule,
    delegation,
    department,
    department_closure,
    field_permission,
    object_permission,
    record_share,
    restriction,
    role,
    role_member,
    user,
)
from tests.builders.mutations import mutate
from tests.builders.oauth import partner
from tests.builders.roles import customer, role_id

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.builders.tenants import Tenant
    from tests.clients import Client

    Person = Callable[[str], Awaitable[Client]]

NOBODY, NO_ROLE = "0192a000-0000-7001-8000-000000000000", "0192a000-0000-7003-8000-000000000000"
LAST = "2999-01-01T00:00:00Z"
TABLES = (
    action_permission, audit_entry, criteria_rule, delegation, department, department_closure, field_permission, hand_over,
    object_permission, record_share, restriction, role, role_member, user,
)  # fmt: skip


async def written(tenant: Tenant) -> list[int]:
    """How many rows there are of everything that could have been changed, and the versions."""
    counts = (sa.select(sa.func.count()).select_from(each).scalar_subquery() for each in TABLES)
    versions = (
        sa.select(sa.func.sum(role.c.version)).scalar_subquery(),
        sa.select(sa.func.sum(user.c.version)).scalar_subquery(),
        sa.select(state.c.access_version).scalar_subquery(),
    )
    (row,) = await tenant.read(lambda work: work.session.rows(sa.select(*counts, *versions)))
    return list(row)


async def refused(client: Client, name: str, given: dict[str, Any]) -> list[tuple[list[str], str]]:  # Any: JSON
    answer = await mutate(client, name, **given)
    return [(each["path"], each["code"]) for each in answer["errors"]]


CRITERIA = [
    ({"filter": {"colour": {"eq": "red"}}}, "filter", "UNKNOWN_NAME"),
    ({"filter": {"level": {"above": "a"}}}, "filter", "OPERATOR_NOT_OFFERED"),
    ({"filter": {"level": {"eq": "z"}}}, "filter", "UNKNOWN_CHOICE"),
    ({"filter": {}}, "filter", "EVERY_RECORD_CHOSEN"),
    ({"expression": 'colour == "red"'}, "expression", "EXPRESSION_UNKNOWN_NAME"),
    ({"expression": "level + 1"}, "expression", "EXPRESSION_WRONG_TYPE"),
    ({"expression": "level"}, "expression", "EXPRESSION_WRONG_RESULT"),
    ({"expression": "level =="}, "expression", "EXPRESSION_MALFORMED"),
    ({"expression": " && ".join(['level == "a"'] * 2_000)}, "expression", "EXPRESSION_TOO_LARGE"),
    ({"expression": "(" * 500 + "true" + ")" * 500}, "expression", "EXPRESSION_TOO_LARGE"),
    ({"expression": "1 == 1"}, "expression", "EXPRESSION_CHOOSES_NOTHING"),
    ({"filter": {"level": {"eq": "a"}}, "expression": 'level == "a"'}, "filter", "FILTER_OR_EXPRESSION"),
    ({}, "filter", "FILTER_OR_EXPRESSION"),
]


@pytest.mark.parametrize(("condition", "at", "code"), CRITERIA)
async def test_criteria_that_say_nothing_or_what_there_is_not(
    company: Tenant, person: Person, condition: dict[str, object], at: str, code: str
) -> None:
    admin = await person("admin")
    about = {"object": "customer", "reach": "read", **condition}
    sales = await role_id(admin, "sales")
    before = await written(company)

    of_role = await refused(admin, "openRecords", {"roleId": sales, **about})
    shared = await refused(admin, "createSharingRule", {"userId": str(company.user_id("service")), **about})

    assert (of_role, shared) == ([([at], code)], [([at], code)])
    assert await written(company) == before


async def test_roles_that_are_held_and_that_there_are_not(tenant: Tenant, client_as: Person) -> None:
    admin = await client_as("admin")
    sales, service = await role_id(admin, "sales"), await role_id(admin, "service")
    await mutate(admin, "createRole", "role { id }", name="ofClient")
    of_client = await role_id(admin, "ofClient")
    await partner(tenant, admin, ["customer:read"], role="ofClient")
    before = await written(tenant)

    for name, given, expected in (
        ("deleteRole", {"id": sales}, (["id"], "ROLE_IN_USE")),
        ("deleteRole", {"id": await role_id(admin, "admin")}, (["id"], "ROLE_IN_USE")),
        ("deleteRole", {"id": of_client}, (["id"], "ROLE_IN_USE")),
        ("deleteRole", {"id": sales, "ifVersion": 9}, (["ifVersion"], "VERSION_CONFLICT")),
        ("createRole", {"name": "sales"}, (["name"], "NAME_TAKEN")),
        ("copyRole", {"id": service, "name": "service"}, (["name"], "NAME_TAKEN")),
        ("assignRole", {"userId": str(tenant.user_id("sales")), "roleId": NO_ROLE}, (["roleId"], "RELATION_NOT_FOUND")),
        ("assignRole", {"userId": NOBODY, "roleId": sales}, (["userId"], "RELATION_NOT_FOUND")),
        ("setObjectPermission", {"roleId": sales, "object": "castle", "read": "all"}, (["object"], "UNKNOWN_OBJECT")),
        ("setObjectPermission", {"roleId": sales, "object": "lead", "read": "galaxy"}, (["read"], "UNKNOWN_CHOICE")),
        ("setObjectPermission", {"roleId": sales, "object": "lead"}, (["object"], "NOTHING_TO_SET")),
    ):
        assert (name, await refused(admin, name, given)) == (name, [expected])
    assert await written(tenant) == before


async def test_departments_stand_in_no_circle(tenant: Tenant, client_as: Person) -> None:
    admin = await client_as("admin")
    top = (await mutate(admin, "createDepartment", "department { id }", name="总部"))["department"]["id"]
    below = (await mutate(admin, "createDepartment", "department { id }", name="华东", parentId=top))["department"][
        "id"
    ]
    lowest = (await mutate(admin, "createDepartment", "department { id }", name="上海", parentId=below))["department"][
        "id"
    ]
    before = await written(tenant)

    for parent in (top, below, lowest):
        refusal = await refused(admin, "updateDepartment", {"id": top, "parentId": parent})
        assert refusal == [(["parentId"], "DEPARTMENT_CYCLE")]
    assert await written(tenant) == before


async def test_the_last_administrator_stays_in_every_way(tenant: Tenant, client_as: Person) -> None:
    admin = await client_as("admin")
    me, role_of_mine = str(tenant.user_id("admin")), await role_id(admin, "admin")
    # One who is locked out, a deputy, and one with a role like it that grants nothing: none of them could let anybody in.
    second = str(tenant.user_id("finance"))
    await mutate(admin, "assignRole", userId=second, roleId=role_of_mine)
    await mutate(admin, "deactivateUser", id=second)
    await mutate(admin, "delegate", fromUserId=me, toUserId=str(tenant.user_id("sales")), endsAt=LAST)
    rules = [{"toUserId": str(tenant.user_id("sales"))}]
    before = await written(tenant)

    for name, given, path in (
        ("deactivateUser", {"id": me}, []),
        ("revokeRole", {"userId": me, "roleId": role_of_mine}, []),
        ("deleteRole", {"id": role_of_mine}, ["id"]),
        ("handOver", {"fromUserId": me, "rules": rules, "deactivate": True}, ["deactivate"]),
    ):
        code = "ROLE_IN_USE" if name == "deleteRole" else "LAST_ADMIN"
        assert (name, await refused(admin, name, given)) == (name, [(path, code)])
    assert await written(tenant) == before


async def test_no_restriction_takes_from_administrators_what_they_let_people_in_by(client_as: Person) -> None:
    admin = await client_as("admin")
    mine = await role_id(admin, "admin")
    for name in ("user", "role", "department", "objectDefinition", "auditEntry"):
        assert await refused(admin, "restrictRole", {"roleId": mine, "object": name, "verb": "read"}) == [
            (["object"], "ONLY_READABLE")
        ]
    for verb in ("read", "create", "update", "delete", "bulk", "assign", "share", "export", "import", "merge"):
        await mutate(admin, "restrictRole", roleId=mine, object="*", verb=verb)

    let_in = await mutate(admin, "createUser", "user { name }", email="new@tenant.example", name="新人")
    lifted = await mutate(admin, "liftRestriction", "role { name }", roleId=mine, object="*", verb="read")

    assert let_in == {"user": {"name": "新人"}, "errors": []}
    assert lifted["errors"] == []
    assert (await admin.data("{ customers { totalCount } }"))["customers"] == {"totalCount": 0}


async def test_nothing_is_shared_with_strangers(tenant: Tenant, other_tenant: Tenant, client_as: Person) -> None:
    admin, sales, stranger = await client_as("admin"), await client_as("sales"), await client_as("stranger")
    mine, locked_out = await customer(sales, name="海蓝"), str(tenant.user_id("finance"))
    await mutate(admin, "deactivateUser", id=locked_out)
    about = {"recordId": mine, "reach": "read"}
    before = await written(tenant)

    for grantee, expected in (
        ({"userId": NOBODY}, (["userId"], "RELATION_NOT_FOUND")),
        ({"userId": str(other_tenant.user_id("sales"))}, (["userId"], "RELATION_NOT_FOUND")),
        ({"userId": locked_out}, (["userId"], "GRANTEE_INACTIVE")),
        ({"departmentId": "0192a000-0000-7002-8000-000000000000"}, (["departmentId"], "RELATION_NOT_FOUND")),
        ({}, (["userId"], "ONE_GRANTEE")),
    ):
        assert await refused(sales, "shareRecord", {**about, **grantee}) == [expected]
    text = "mutation ($input: ShareRecordInput!) { shareRecord(input: $input) { errors { code } } }"
    (error,) = await stranger.errors(text, input={**about, "userId": str(tenant.user_id("service"))})
    assert error["extensions"]["code"] == "NOT_FOUND"
    assert await written(tenant) == before


async def test_nobody_stands_in_for_himself(company: Tenant, person: Person) -> None:
    admin = await person("admin")
    sales, service = str(company.user_id("sales")), str(company.user_id("service"))
    before = await written(company)

    for given, expected in (
        ({"fromUserId": sales, "toUserId": sales, "endsAt": LAST}, (["toUserId"], "DELEGATION_TO_ONESELF")),
        ({"fromUserId": sales, "toUserId": NOBODY, "endsAt": LAST}, (["toUserId"], "RELATION_NOT_FOUND")),
        (
            {"fromUserId": sales, "toUserId": service, "endsAt": "2020-01-01T00:00:00Z"},
            (["endsAt"], "ENDS_BEFORE_IT_STARTS"),
        ),
    ):
        assert await refused(admin, "delegate", given) == [expected]
    assert await written(company) == before
