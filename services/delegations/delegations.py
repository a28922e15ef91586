"""For a time one user reaches what another one owns: with the own roles, verb by verb where they reach some owners' records.

Begin and end are looked at by the statements themselves; making or ending a delegation moves `access_version`.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from schema.metadata.fields import Field
from schema.tables.permissions import delegation, user
from services import audit
from services.delegations.errors import DelegationToOneself, EndsBeforeItStarts
from services.identity import access, inputs

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from tenants.context import Work

_NUMBER = 16
INPUTS = (
    inputs.Input(Field("fromUserId", "id", required=True), "from_user_id", user),
    inputs.Input(Field("toUserId", "id", required=True), "to_user_id", user),
    inputs.Input(Field("startsAt", "dateTime"), "starts_at"),
    inputs.Input(Field("endsAt", "dateTime", required=True), "ends_at"),
)


async def delegate(work: Work, given: Mapping[str, object]) -> UUID:
    """Let a user stand in for another one, from now or later on, until an end."""
    await access.move(work)
    draft = await inputs.read(work, INPUTS, given, creating=True)
    values = draft.values
    values["starts_at"] = values.get("starts_at") or work.now
    if "to_user_id" in values and values.get("from_user_id") == values["to_user_id"]:
        draft.refuse("toUserId", DelegationToOneself())
    starts_at, ends_at = values["starts_at"], values.get("ends_at")
    if isinstance(starts_at, datetime) and isinstance(ends_at, datetime) and ends_at <= max(starts_at, work.now):
        draft.refuse("endsAt", EndsBeforeItStarts())
    row = draft.accepted()
    delegation_id = work.ids.new(_NUMBER)
    await work.session.execute(sa.insert(delegation).values(id=delegation_id, **row))
    await audit.append(work, [audit.Entry("delegation.created", "delegation", delegation_id, details=row)])
    return delegation_id


async def end_delegation(work: Work, delegation_id: UUID, *, if_version: int | None) -> None:
    """End a delegation now; one that is over stays as it is."""
    await access.move(work)
    ends_at = await work.session.scalar(sa.select(delegation.c.ends_at).where(delegation.c.id == delegation_id))
    over = {} if ends_at is not None and ends_at <= work.now else {"ends_at": work.now}
    before = await access.update_versioned(work, delegation, delegation_id, over, if_version=if_version)
    if over:
        entry = audit.Entry("delegation.ended", "delegation", delegation_id, details={"before": before})
        await audit.append(work, [entry])
