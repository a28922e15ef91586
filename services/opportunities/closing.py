"""Closing opportunities as won or lost, and opening them again: decided by the stage under the record's lock.

Each asks for its action; who has it needs no right on the fields that it sets. Without it no other write reaches the
stage, leaves it, or changes what the deal came to, either.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from services import actions, permissions, records
from services.actions import Button, Step
from services.opportunities.errors import OpportunityClosed, OpportunityOpen, StageNotOpen
from services.permissions import Course
from services.verbs import VerbInput
from tenants.errors import Refused, Violation

if TYPE_CHECKING:
    from uuid import UUID

    from tenants.context import Work

_NAME, _WON, _LOST = "opportunity", "won", "lost"
_CLOSED = frozenset({_WON, _LOST})
_ANY: frozenset[str] = frozenset()
_CAME_TO = frozenset({"amount", "closeOn", "probability"})
CLOSE_WON = permissions.declare_action("opportunity.closeWon", Course(_NAME, "stage", reaches={_WON: _ANY}))
CLOSE_LOST = permissions.declare_action("opportunity.closeLost", Course(_NAME, "stage", reaches={_LOST: _ANY}))
REOPEN = permissions.declare_action(
    "opportunity.reopen",
    Course(_NAME, "stage", leaves={_WON: _ANY, _LOST: _ANY}, keeps={_WON: _CAME_TO, _LOST: _CAME_TO | {"lostReason"}}),
)


async def close_won(work: Work, opportunity_id: UUID, *, on: object = None, if_version: int | None = None) -> None:
    """The deal is made, today unless another day is said."""
    await _close(work, opportunity_id, CLOSE_WON, {"stage": _WON, **_closing(work, on), "probability": 100}, if_version)


async def close_lost(
    work: Work, opportunity_id: UUID, reason: str, *, on: object = None, if_version: int | None = None
) -> None:
    """The deal is off, for a reason."""
    lost = {"stage": _LOST, **_closing(work, on), "probability": 0, "lostReason": reason}
    await _close(work, opportunity_id, CLOSE_LOST, lost, if_version)


async def reopen(work: Work, opportunity_id: UUID, stage: str, *, if_version: int | None = None) -> None:
    """A deal that was closed goes on in a stage before that."""
    held = await records.hold(work, _NAME, opportunity_id)
    await permissions.require_action(work, REOPEN)
    if held["stage"] not in _CLOSED:
        raise Refused((Violation(("id",), OpportunityOpen()),))
    if stage in _CLOSED:
        raise Refused((Violation(("stage",), StageNotOpen()),))
    told = {"from": held["stage"], "to": stage}
    step = Step("opportunity.reopened", {"stage": stage, "lostReason": None}, told, {})
    await actions.take(work, _NAME, opportunity_id, step, if_version=if_version)


async def _close(
    work: Work, opportunity_id: UUID, action: str, changes: Mapping[str, object], if_version: int | None
) -> None:
    held = await records.hold(work, _NAME, opportunity_id)
    await permissions.require_action(work, action)
    if held["stage"] in _CLOSED:
        raise Refused((Violation(("id",), OpportunityClosed(stage=str(held["stage"]))),))
    told = {"from": held["stage"], "to": changes["stage"]}
    step = Step(f"opportunity.{changes['stage']}", changes, told, {"lostReason": "reason"})
    await actions.take(work, _NAME, opportunity_id, step, if_version=if_version)


def _closing(work: Work, on: object) -> dict[str, object]:
    return {"closeOn": work.now.astimezone(work.zone).date().isoformat() if on is None else on}


async def _press_won(work: Work, opportunity_id: UUID, given: Mapping[str, object], if_version: int | None) -> None:
    await close_won(work, opportunity_id, on=given.get("closeOn"), if_version=if_version)


async def _press_lost(work: Work, opportunity_id: UUID, given: Mapping[str, object], if_version: int | None) -> None:
    await close_lost(work, opportunity_id, str(given["reason"]), on=given.get("closeOn"), if_version=if_version)


async def _press_reopen(work: Work, opportunity_id: UUID, given: Mapping[str, object], if_version: int | None) -> None:
    await reopen(work, opportunity_id, str(given["stage"]), if_version=if_version)


actions.declare(
    Button(
        "closeOpportunityWon",
        _NAME,
        CLOSE_WON,
        _press_won,
        "Closes an open opportunity as won, today unless `closeOn` says another day. Needs the action `opportunity.closeWon`,"
        " without which nobody sets that stage in any other way.",
        (VerbInput("closeOn", "Date"),),
    )
)
actions.declare(
    Button(
        "closeOpportunityLost",
        _NAME,
        CLOSE_LOST,
        _press_lost,
        "Closes an open opportunity as lost, for a reason out of the choices of `lostReason`. Needs the action"
        " `opportunity.closeLost`, without which nobody sets that stage in any other way.",
        (VerbInput("reason", "String", required=True), VerbInput("closeOn", "Date")),
    )
)
actions.declare(
    Button(
        "reopenOpportunity",
        _NAME,
        REOPEN,
        _press_reopen,
        "Opens a closed opportunity again, in a stage before won and lost. Needs the action `opportunity.reopen`.",
        (VerbInput("stage", "String", required=True),),
    )
)
