"""Change sets over GraphQL: drafted, looked at, published as one; and the way back to an earlier publication."""

# ruff: noqa: A002 - `input` is the name of the one argument in the API
from __future__ import annotations

from typing import TYPE_CHECKING

import strawberry

from resolvers.change_steps import drafted_payload, first_pilot, preview_of, published_payload, step_of, way_back_of
from resolvers.context import Info
from resolvers.ids import input_id, required_id
from resolvers.once import Ids, Kept, define_once
from schema.types.change_sets import (
    ChangeSetPreview,
    CreateChangeSetInput,
    CreateChangeSetPayload,
    DiscardChangeSetInput,
    DiscardChangeSetPayload,
    PublishChangeSetInput,
    PublishChangeSetPayload,
    RollBackInput,
    RollBackPayload,
    RollBackPreview,
    UpdateChangeSetInput,
    UpdateChangeSetPayload,
)
from services import change_sets
from services.change_sets import Drafted, Published
from tenants.context import DefinitionWork

if TYPE_CHECKING:
    from uuid import UUID


async def _again(work: DefinitionWork, ids: Ids) -> Drafted:
    return await change_sets.find_change_set(work, ids["changeSet"][0])


async def _discarded(_: DefinitionWork, ids: Ids) -> UUID:
    return ids["changeSet"][0]


async def _published(work: DefinitionWork, ids: Ids) -> Published:
    pilot_id = next(iter(ids["pilot"]), None)
    return await change_sets.find_publication(work, ids["publication"][0], ids["job"], pilot_id)


def _ids(done: Published) -> Ids:
    return {"publication": (done.id,), "job": done.job_ids, "pilot": () if done.pilot_id is None else (done.pilot_id,)}


_DRAFTED: Kept[DefinitionWork, Drafted] = Kept(lambda done: {"changeSet": (done.id,)}, _again)
_DISCARDED: Kept[DefinitionWork, UUID] = Kept(lambda done: {"changeSet": (done,)}, _discarded)
_PUBLISHED: Kept[DefinitionWork, Published] = Kept(_ids, _published)


@strawberry.type
class ChangeSetsQuery:
    """What drafts would come to."""

    @strawberry.field(
        description="What is wrong with each step of a draft, and how it differs from what is live now. Nothing is written, and "
        "nobody who writes has to wait."
    )
    async def change_set_preview(self, info: Info, id: strawberry.ID) -> ChangeSetPreview | None:
        """Tried against what is live."""
        asked = required_id(id)
        found = await info.context.read(lambda work: change_sets.preview_change_set(work, asked))
        return preview_of(found, info.context.origin.language)

    @strawberry.field(description="What rolling back to a publication would come to now. Nothing is written.")
    async def roll_back_preview(self, info: Info, to: int, clear: bool = False) -> RollBackPreview | None:  # noqa: FBT001, FBT002 - arguments of the API
        """Tried against what is live."""
        found = await info.context.read(lambda work: change_sets.way_back_to(work, to, clears=clear))
        return way_back_of(found, info.context.origin.language)


@strawberry.type
class ChangeSetsMutation:
    """Drafts of many changes."""

    @strawberry.mutation(
        description="Drafts changes of definitions that go live together. Names are made at once, and stay."
    )
    async def create_change_set(self, info: Info, input: CreateChangeSetInput) -> CreateChangeSetPayload | None:
        """The draft, with what would stand in the way of publishing it."""
        steps = tuple(map(step_of, input.steps))
        done = await define_once(
            info, input, _DRAFTED, lambda work: change_sets.create_change_set(work, input.name, steps)
        )
        return drafted_payload(CreateChangeSetPayload, done, info.context.origin.language)

    @strawberry.mutation(description="Drafts them anew; steps that are given take the place of all that there are.")
    async def update_change_set(self, info: Info, input: UpdateChangeSetInput) -> UpdateChangeSetPayload | None:
        """The draft."""
        set_id = input_id(input.id)
        steps = None if input.steps is None else tuple(map(step_of, input.steps))
        done = await define_once(
            info,
            input,
            _DRAFTED,
            lambda work: change_sets.update_change_set(
                work, set_id, name=input.name, steps=steps, if_version=input.if_version
            ),
        )
        return drafted_payload(UpdateChangeSetPayload, done, info.context.origin.language)

    @strawberry.mutation(description="Gives a draft up.")
    async def discard_change_set(self, info: Info, input: DiscardChangeSetInput) -> DiscardChangeSetPayload | None:
        """Its id."""
        set_id, version = input_id(input.id), input.if_version
        done = await define_once(
            info, input, _DISCARDED, lambda work: change_sets.discard_change_set(work, set_id, if_version=version)
        )
        return DiscardChangeSetPayload(id=strawberry.ID(str(done)), errors=[])

    @strawberry.mutation(
        description="Lets everything in a draft go live in one transaction, or nothing of it; long steps go on as jobs."
    )
    async def publish_change_set(self, info: Info, input: PublishChangeSetInput) -> PublishChangeSetPayload | None:
        """The publication."""
        set_id, version, pilot = input_id(input.id), input.if_version, first_pilot(input.pilot)
        done = await define_once(
            info,
            input,
            _PUBLISHED,
            lambda work: change_sets.publish_change_set(work, set_id, if_version=version, pilot=pilot),
        )
        payload = published_payload(PublishChangeSetPayload, done)
        payload.pilot = None if done.pilot_id is None else strawberry.ID(str(done.pilot_id))
        return payload

    @strawberry.mutation(
        description="Lets definitions be what they were after an earlier publication, by one more publication: values are kept, "
        "what came since is retired, and rolling back to now brings it forward again."
    )
    async def roll_back(self, info: Info, input: RollBackInput) -> RollBackPayload | None:
        """The publication."""
        done = await define_once(
            info, input, _PUBLISHED, lambda work: change_sets.roll_back_to(work, input.to, clears=input.clear)
        )
        return published_payload(RollBackPayload, done)
