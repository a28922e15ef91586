"""GraphQL inputs and payloads of hand-over; plain fields, no resolver."""

from __future__ import annotations

import strawberry

from schema.types.repeating import RepeatableInput, RepeatablePayload


@strawberry.input
class HandOverRuleInput:
    """Who gets what. Without objects, regions and records: everything; of several rules the first that fits decides."""

    to_user_id: strawberry.ID
    objects: list[str] = strawberry.field(default_factory=list, description="Names of objects, such as `customer`.")
    regions: list[str] = strawberry.field(
        default_factory=list, description="Of the record, or of the record that it belongs to."
    )
    record_ids: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="These records, and what belongs to them; 1,000 at most."
    )


@strawberry.input
class HandOverPreviewInput:
    """Whose records, and the rules."""

    from_user_id: strawberry.ID
    rules: list[HandOverRuleInput]


@strawberry.type
class HandOverDependants:
    """Records of one object that belong to what is handed over, whoever owns them."""

    object_name: str
    count: int


@strawberry.type
class HandOverPortion:
    """What one rule gives away of one object."""

    rule: int = strawberry.field(description="Its place in the input, from 0.")
    object_name: str
    to_user_id: strawberry.ID
    count: int
    dependants: list[HandOverDependants]


@strawberry.input
class HandOverInput(RepeatableInput):
    """Whose records, the rules, and whether the user is locked out afterwards."""

    from_user_id: strawberry.ID
    rules: list[HandOverRuleInput]
    deactivate: bool = False


@strawberry.input
class ReverseHandOverInput(RepeatableInput):
    """Which hand-over to take back."""

    id: strawberry.ID


@strawberry.type
class HandOverPayload(RepeatablePayload):
    """The hand-over, read as `handOver(id)`, and the job that shows how far it is."""

    hand_over_id: strawberry.ID | None
    job_id: strawberry.ID | None


@strawberry.type
class ReverseHandOverPayload(RepeatablePayload):
    """The hand-over that is taken back, and the job that shows how far that is."""

    hand_over_id: strawberry.ID | None
    job_id: strawberry.ID | None
