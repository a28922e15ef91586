"""GraphQL inputs and payloads of solution packs; plain fields, no resolver."""

from __future__ import annotations

import strawberry

from schema.types.repeating import RepeatableInput, RepeatablePayload


@strawberry.type
class PackConflict:
    """A property that the tenant and the pack both changed; the tenant's value stands. Values are JSON texts."""

    where: str = strawberry.field(description="Such as `customer.level`.")
    property: str
    tenant: str
    pack: str


@strawberry.type
class InstalledPack:
    """A solution pack of this tenant."""

    name: str
    version: int
    conflicts: list[PackConflict]


@strawberry.input
class UpgradePackInput(RepeatableInput):
    """Which pack to bring to the version of this release."""

    name: str


@strawberry.type
class UpgradePackPayload(RepeatablePayload):
    """The pack as it is now, with what the tenant may want to look at."""

    pack: InstalledPack | None
