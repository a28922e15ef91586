"""Hand-over over GraphQL: `handOverPreview`, `handOver` and `reverseHandOver`."""

# ruff: noqa: A002 - `input` is the name of the one argument in the API
from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import strawberry

from resolvers.context import Info
from resolvers.once import Kept, write_once
from schema.types.hand_over import (
    HandOverDependants,
    HandOverInput,
    HandOverPayload,
    HandOverPortion,
    HandOverPreviewInput,
    HandOverRuleInput,
    ReverseHandOverInput,
    ReverseHandOverPayload,
)
from services import hand_over
from services.hand_over import Rule, Started
from tenants.context import Work

if TYPE_CHECKING:
    from uuid import UUID


@strawberry.type
class HandOverQuery:
    """What would go."""

    @strawberry.field(description="What a hand-over would move, by rule and object.")
    async def hand_over_preview(self, info: Info, input: HandOverPreviewInput) -> list[HandOverPortion] | None:
        """Counted now; nothing is written."""
        leaver, rules = hand_over.id_of(input.from_user_id, "fromUserId"), _rules(input.rules)
        # A plan that touches a marked object needs a transaction that can write its entry.
        found = await info.context.write(lambda work: hand_over.preview(work, leaver, rules))
        return [
            HandOverPortion(
                rule=each.rule,
                object_name=each.object_name,
                to_user_id=_id(each.to_user_id),
                count=each.count,
                dependants=[
                    HandOverDependants(object_name=child.object_name, count=child.count) for child in each.dependants
                ],
            )
            for each in found
        ]


@strawberry.type
class HandOverMutation:
    """Giving what one user owns to others, and taking it back."""

    @strawberry.mutation(description="Gives everything that a user owns to others, in the background.")
    async def hand_over(self, info: Info, input: HandOverInput) -> HandOverPayload | None:
        """The hand-over that began."""
        leaver, rules = hand_over.id_of(input.from_user_id, "fromUserId"), _rules(input.rules)
        made = await write_once(
            info, input, _KEPT, lambda work: hand_over.request(work, leaver, rules, deactivates=input.deactivate)
        )
        return HandOverPayload(hand_over_id=_id(made.id), job_id=_id(made.job_id), errors=[])

    @strawberry.mutation(description="Gives back what a hand-over moved and what has not moved on since; for 30 days.")
    async def reverse_hand_over(self, info: Info, input: ReverseHandOverInput) -> ReverseHandOverPayload | None:
        """The hand-over that goes back."""
        hand_over_id = hand_over.id_of(input.id, "id")
        made = await write_once(info, input, _KEPT, lambda work: hand_over.reverse(work, hand_over_id))
        return ReverseHandOverPayload(hand_over_id=_id(made.id), job_id=_id(made.job_id), errors=[])


_KEPT: Kept[Work, Started] = Kept(
    ids=lambda made: {"handOver": (made.id,)}, again=lambda work, ids: hand_over.started(work, ids["handOver"][0])
)


def _rules(given: Sequence[HandOverRuleInput]) -> tuple[Rule, ...]:
    return tuple(
        Rule(
            hand_over.id_of(each.to_user_id, "rules", position, "toUserId"),
            tuple(each.objects),
            tuple(each.regions),
            tuple(hand_over.id_of(chosen, "rules", position, "recordIds") for chosen in each.record_ids),
        )
        for position, each in enumerate(given)
    )


def _id(found: UUID) -> strawberry.ID:
    return strawberry.ID(str(found))
