"""What a solution pack is: objects and roles as data, with ids that follow from their names.

Two tenants that install a pack hold the same ids, and so do two versions of it: an upgrade finds what it made.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from uuid import UUID

from schema.metadata.definitions import ObjectDefinition
from schema.metadata.fields import Label

EVERY_OBJECT = "*"
_VERSION_7 = 0x7 << 76
_VARIANT = 0x2 << 62
_FREE_BITS = ((1 << 48) - 1) << 80 | ((1 << 62) - 1)


@dataclass(frozen=True, slots=True)
class ObjectGrant:
    """What a role may do with one object, or with every object that has no grant of its own."""

    object_name: str
    create: bool = False
    read: str = "none"
    update: str = "none"
    delete: str = "none"
    import_: bool = False
    export: str = "none"
    share: str = "none"
    merge: str = "none"
    bulk: str = "none"
    assign: str = "none"


@dataclass(frozen=True, slots=True)
class RoleDefinition:
    """A role with its grants."""

    id: UUID
    name: str
    label: Label
    is_admin: bool
    grants: tuple[ObjectGrant, ...]
    actions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pack:
    """One version of a solution pack."""

    name: str
    version: int
    label: Label
    objects: tuple[ObjectDefinition, ...]
    roles: tuple[RoleDefinition, ...]


def derived_id(pack: str, number: int, *names: str) -> UUID:
    """The id of something in a pack: shaped like every other id, object number included, its rest a hash of names."""
    digest = int.from_bytes(hashlib.sha256("/".join((pack, *names)).encode()).digest()[:16], "big")
    return UUID(int=(digest & _FREE_BITS) | _VERSION_7 | (number << 64) | _VARIANT)
