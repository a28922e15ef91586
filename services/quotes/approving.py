"""Approving quotes, or rejecting them with a reason: one step by one person, decided under the record's lock.

Steps of several people are what approval processes are for.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from services import actions, permissions, records
from services.actions import Button, Step
from services.permissions import Course, Part
from services.quotes.errors import QuoteNotDraft, QuoteOutdated, ReasonMissing
from services.verbs import VerbInput
from tenants.errors import Refused, Violation

if TYPE_CHECKING:
    from uuid import UUID

    from tenants.context import Work

_NAME, _DRAFT, _APPROVED, _REJECTED = "quote", "draft", "approved", "rejected"
_SENT, _ACCEPTED, _EXPIRED = "sent", "accepted", "expired"
_OFFERED = frozenset({"customer", "total", "discount", "validUntil", "terms"})
_LINE = Part(
    "quoteLine", _NAME, frozenset({_NAME, "product", "description", "quantity", "unitPrice", "discount", "amount"})
)
APPROVE = permissions.declare_action(
    "quote.approve",
    Course(
        _NAME,
        "status",
        # What was sent may be rejected by the customer, which is for the seller to note.
        reaches={_APPROVED: frozenset(), _REJECTED: frozenset({_SENT})},
        leaves={
            _APPROVED: frozenset({_SENT, _ACCEPTED, _EXPIRED}),
            _SENT: frozenset({_ACCEPTED, _REJECTED, _EXPIRED}),
            **dict.fromkeys((_ACCEPTED, _REJECTED, _EXPIRED), frozenset()),
        },
        keeps={
            **dict.fromkeys((_APPROVED, _SENT, _ACCEPTED, _EXPIRED), _OFFERED),
            _REJECTED: _OFFERED | {"rejectionReason"},
        },
        parts=(_LINE,),
    ),
)


async def approve(work: Work, quote_id: UUID, *, if_version: int | None = None) -> None:
    """A draft that is still valid may be sent."""
    held = await _draft(work, quote_id)
    until = held.get("validUntil")
    if isinstance(until, date) and until < work.now.astimezone(work.zone).date():
        raise Refused((Violation(("id",), QuoteOutdated(day=until.isoformat())),))
    await _decide(work, quote_id, {"status": _APPROVED, "rejectionReason": None}, if_version)


async def reject(work: Work, quote_id: UUID, reason: str, *, if_version: int | None = None) -> None:
    """A draft that must not be sent, with the reason why."""
    await _draft(work, quote_id)
    if not reason.strip():
        raise Refused((Violation(("reason",), ReasonMissing()),))
    await _decide(work, quote_id, {"status": _REJECTED, "rejectionReason": reason}, if_version)


async def _draft(work: Work, quote_id: UUID) -> Mapping[str, object]:
    held = await records.hold(work, _NAME, quote_id)
    await permissions.require_action(work, APPROVE)
    if held["status"] != _DRAFT:
        raise Refused((Violation(("id",), QuoteNotDraft(status=str(held["status"]))),))
    return held


async def _decide(work: Work, quote_id: UUID, changes: Mapping[str, object], if_version: int | None) -> None:
    step = Step(f"quote.{changes['status']}", changes, {"from": _DRAFT}, {"rejectionReason": "reason"})
    await actions.take(work, _NAME, quote_id, step, if_version=if_version)


async def _press_approve(work: Work, quote_id: UUID, _: Mapping[str, object], if_version: int | None) -> None:
    await approve(work, quote_id, if_version=if_version)


async def _press_reject(work: Work, quote_id: UUID, given: Mapping[str, object], if_version: int | None) -> None:
    await reject(work, quote_id, str(given["reason"]), if_version=if_version)


actions.declare(
    Button(
        "approveQuote",
        _NAME,
        APPROVE,
        _press_approve,
        "Approves a draft that is still valid. Needs the action `quote.approve`, without which nobody sets that status in any"
        " other way.",
    )
)
actions.declare(
    Button(
        "rejectQuote",
        _NAME,
        APPROVE,
        _press_reject,
        "Rejects a draft, for a reason that the quote keeps. Needs the action `quote.approve`.",
        (VerbInput("reason", "String", required=True),),
    )
)
