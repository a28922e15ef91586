"""Solution packs over GraphQL: which are installed, and their upgrade."""

# ruff: noqa: A002 - `input` is the name of the one argument in the API
from __future__ import annotations

import json

import strawberry

from resolvers.context import Info
from resolvers.once import Kept, define_once
from schema.types.packs import InstalledPack, PackConflict, UpgradePackInput, UpgradePackPayload
from services import packs
from services.packs import Installed
from tenants.context import DefinitionWork


@strawberry.type
class PacksQuery:
    """What came from packs."""

    @strawberry.field(description="The solution packs of this tenant, with the conflicts of their last upgrade.")
    async def installed_packs(self, info: Info) -> list[InstalledPack] | None:
        """By name."""
        return [_pack(each) for each in await info.context.read(packs.installed)]


@strawberry.type
class PacksMutation:
    """What an administrator does with packs."""

    @strawberry.mutation(description="Brings a pack to the version of this release; own changes stay.")
    async def upgrade_pack(self, info: Info, input: UpgradePackInput) -> UpgradePackPayload | None:
        """The pack as it is now."""
        kept: Kept[DefinitionWork, Installed] = Kept(
            ids=lambda _: {}, again=lambda work, _: packs.named(work, input.name)
        )
        done = await define_once(info, input, kept, lambda work: packs.upgrade(work, input.name))
        return UpgradePackPayload(pack=_pack(done), errors=[])


def _pack(done: Installed) -> InstalledPack:
    conflicts = [
        PackConflict(where=each.where, property=each.property, tenant=_text(each.tenant), pack=_text(each.pack))
        for each in done.conflicts
    ]
    return InstalledPack(name=done.name, version=done.version, conflicts=conflicts)


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
