"""One customer handed over at once, by whoever may change it and has the action: with what belongs to it and the same owner.

Everything goes through the caller's own rights: what lies beyond them stays, and who gets it must be somebody to whom
the caller may give records. Everything that one user owns goes by an order of `requesting`, in the background.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from services import audit, metadata, permissions, query, records, verbs
from services.hand_over.errors import HandOverTooLarge, HandOverToOneself
from services.hand_over.rules import OWNER, Rule, shares
from services.identity import inputs
from services.permissions import Verb
from services.verbs import Outcome, VerbDefinition, VerbInput, VerbOutput
from tenants.errors import Refused, Violation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from services.hand_over.rules import Share
    from tenants.context import Work

_NAME = "customer"
ACTION = permissions.declare_action("customer.handOver")


async def hand_over_customer(work: Work, customer_id: UUID, to_user_id: UUID) -> int:
    """How many records have a new owner; twice is refused, because the customer is his already."""
    held = await records.hold(work, _NAME, customer_id)
    await permissions.require_action(work, ACTION)
    owner = held[OWNER]
    if owner == to_user_id:
        raise inputs.refuse("toUserId", HandOverToOneself())
    registry = await metadata.registry(work)
    count = await _give(work, _NAME, (customer_id,), owner, to_user_id)
    if isinstance(owner, UUID):
        for share in shares(registry, owner, (Rule(to_user_id, record_ids=(customer_id,)),)):
            count += await _give(work, share.object_name, await _reached(work, share), owner, to_user_id)
    details = {"from": owner, "to": to_user_id, "records": count}
    await audit.append(work, [audit.Entry("customer.handedOver", _NAME, customer_id, details=details)])
    return count


async def _reached(work: Work, share: Share) -> tuple[UUID, ...]:
    """What belongs to the customer, as far as the caller may change it."""
    if not (await permissions.policy(work)).on(share.object_name).arms(Verb.UPDATE):
        return ()
    most = records.LARGEST_SET
    found = await query.matching_ids(
        work, share.object_name, share.condition, share.values, verb=Verb.UPDATE, limit=most + 1
    )
    if len(found) > most:
        raise inputs.refuse("id", HandOverTooLarge(object=share.object_name, max=most))
    return tuple(found)


async def _give(work: Work, object_name: str, ids: tuple[UUID, ...], owner: object, to_user_id: UUID) -> int:
    """How many went; what its owner gave away since it was found stays with whom it went to."""
    if not ids:
        return 0
    beside = object_name != _NAME
    try:
        given = await records.update(
            work, object_name, ids, {"ownerId": to_user_id}, skip_missing=beside, only_if={OWNER: owner}
        )
    except Refused as refusal:
        # The input names nobody's record but the customer's: whatever is wrong is wrong with the new owner.
        raise Refused(tuple(Violation(("toUserId",), each.fault) for each in refusal.violations[:1])) from None
    return len(given.ids)


async def _run(work: Work, given: Mapping[str, object]) -> Outcome:
    customer_id = inputs.id_(given, "id")
    count = await hand_over_customer(work, customer_id, inputs.id_(given, "toUserId"))
    return Outcome({_NAME: (customer_id,)}, count=count)


verbs.declare(
    VerbDefinition(
        "handOverCustomer",
        (VerbInput("id", "ID", required=True), VerbInput("toUserId", "ID", required=True)),
        (VerbOutput(_NAME, _NAME),),
        _run,
        "Gives a customer to another owner, with what belongs to it and has the same owner, as far as the caller may change"
        " it. Needs the action `customer.handOver`.",
        requirement=verbs.Requirement(action=ACTION),
    )
)
