"""Change sets as tests draft them: steps in the spelling of the API, and snapshots that came of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from services import change_sets, metadata

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.change_sets import Drafted, Published, Rehearsal, Step
    from tenants.context import DefinitionWork, ReadWork
    from tests.builders.tenants import Tenant


def add_field(object_name: str, name: str, type_name: str = "text", **given: Any) -> Step:
    return {
        "addField": {"object": object_name, "field": {"label": {"zh": name}, "name": name, "type": type_name, **given}}
    }


def create_object(name: str, *fields: str) -> Step:
    own = [{"label": {"zh": each}, "name": each, "type": "text"} for each in fields]
    return {"createObject": {"label": {"zh": name}, "name": name, "fields": own}}


async def drafted(tenant: Tenant, *steps: Step, name: str = "Draft") -> Drafted:
    return await tenant.define(lambda work: change_sets.create_change_set(work, name, steps), person="admin")


async def published(tenant: Tenant, *steps: Step) -> Published:
    """Drafted and published as the administrator."""
    made = await drafted(tenant, *steps)
    return await tenant.define(lambda work: change_sets.publish_change_set(work, made.id), person="admin")


async def rehearsed(tenant: Tenant, steps: Sequence[Step]) -> Rehearsal:
    """In a transaction that only reads."""
    made = await drafted(tenant, *steps)
    found = await tenant.read(lambda work: change_sets.preview_change_set(work, made.id), person="admin")
    return found.rehearsal


async def last_number(tenant: Tenant) -> int:
    return await tenant.read(metadata.last_number)


async def snapshot_of(tenant: Tenant) -> metadata.Snapshot:
    async def look(work: ReadWork) -> metadata.Snapshot:
        return metadata.Snapshot(await metadata.definitions(work), work.versions.metadata)

    return await tenant.read(look)


async def retire(tenant: Tenant, object_name: str, name: str) -> None:
    async def verb(work: DefinitionWork) -> None:
        await metadata.retire_field(work, object_name, name)

    await tenant.define(verb, person="admin")
