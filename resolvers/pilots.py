"""Pilots over GraphQL: started, given another group, released, withdrawn. They are read as records."""

# ruff: noqa: A002 - `input` is the name of the one argument in the API
from __future__ import annotations

from typing import TypeVar

import strawberry

from resolvers.context import Info
from resolvers.ids import input_id
from resolvers.once import Ids, Kept, define_once
from schema.types.pilots import (
    ChangePilotGroupInput,
    ChangePilotGroupPayload,
    PilotGroupInput,
    PilotPayload,
    ReleasePilotInput,
    ReleasePilotPayload,
    StartPilotInput,
    StartPilotPayload,
    WithdrawPilotInput,
    WithdrawPilotPayload,
)
from services import pilots
from services.pilots import CoordinateDraft, GroupDraft, PilotDraft, Piloted
from tenants.context import DefinitionWork

P = TypeVar("P", bound=PilotPayload)


@strawberry.type
class PilotsMutation:
    """What is new goes to a group first. The next request of any process goes by it."""

    @strawberry.mutation(description="Keeps new objects, fields, layouts and rules to a group until they are released.")
    async def start_pilot(self, info: Info, input: StartPilotInput) -> StartPilotPayload | None:
        """The pilot."""
        coordinates = [
            CoordinateDraft(each.object or "", each.field or "", each.layout_id, each.rule_id)
            for each in input.coordinates
        ]
        draft = PilotDraft(input.title, group_draft(input.group), coordinates)
        done = await define_once(info, input, _KEPT, lambda work: pilots.start_pilot(work, draft))
        return _payload(StartPilotPayload, done)

    @strawberry.mutation(description="Says anew who is in a pilot.")
    async def change_pilot_group(self, info: Info, input: ChangePilotGroupInput) -> ChangePilotGroupPayload | None:
        """The pilot."""
        pilot_id, group, version = input_id(input.id), group_draft(input.group), input.if_version
        done = await define_once(
            info, input, _KEPT, lambda work: pilots.change_pilot_group(work, pilot_id, group, if_version=version)
        )
        return _payload(ChangePilotGroupPayload, done)

    @strawberry.mutation(description="Lets everybody see what a pilot covered, as far as roles go.")
    async def release_pilot(self, info: Info, input: ReleasePilotInput) -> ReleasePilotPayload | None:
        """The pilot."""
        pilot_id, version = input_id(input.id), input.if_version
        done = await define_once(
            info, input, _KEPT, lambda work: pilots.release_pilot(work, pilot_id, if_version=version)
        )
        return _payload(ReleasePilotPayload, done)

    @strawberry.mutation(description="Gives a pilot up: what it covered is retired, and its values are kept.")
    async def withdraw_pilot(self, info: Info, input: WithdrawPilotInput) -> WithdrawPilotPayload | None:
        """The pilot."""
        pilot_id, version = input_id(input.id), input.if_version
        done = await define_once(
            info, input, _KEPT, lambda work: pilots.withdraw_pilot(work, pilot_id, if_version=version)
        )
        return _payload(WithdrawPilotPayload, done)


def group_draft(given: PilotGroupInput) -> GroupDraft:
    """Who is to be in it."""
    return GroupDraft(given.role_ids, given.department_ids, given.department_tree_ids, given.user_ids)


def _payload(kind: type[P], done: Piloted) -> P:
    return kind(id=strawberry.ID(str(done.id)), title=done.title, state=done.state.value, errors=[])


async def _again(work: DefinitionWork, ids: Ids) -> Piloted:
    return await pilots.recall_pilot(work, ids["pilot"][0])


_KEPT: Kept[DefinitionWork, Piloted] = Kept(lambda done: {"pilot": (done.id,)}, _again)
