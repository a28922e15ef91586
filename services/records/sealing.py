"""Values of encrypted fields are sealed when they are written, and opened where they are compared with what was there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from schema.metadata.secrets import Sealed, Secret, place_of
from schema.metadata.types import Output
from tenants.secret_keys import KeyRing, keys_of, kid_of

if TYPE_CHECKING:
    from collections.abc import Collection
    from uuid import UUID

    from schema.metadata.fields import Field
    from services.records.targets import Target
    from tenants.context import ReadWork


@dataclass(frozen=True, slots=True)
class Sealer:
    """What seals the values of one set of records; without a ring there is nothing to seal."""

    ring: KeyRing | None

    def sealed(self, record_id: UUID, values: Mapping[str, object]) -> Mapping[str, object]:
        """The values as their columns keep them."""
        if self.ring is None:
            return values
        return {
            name: self.ring.seal(value.text, place_of(name, record_id)) if isinstance(value, Secret) else value
            for name, value in values.items()
        }


async def sealer(target: Target, fields: Collection[Field]) -> Sealer:
    """For a statement that writes these fields."""
    if not any(field.type.output is Output.SEALED for field in fields):
        return Sealer(None)
    return Sealer(await keys_of(target.work).sealing(target.work.placement.tenant_id))


async def opened(
    work: ReadWork, record_values: Mapping[UUID, Mapping[str, object]]
) -> dict[UUID, Mapping[str, object]]:
    """The values of records with what is sealed among them opened."""
    kids = {
        kid_of(each.text) for values in record_values.values() for each in values.values() if isinstance(each, Sealed)
    }
    if not kids:
        return dict(record_values)
    ring = await keys_of(work).opening(work.placement.tenant_id, kids)
    return {
        record_id: {
            name: Secret(ring.open(each.text, place_of(name, record_id))) if isinstance(each, Sealed) else each
            for name, each in values.items()
        }
        for record_id, values in record_values.items()
    }
