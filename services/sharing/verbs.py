"""The mutations of sharing, declared as data: SDL and resolvers are generated from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services import verbs
from services.identity import inputs
from services.permissions import Verb
from services.sharing import rules, shares
from services.verbs import Outcome, Requirement, Run, VerbDefinition, VerbInput, VerbOutput

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tenants.context import Work

_WITH = (VerbInput("userId", "ID"), VerbInput("departmentId", "ID"), VerbInput("teamId", "ID"))
_RECORD = VerbInput("recordId", "ID", required=True)
_REACH = VerbInput("reach", "String", required=True)


async def _share(work: Work, given: Mapping[str, object]) -> Outcome:
    await shares.share_record(work, given)
    return Outcome()


async def _unshare(work: Work, given: Mapping[str, object]) -> Outcome:
    await shares.unshare_record(work, given)
    return Outcome()


async def _create_rule(work: Work, given: Mapping[str, object]) -> Outcome:
    return Outcome({"ruleId": (await rules.create_sharing_rule(work, given),)})


async def _delete_rule(work: Work, given: Mapping[str, object]) -> Outcome:
    await rules.delete_sharing_rule(work, inputs.id_(given, "id"))
    return Outcome()


_SHARING = Requirement(verb=Verb.SHARE.value)


def _declare(
    name: str,
    given: tuple[VerbInput, ...],
    run: Run,
    says: str,
    *,
    answers: tuple[VerbOutput, ...] = (),
    defines: bool = False,
) -> None:
    requirement = None if defines else _SHARING
    verbs.declare(VerbDefinition(name, given, answers, run, says, defines=defines, requirement=requirement))


_CONDITION = (VerbInput("filter", "JSON"), VerbInput("expression", "String"))
_declare(
    "shareRecord",
    (_RECORD, *_WITH, _REACH, VerbInput("expiresAt", "DateTime")),
    _share,
    "Opens a record to a user, a department and those below it, or a team: `read`, `update` or `delete`, each of which "
    "holds those before it. Whose roles do not grant the verb on any record of the object gains nothing.",
)
_declare(
    "unshareRecord",
    (_RECORD, *_WITH),
    _unshare,
    "Takes back what was shared with the one named; where nobody is named at all, from everybody. A null names nobody and "
    "is refused.",
)
_declare(
    "createSharingRule",
    (VerbInput("object", "String", required=True), _REACH, *_CONDITION, *_WITH),
    _create_rule,
    "Opens the records that `filter` or `expression` chooses, now and later, to a user, a department and those below it, "
    "or a team. Answers the id by which the rule is taken back.",
    answers=(VerbOutput("ruleId"),),
    defines=True,
)
_declare(
    "deleteSharingRule",
    (VerbInput("id", "ID", required=True),),
    _delete_rule,
    "Takes a sharing rule back.",
    defines=True,
)
