"""The mutations of delegations, declared as data: SDL and resolvers are generated from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services import verbs
from services.delegations import delegations
from services.identity import inputs
from services.verbs import Outcome, VerbDefinition, VerbInput, VerbOutput

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tenants.context import Work

_DELEGATION = (VerbOutput("delegation", "delegation"),)


async def _delegate(work: Work, given: Mapping[str, object]) -> Outcome:
    return Outcome({"delegation": (await delegations.delegate(work, given),)})


async def _end(work: Work, given: Mapping[str, object]) -> Outcome:
    delegation_id = inputs.id_(given, "id")
    await delegations.end_delegation(work, delegation_id, if_version=inputs.version(given))
    return Outcome({"delegation": (delegation_id,)})


verbs.declare(
    VerbDefinition(
        "delegate",
        (
            VerbInput("fromUserId", "ID", required=True),
            VerbInput("toUserId", "ID", required=True),
            VerbInput("startsAt", "DateTime"),
            VerbInput("endsAt", "DateTime", required=True),
        ),
        _DELEGATION,
        _delegate,
        "Lets a user reach for a time what another one owns, as far as the own roles go.",
        defines=True,
    )
)
verbs.declare(
    VerbDefinition(
        "endDelegation",
        (VerbInput("id", "ID", required=True), VerbInput("ifVersion", "Int")),
        _DELEGATION,
        _end,
        "Ends a delegation now.",
        defines=True,
    )
)
