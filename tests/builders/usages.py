"""What an administrator is told before a field changes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from schema.metadata.registry import Registry, Shape
from services import metadata
from services.metadata import Subject

if TYPE_CHECKING:
    from services.metadata import Usage
    from tenants.context import ReadWork
    from tests.builders.tenants import Tenant


async def told_of(tenant: Tenant, object_name: str, field_name: str, *, becomes: str = "") -> list[Usage]:
    """Of a field that goes, or becomes another type."""

    async def asked(work: ReadWork) -> list[Usage]:
        before = await metadata.registry(work)
        after = Registry(_changed(before.shape, object_name, field_name, becomes), before.names, before.version)
        return list(await metadata.usages_of(work, Subject(before, after, object_name, field_name)))

    return await tenant.read(asked)


def _changed(shape: Shape, object_name: str, field_name: str, becomes: str) -> Shape:
    thing = shape.objects[object_name]
    fields = [replace(each, type_name=becomes) if each.name == field_name else each for each in thing.fields]
    kept = tuple(each for each in fields if becomes or each.name != field_name)
    others = [each for each in shape.objects.values() if each.name != object_name]
    return Shape([*others, replace(thing, fields=kept)])
