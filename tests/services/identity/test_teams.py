"""Teams are made, named and staffed by administrators; nothing happens twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from schema.tables.audit import audit_entry
from schema.tables.permissions import team_member
from tests.builders.mutations import mutate, refusal

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.builders.tenants import Tenant
    from tests.clients import Client

    ClientAs = Callable[..., Awaitable[Client]]


async def test_a_team_is_made_named_and_staffed(tenant: Tenant, client_as: ClientAs) -> None:
    admin, sales = await client_as("admin"), await client_as("sales")

    made = (await mutate(admin, "createTeam", "team { id name version }", name="大客户组"))["team"]
    renamed = await mutate(admin, "updateTeam", "team { name version }", id=made["id"], ifVersion=1, name="战略客户组")
    member = {"teamId": made["id"], "userId": str(tenant.user_id("sales"))}
    for name in ("addTeamMember", "addTeamMember", "removeTeamMember", "removeTeamMember"):
        assert await mutate(admin, name, "team { id }", **member) == {"team": {"id": made["id"]}, "errors": []}

    assert (made["name"], made["version"]) == ("大客户组", 1)
    assert renamed == {"team": {"name": "战略客户组", "version": 2}, "errors": []}
    assert (await sales.data("{ teams { nodes { name } } }"))["teams"]["nodes"] == [{"name": "战略客户组"}]
    entries = sa.select(audit_entry.c.action).where(audit_entry.c.object_name == "team")
    assert sorted(row["action"] for row in await tenant.read(lambda work: work.session.rows(entries))) == [
        "team.created",
        "team.memberAdded",
        "team.memberRemoved",
        "team.updated",
    ]


async def test_bad_teams_and_wrong_callers_are_refused(tenant: Tenant, client_as: ClientAs) -> None:
    admin, director = await client_as("admin"), await client_as("director")
    team = (await mutate(admin, "createTeam", "team { id }", name="一组"))["team"]["id"]
    nobody = "0192a000-0000-7001-8000-000000000000"
    wrong = [
        ("createTeam", {"name": "一组"}, ("name", "NAME_TAKEN")),
        ("createTeam", {"name": ""}, ("name", "REQUIRED")),
        ("updateTeam", {"id": team, "ifVersion": 9, "name": "二组"}, ("ifVersion", "VERSION_CONFLICT")),
        ("addTeamMember", {"teamId": team, "userId": nobody}, ("userId", "RELATION_NOT_FOUND")),
        ("removeTeamMember", {"teamId": nobody, "userId": nobody}, ("teamId", "RELATION_NOT_FOUND")),
    ]

    for name, given, (at, code) in wrong:
        assert await mutate(admin, name, **given) == {"errors": [{"path": [at], "code": code}]}
        assert await refusal(director, name, **given) == ("FORBIDDEN", ["done"])
    members = sa.select(sa.func.count()).select_from(team_member)
    assert await tenant.read(lambda work: work.session.scalar(members)) == 0
