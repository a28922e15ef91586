"""The mutations of roles, declared as data: SDL and resolvers are generated from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from services import verbs
from services.identity import inputs
from services.permissions import Mask, Scope
from services.roles import acting, defining, granting
from services.verbs import Outcome, Run, VerbDefinition, VerbInput, VerbOutput

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from tenants.context import Work


class Saying(Protocol):
    """A verb that changes what a role says."""

    async def __call__(
        self, work: Work, role_id: UUID, given: Mapping[str, object], *, if_version: int | None
    ) -> object:
        """Change it."""


_ID = VerbInput("id", "ID", required=True)
_IF_VERSION = VerbInput("ifVersion", "Int")
_NAME = VerbInput("name", "String", required=True)
_WORDS = (VerbInput("labelZh", "String"), VerbInput("labelEn", "String"))
_ABOUT = (VerbInput("roleId", "ID", required=True), _IF_VERSION, VerbInput("object", "String", required=True))
_FIELD = VerbInput("field", "String", required=True)
_SCOPES = ", ".join(f"`{each.value}`" for each in Scope if each is not Scope.DELEGATED)
_MASKS = ", ".join(f"`{each.value}`" for each in Mask)


async def _create(work: Work, given: Mapping[str, object]) -> Outcome:
    return Outcome({"role": (await defining.create_role(work, given),)})


async def _copy(work: Work, given: Mapping[str, object]) -> Outcome:
    return Outcome({"role": (await defining.copy_role(work, inputs.id_(given, "id"), given),)})


async def _update(work: Work, given: Mapping[str, object]) -> Outcome:
    role_id = inputs.id_(given, "id")
    await defining.update_role(work, role_id, given, if_version=inputs.version(given))
    return Outcome({"role": (role_id,)})


async def _delete(work: Work, given: Mapping[str, object]) -> Outcome:
    await defining.delete_role(work, inputs.id_(given, "id"), if_version=inputs.version(given))
    return Outcome()


async def _close(work: Work, given: Mapping[str, object]) -> Outcome:
    role_id = inputs.id_(given, "roleId")
    await granting.close_records(work, role_id, inputs.id_(given, "ruleId"), if_version=inputs.version(given))
    return Outcome({"role": (role_id,)})


async def _open(work: Work, given: Mapping[str, object]) -> Outcome:
    role_id = inputs.id_(given, "roleId")
    rule_id = await granting.open_records(work, role_id, given, if_version=inputs.version(given))
    return Outcome({"role": (role_id,), "ruleId": (rule_id,)})


def _says(saying: Saying) -> Run:
    async def run(work: Work, given: Mapping[str, object]) -> Outcome:
        role_id = inputs.id_(given, "roleId")
        await saying(work, role_id, given, if_version=inputs.version(given))
        return Outcome({"role": (role_id,)})

    return run


_ROLE = (VerbOutput("role", "role"),)


def _declare(
    name: str, given: tuple[VerbInput, ...], run: Run, says: str, *, answers: tuple[VerbOutput, ...] = _ROLE
) -> None:
    verbs.declare(VerbDefinition(name, given, answers, run, says, defines=True))


_declare("createRole", (_NAME, *_WORDS), _create, "Makes a role that grants nothing yet.")
_declare("copyRole", (_ID, _NAME, *_WORDS), _copy, "Makes a role that says all that another one says.")
_declare("updateRole", (_ID, _IF_VERSION, *_WORDS), _update, "Changes the words of a role; its name never changes.")
_declare("deleteRole", (_ID, _IF_VERSION), _delete, "Deletes a role that nobody holds.", answers=())
_declare(
    "setObjectPermission",
    (
        *_ABOUT,
        VerbInput("create", "Boolean"),
        VerbInput("read", "String"),
        VerbInput("update", "String"),
        VerbInput("delete", "String"),
        VerbInput("export", "String"),
        VerbInput("import", "Boolean"),
        VerbInput("share", "String"),
        VerbInput("merge", "String"),
        VerbInput("bulk", "String"),
        VerbInput("assign", "String"),
    ),
    _says(granting.set_object_permission),
    f"Says how far a role reaches an object (`*`: every object without a grant of its own), by verb: {_SCOPES}. "
    "Missing is untouched (an object without a grant of its own begins with what `*` grants), null is nothing; at least one verb "
    "is named. `assign` is to whom records may be given beyond the scope of `update`.",
)
_declare(
    "removeObjectPermission",
    _ABOUT,
    _says(granting.remove_object_permission),
    "Lets what the role grants on every object count for this one again.",
)
_declare(
    "setFieldPermission",
    (*_ABOUT, _FIELD, VerbInput("level", "String", required=True), VerbInput("mask", "String")),
    _says(granting.set_field_permission),
    f"Says how far a role opens a field: `none`, `masked`, `read`, `write`. A masked text shows what `mask` leaves: {_MASKS}; "
    "no other level has one.",
)
_CONDITION = (VerbInput("filter", "JSON"), VerbInput("expression", "String"))
_declare(
    "openRecords",
    (*_ABOUT, VerbInput("reach", "String", required=True), *_CONDITION),
    _open,
    "Opens records to a role by what stands in them, said as `filter` of queries or as `expression`; `reach` is `read`, "
    "`update` or `delete`. Answers the id by which `closeRecords` takes it back.",
    answers=(*_ROLE, VerbOutput("ruleId")),
)
_declare(
    "closeRecords",
    (VerbInput("roleId", "ID", required=True), _IF_VERSION, VerbInput("ruleId", "ID", required=True)),
    _close,
    "Takes back a rule of `openRecords`.",
)
_RESTRICTED = (*_ABOUT, VerbInput("verb", "String"), VerbInput("field", "String"))
_declare(
    "restrictRole",
    (*_RESTRICTED, VerbInput("level", "String")),
    _says(granting.restrict_role),
    "Says what nobody with a role may do, whatever other roles grant: a verb, or a field beyond a level (`none` unless given).",
)
_declare("liftRestriction", _RESTRICTED, _says(granting.lift_restriction), "Takes a restriction back.")
_ACTION = (VerbInput("roleId", "ID", required=True), _IF_VERSION, VerbInput("action", "String", required=True))
_declare("grantAction", _ACTION, _says(acting.grant_action), "Gives a role a named action, such as `lead.convert`.")
_declare("revokeAction", _ACTION, _says(acting.revoke_action), "Takes a named action from a role.")
