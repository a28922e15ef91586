"""[B11] Messages of hand-over find their verbs, and what those do stands under the name of who asked."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from jobs.actor import Run
from services.hand_over import MoveRecords, ReturnRecords
from tenants.context import SYSTEM, Principal, PrincipalKind
from tests.builders.tenants import ORIGIN

if TYPE_CHECKING:
    from tenants.context import ReadWork
    from tests.builders.background import Cell
    from tests.builders.tenants import Tenant


async def test_a_hand_over_that_is_not_there_is_nothing_to_do(cell: Cell, tenant: Tenant) -> None:
    messages = (MoveRecords(uuid4(), uuid4()), ReturnRecords(uuid4(), uuid4()))
    ids = [
        message_id
        for each in messages
        for message_id in await cell.put(tenant.placement.schema, message=each.name, payload=json.loads(each.payload()))
    ]

    await cell.drain()

    assert await cell.states(ids) == ["done", "done"]


async def test_the_rights_stay_the_systems(cell: Cell, tenant: Tenant) -> None:
    async def principal(work: ReadWork) -> Principal:
        return work.principal

    run = Run(cell.installation, tenant.placement, ORIGIN)
    somebody = UUID(int=5)

    assert await run.read(principal) == SYSTEM
    assert await run.on_behalf_of(None).read(principal) == SYSTEM
    assert await run.on_behalf_of(somebody).read(principal) == Principal(PrincipalKind.SYSTEM, somebody)
