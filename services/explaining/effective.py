"""What the roles of a user come to: rights by object and verb, and the fields that are not open all the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from schema.tables.permissions import user
from services import metadata, permissions
from services.explaining.scopes import level_of, scope_of
from services.identity import access
from services.permissions import Level, Verb
from tenants.errors import NotFound

if TYPE_CHECKING:
    from uuid import UUID

    from schema.metadata.objects import Object
    from services.permissions import ObjectRights, Policy
    from tenants.context import ReadWork


@dataclass(frozen=True, slots=True)
class EffectiveObject:
    """Rights on one object: scopes by verb, and (field, level, mask) where a field is not open as far as the object."""

    name: str
    scopes: tuple[tuple[str, tuple[str, ...]], ...]
    fields: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class EffectivePermissions:
    """What a user may do."""

    roles: tuple[str, ...]
    may_define: bool
    objects: tuple[EffectiveObject, ...]
    actions: tuple[str, ...]


async def effective_permissions(work: ReadWork, user_id: UUID | None = None) -> EffectivePermissions:
    """Of the caller, or, for those who may define, of any user."""
    access.require_signed_in(work)
    policy = await _policy(work, user_id)
    shape = (await metadata.registry(work)).shape
    objects = (_object(thing, policy.on(name)) for name, thing in sorted(shape.objects.items()))
    actions = tuple(each for each in permissions.actions() if policy.may(each))
    return EffectivePermissions(
        policy.roles, policy.may_define, tuple(each for each in objects if each.scopes), actions
    )


async def _policy(work: ReadWork, user_id: UUID | None) -> Policy:
    """The caller's as it is now, with what a token or a look with somebody else's eyes leaves of it."""
    if user_id is None or user_id == work.principal.id:
        return await permissions.policy(work)
    await access.require_definer(work)
    if not await work.session.scalar(sa.select(user.c.id).where(user.c.id == user_id)):
        raise NotFound
    return await permissions.policy_of(work, user_id)


def _object(thing: Object, rights: ObjectRights) -> EffectiveObject:
    scopes = ((verb.value, tuple(map(scope_of, rights.arms(verb)))) for verb in Verb)
    known = {field.name for field in thing.fields}
    return EffectiveObject(
        thing.name,
        tuple((verb, given) for verb, given in scopes if given),
        tuple(
            (name, level_of(level), rights.mask(name).value if level is Level.MASKED else "")
            for name, level in rights.fields
            if name in known
        ),
    )
