"""Pilots started over what a test has just made, every argument defaulted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services import pilots
from services.pilots import CoordinateDraft, GroupDraft, PilotDraft

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from services.pilots import Piloted
    from tests.builders.tenants import Tenant


def coordinate(spelled: str) -> CoordinateDraft:
    """`customer` or `customer.name`."""
    object_name, _, field_name = spelled.partition(".")
    return CoordinateDraft(object_name, field_name)


async def start(
    tenant: Tenant,
    *spelled: str,
    rules: Sequence[UUID] = (),
    layouts: Sequence[UUID] = (),
    people: Sequence[str] = ("sales",),
    group: GroupDraft | None = None,
    title: str = "Trial",
    is_new: bool = False,
) -> Piloted:
    """A pilot over objects and fields as `customer.name` spells them, and rules and layouts by their ids."""
    drafts = [
        *map(coordinate, spelled),
        *(CoordinateDraft(rule_id=each) for each in rules),
        *(CoordinateDraft(layout_id=each) for each in layouts),
    ]
    members = group or GroupDraft(user_ids=[tenant.principal(each).id for each in people])
    draft = PilotDraft(title, members, drafts)
    return await tenant.define(lambda work: pilots.start_pilot(work, draft, is_new=is_new), person="admin")
