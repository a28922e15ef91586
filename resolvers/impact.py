"""What uses an object or a field, and destroying it: `impact`, `destroyField` and `destroyObject`."""

# ruff: noqa: A002 - `input` is the name of the one argument in the API
from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import strawberry

from resolvers.context import Info
from resolvers.once import Ids, Kept, define_once
from schema.types.impact import (
    DestroyFieldInput,
    DestroyFieldPayload,
    DestroyObjectInput,
    DestroyObjectPayload,
    Impact,
    Usage,
)
from services import metadata
from tenants.context import DefinitionWork

if TYPE_CHECKING:
    from collections.abc import Iterable


@strawberry.type
class ImpactQuery:
    """What a change of definitions would mean."""

    @strawberry.field(description="What uses an object or one of its fields, and how much it holds.")
    async def impact(self, info: Info, object: str, field: str | None = None) -> Impact | None:
        """Counted now."""
        found = await info.context.read(lambda work: metadata.impact_of(work, object, field))
        return Impact(
            usages=usages_told(found.usages),
            records=found.records,
            values=found.values,
            pointing=list(found.pointing),
            retired_at=found.retired_at,
            destroyable_from=found.destroyable_from,
        )


@strawberry.type
class ImpactMutation:
    """For good."""

    @strawberry.mutation(description="Drops a field with its values, 30 days after it was retired.")
    async def destroy_field(self, info: Info, input: DestroyFieldInput) -> DestroyFieldPayload | None:
        """Its name stays given away."""

        async def destroyed(work: DefinitionWork) -> UUID:
            return (await metadata.destroy_field(work, input.object, input.field, confirm=input.confirm)).id

        return DestroyFieldPayload(id=_id(await define_once(info, input, _KEPT, destroyed)), errors=[])

    @strawberry.mutation(description="Drops an object with its records, 30 days after it was retired.")
    async def destroy_object(self, info: Info, input: DestroyObjectInput) -> DestroyObjectPayload | None:
        """Its name stays given away."""

        async def destroyed(work: DefinitionWork) -> UUID:
            return (await metadata.destroy_object(work, input.object, confirm=input.confirm)).id

        return DestroyObjectPayload(id=_id(await define_once(info, input, _KEPT, destroyed)), errors=[])


def usages_told(found: Iterable[metadata.Usage]) -> list[Usage]:
    """Usages as the API tells them."""
    return [
        Usage(kind=each.kind, name=each.name, id=None if each.id is None else _id(each.id), breaks=each.breaks)
        for each in found
    ]


async def _again(_: DefinitionWork, ids: Ids) -> UUID:
    return ids["definition"][0]


_KEPT: Kept[DefinitionWork, UUID] = Kept(lambda done: {"definition": (done,)}, _again)


def _id(value: UUID) -> strawberry.ID:
    return strawberry.ID(str(value))
