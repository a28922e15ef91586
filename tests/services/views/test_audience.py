"""[A6] A view is shared with everybody, roles, departments with those below them, and teams; all of them have to be there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.builders.mutations import mutate
from tests.builders.roles import role_id
from tests.builders.views import keep, seen

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.builders.tenants import Tenant
    from tests.clients import Client

    Person = Callable[[str], Awaitable[Client]]

NOBODY = "0192a000-0000-7001-8000-000000000000"
STAFF = ("director", "manager", "sales", "stranger", "service")


async def groups(admin: Client, tenant: Tenant) -> dict[str, dict[str, Any]]:  # Any: JSON
    team = (await mutate(admin, "createTeam", "team { id }", name="大客户组"))["team"]["id"]
    await mutate(admin, "addTeamMember", teamId=team, userId=str(tenant.user_id("stranger")))
    nodes = (await admin.data("{ departments { nodes { id name } } }"))["departments"]["nodes"]
    east = next(each["id"] for each in nodes if each["name"] == "east")
    return {
        "everybody": {"everybody": True},
        "role": {"roleIds": [await role_id(admin, "sales")]},
        "department": {"departmentIds": [east]},
        "team": {"teamIds": [team]},
        "both": {"roleIds": [await role_id(admin, "director")], "teamIds": [team]},
    }


async def test_a_shared_view_is_seen_by_whom_it_is_shared_with(company: Tenant, person: Person) -> None:
    admin = await person("admin")
    shared = await groups(admin, company)
    for name, audience in shared.items():
        await keep(admin, name, sharedWith=audience)

    found = {name: {who for who in STAFF if await seen(await person(who), name)} for name in shared}

    assert found == {
        "everybody": set(STAFF),
        "role": {"sales", "stranger"},
        "department": {"manager", "sales"},
        "team": {"stranger"},
        "both": {"director", "stranger"},
    }
    (view,) = await seen(await person("stranger"), "team")
    assert view["sharedWith"] == shared["team"]


@pytest.mark.parametrize(
    ("given", "path", "code"),
    [
        ({"roleIds": [NOBODY]}, ["sharedWith", "roleIds", "0"], "RELATION_NOT_FOUND"),
        ({"teamIds": ["x"]}, ["sharedWith", "teamIds", "0"], "NOT_AN_ID"),
        ({"teamIds": "x"}, ["sharedWith"], "PART_MALFORMED"),
        ({"userIds": [NOBODY]}, ["sharedWith"], "PART_MALFORMED"),
        ({"everybody": True, "roleIds": []}, ["sharedWith"], "PART_MALFORMED"),
    ],
)
async def test_an_audience_that_is_not_there_is_refused(
    person: Person, given: dict[str, Any], path: list[str], code: str
) -> None:
    answer = await mutate(await person("admin"), "createSavedView", object="customer", name="错", sharedWith=given)

    assert answer == {"errors": [{"path": path, "code": code}]}


async def test_nobody_at_all_is_private(person: Person) -> None:
    await keep(await person("sales"), "空", sharedWith={"roleIds": []})

    assert await seen(await person("colleague"), "空") == []
