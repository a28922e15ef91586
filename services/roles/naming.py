"""The names that roles speak of: objects and fields as they stand in the registry now, and the masks of fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema.metadata.errors import UnknownChoice, UnknownField
from schema.metadata.fields import FieldState
from schema.metadata.objects import ObjectKind
from schema.metadata.types import Output
from services import metadata, permissions
from services.identity import inputs
from services.permissions import ALWAYS_READABLE, EVERY_OBJECT, Mask, Scope
from services.roles.errors import (
    FieldAlwaysReadable,
    MaskNotOffered,
    OnlyReadable,
    ReadByAll,
    ReadByDefiners,
    WithoutOwner,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from schema.metadata.fields import Field
    from tenants.context import ReadWork
    from tenants.errors import Fault

# What a mask shows of a field where nothing else was asked for.
_MASKS = {"phone": Mask.PHONE, "email": Mask.MAIL}


async def object_of(work: ReadWork, given: Mapping[str, object], *, every: bool = True) -> str:
    """The object of an input; `*` is every object that the role has no grant of its own for."""
    if every and given["object"] == EVERY_OBJECT:
        return EVERY_OBJECT
    return inputs.object_((await metadata.registry(work)).shape, given)


async def is_of_platform(work: ReadWork, object_name: str) -> bool:
    """Whether an object is one of the platform's own, which have verbs with rights of their own."""
    found = (await metadata.registry(work)).shape.objects.get(object_name)
    return found is not None and found.kind is ObjectKind.SYSTEM


async def refuse_platform(work: ReadWork, object_name: str) -> None:
    """Refuse what a role cannot say of the platform's own objects."""
    if await is_of_platform(work, object_name):
        raise inputs.refuse("object", OnlyReadable(object=object_name))


async def reading_of_platform(work: ReadWork, object_name: str, scope: object) -> Fault | None:
    """Why reading a platform object cannot be granted with this scope; nothing, if it can."""
    if permissions.is_read_by_all(object_name):
        return ReadByAll(object=object_name)
    if permissions.is_of_definers(object_name) and scope != Scope.NONE:
        return ReadByDefiners(object=object_name)
    owned = (await metadata.registry(work)).shape.objects[object_name].owner_field
    return None if owned or scope in {Scope.NONE, Scope.ALL} else WithoutOwner(object=object_name)


async def closable_field(work: ReadWork, object_name: str, given: Mapping[str, object]) -> Field:
    """The live field of an input, if there is anything to close."""
    name = str(given["field"])
    shape = (await metadata.registry(work)).shape
    field = shape.closable(object_name, name) if object_name in shape.objects else None
    if field is None or field.state is FieldState.RETIRED:
        raise inputs.refuse("field", UnknownField(object=object_name, name=name[:60]))
    if field.name in ALWAYS_READABLE:
        raise inputs.refuse("field", FieldAlwaysReadable(field=field.name))
    return field


def mask_of(field: Field, given: Mapping[str, object]) -> str:
    """The mask of an input, or the one that fits the field."""
    wanted = given.get("mask")
    if wanted is None:
        return _MASKS.get(field.type_name, Mask.NAME) if field.type.output is Output.TEXT else ""
    if wanted not in {each.value for each in Mask}:
        raise inputs.refuse("mask", UnknownChoice(key=str(wanted)[:60]))
    if field.type.output is not Output.TEXT:
        raise inputs.refuse("mask", MaskNotOffered(type=field.type_name))
    return str(wanted)
