"""The mutations of users, roles and departments, declared as data: SDL and resolvers are generated from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from services import verbs
from services.identity import credentials, departments, inputs, roles, teams, users
from services.verbs import Outcome, Run, VerbDefinition, VerbInput, VerbOutput

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tenants.context import Work

_ID = VerbInput("id", "ID", required=True)
_IF_VERSION = VerbInput("ifVersion", "Int")
_ABOUT_USER = (
    VerbInput("phone", "String"),
    VerbInput("title", "String"),
    VerbInput("departmentId", "ID"),
    VerbInput("language", "String"),
    VerbInput("zone", "String"),
)
_MEMBERSHIP = (VerbInput("userId", "ID", required=True), VerbInput("roleId", "ID", required=True))
_USER = (VerbOutput("user", "user"),)
_TEAM = (VerbOutput("team", "team"),)
_IN_TEAM = (VerbInput("teamId", "ID", required=True), VerbInput("userId", "ID", required=True))
_DEPARTMENT = (VerbOutput("department", "department"),)


async def _create_user(work: Work, given: Mapping[str, object]) -> Outcome:
    password = inputs.text(given, "password")
    role_ids = cast("Sequence[object]", given.get("roleIds") or ())
    user_id = await users.create_user(work, given, password=password, role_ids=role_ids)
    return Outcome({"user": (user_id,)})


async def _update_user(work: Work, given: Mapping[str, object]) -> Outcome:
    user_id = inputs.id_(given, "id")
    await users.update_user(work, user_id, given, if_version=inputs.version(given))
    return Outcome({"user": (user_id,)})


async def _deactivate_user(work: Work, given: Mapping[str, object]) -> Outcome:
    user_id = inputs.id_(given, "id")
    await users.deactivate_user(work, user_id, if_version=inputs.version(given))
    return Outcome({"user": (user_id,)})


async def _reactivate_user(work: Work, given: Mapping[str, object]) -> Outcome:
    user_id = inputs.id_(given, "id")
    await users.reactivate_user(work, user_id, if_version=inputs.version(given))
    return Outcome({"user": (user_id,)})


async def _set_password(work: Work, given: Mapping[str, object]) -> Outcome:
    user_id = inputs.id_(given, "id")
    await credentials.set_password(work, user_id, inputs.text(given, "password") or "")
    return Outcome({"user": (user_id,)})


async def _assign_role(work: Work, given: Mapping[str, object]) -> Outcome:
    user_id = inputs.id_(given, "userId")
    await roles.assign_role(work, user_id=user_id, role_id=inputs.id_(given, "roleId"))
    return Outcome({"user": (user_id,)})


async def _revoke_role(work: Work, given: Mapping[str, object]) -> Outcome:
    user_id = inputs.id_(given, "userId")
    await roles.revoke_role(work, user_id=user_id, role_id=inputs.id_(given, "roleId"))
    return Outcome({"user": (user_id,)})


async def _create_department(work: Work, given: Mapping[str, object]) -> Outcome:
    return Outcome({"department": (await departments.create_department(work, given),)})


async def _update_department(work: Work, given: Mapping[str, object]) -> Outcome:
    department_id = inputs.id_(given, "id")
    await departments.update_department(work, department_id, given, if_version=inputs.version(given))
    return Outcome({"department": (department_id,)})


async def _add_department_member(work: Work, given: Mapping[str, object]) -> Outcome:
    department_id = inputs.id_(given, "departmentId")
    await departments.add_department_member(work, department_id=department_id, user_id=inputs.id_(given, "userId"))
    return Outcome({"department": (department_id,)})


async def _remove_department_member(work: Work, given: Mapping[str, object]) -> Outcome:
    department_id = inputs.id_(given, "departmentId")
    await departments.remove_department_member(work, department_id=department_id, user_id=inputs.id_(given, "userId"))
    return Outcome({"department": (department_id,)})


async def _create_team(work: Work, given: Mapping[str, object]) -> Outcome:
    return Outcome({"team": (await teams.create_team(work, given),)})


async def _update_team(work: Work, given: Mapping[str, object]) -> Outcome:
    team_id = inputs.id_(given, "id")
    await teams.update_team(work, team_id, given, if_version=inputs.version(given))
    return Outcome({"team": (team_id,)})


async def _add_team_member(work: Work, given: Mapping[str, object]) -> Outcome:
    team_id = inputs.id_(given, "teamId")
    await teams.add_team_member(work, team_id=team_id, user_id=inputs.id_(given, "userId"))
    return Outcome({"team": (team_id,)})


async def _remove_team_member(work: Work, given: Mapping[str, object]) -> Outcome:
    team_id = inputs.id_(given, "teamId")
    await teams.remove_team_member(work, team_id=team_id, user_id=inputs.id_(given, "userId"))
    return Outcome({"team": (team_id,)})


def _declare(name: str, given: tuple[VerbInput, ...], answers: tuple[VerbOutput, ...], run: Run, says: str) -> None:
    verbs.declare(VerbDefinition(name, given, answers, run, says, defines=True))


_declare(
    "createUser",
    (
        VerbInput("email", "String", required=True),
        VerbInput("name", "String", required=True),
        VerbInput("password", "String", secret=True),
        VerbInput("roleIds", "ID", many=True),
        *_ABOUT_USER,
    ),
    _USER,
    _create_user,
    "Takes a user on. Without a password the user cannot sign in until one is set.",
)
_declare(
    "updateUser",
    (_ID, _IF_VERSION, VerbInput("email", "String"), VerbInput("name", "String"), *_ABOUT_USER),
    _USER,
    _update_user,
    "Changes what is known of a user. Missing is untouched, null is cleared.",
)
_declare(
    "deactivateUser",
    (_ID, _IF_VERSION),
    _USER,
    _deactivate_user,
    "Locks a user out and closes every session of the user at once.",
)
_declare("reactivateUser", (_ID, _IF_VERSION), _USER, _reactivate_user, "Lets a deactivated user sign in again.")
_declare(
    "setPassword",
    (_ID, VerbInput("password", "String", required=True, secret=True)),
    _USER,
    _set_password,
    "Gives a user a new password and closes every session of the user.",
)
_declare("assignRole", _MEMBERSHIP, _USER, _assign_role, "Gives a user a role.")
_declare("revokeRole", _MEMBERSHIP, _USER, _revoke_role, "Takes a role from a user.")
_declare(
    "createDepartment",
    (VerbInput("name", "String", required=True), VerbInput("parentId", "ID"), VerbInput("managerId", "ID")),
    _DEPARTMENT,
    _create_department,
    "Makes a department, below its parent or at the top.",
)
_declare(
    "updateDepartment",
    (_ID, _IF_VERSION, VerbInput("name", "String"), VerbInput("parentId", "ID"), VerbInput("managerId", "ID")),
    _DEPARTMENT,
    _update_department,
    "Renames a department, gives it another manager, or moves it with everything below it.",
)
_declare(
    "createTeam",
    (VerbInput("name", "String", required=True),),
    _TEAM,
    _create_team,
    "Makes a team: people who work together across departments, with whom records are shared.",
)
_declare(
    "updateTeam",
    (_ID, _IF_VERSION, VerbInput("name", "String", required=True)),
    _TEAM,
    _update_team,
    "Gives a team another name.",
)
_declare("addTeamMember", _IN_TEAM, _TEAM, _add_team_member, "Takes a user into a team.")
_declare("removeTeamMember", _IN_TEAM, _TEAM, _remove_team_member, "Takes a user out of a team.")
_IN_DEPARTMENT = (VerbInput("departmentId", "ID", required=True), VerbInput("userId", "ID", required=True))
_declare(
    "addDepartmentMember",
    _IN_DEPARTMENT,
    _DEPARTMENT,
    _add_department_member,
    "Lets a user sit in one more department, beside the own.",
)
_declare(
    "removeDepartmentMember",
    _IN_DEPARTMENT,
    _DEPARTMENT,
    _remove_department_member,
    "Takes a user out of a further department.",
)
