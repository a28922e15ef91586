"""What a solution pack is: objects, dictionaries, layouts, views and roles as data, with ids that follow from their names.

Two tenants that install a pack hold the same ids, and so do two versions of it: an upgrade finds what it made. What a
pack says in words of the expression language is text here; what follows from it is settled where it meets a tenant.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final
from uuid import UUID

from schema.metadata.definitions import ObjectDefinition
from schema.metadata.fields import Label
from services.packs.errors import Place

# The file that makes a folder a pack.
HEAD: Final = "pack.yaml"
FIRST_VERSION: Final = 1
EVERY_OBJECT = "*"
# The member of `sharedWith` by which a pack names roles; a tenant keeps their ids.
ROLES, EVERYBODY = "roles", "everybody"
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
class EntryDefinition:
    """One entry of a dictionary; `parent` is the key of the one that it stands below."""

    id: UUID
    key: str
    label: Label
    retired: bool = False
    parent: str = ""


@dataclass(frozen=True, slots=True)
class DictionaryDefinition:
    """A list of values that several fields offer."""

    id: UUID
    name: str
    label: Label
    entries: tuple[EntryDefinition, ...]


@dataclass(frozen=True, slots=True)
class LayoutDefinition:
    """How the form of an object is arranged; `sections` is the JSON that `createLayout` takes."""

    id: UUID
    object_name: str
    sections: str
    role: str = ""
    stage_field: str = ""
    stage: str = ""


@dataclass(frozen=True, slots=True)
class ViewDefinition:
    """A shared view of an object; `parts` is the JSON of what `createSavedView` takes, roles by their names."""

    id: UUID
    object_name: str
    name: str
    parts: str


@dataclass(frozen=True, slots=True)
class Pack:
    """One version of a solution pack."""

    name: str
    version: int
    label: Label
    objects: tuple[ObjectDefinition, ...]
    roles: tuple[RoleDefinition, ...] = ()
    dictionaries: tuple[DictionaryDefinition, ...] = ()
    layouts: tuple[LayoutDefinition, ...] = ()
    views: tuple[ViewDefinition, ...] = ()
    # Smaller packs whose objects become this pack's where it is installed over them.
    grows_from: tuple[str, ...] = ()
    # Where each node stands in the files, for whoever has to mend it.
    places: Mapping[tuple[str, ...], Place] = field(
        default_factory=lambda: MappingProxyType({}), compare=False, hash=False, repr=False
    )

    @property
    def makers(self) -> frozenset[str]:
        """Whose things are this pack's: its own name, and those of the packs that grow to it."""
        return frozenset({self.name, *self.grows_from})

    def place(self, *node: str) -> Place:
        """The place of a node, or of the nearest one around it."""
        for length in range(len(node), 0, -1):
            found = self.places.get(node[:length])
            if found is not None:
                return found.below(*node[length:])
        return Place(HEAD, ".".join(node))


def next_version(pack: Pack) -> Pack:
    """The same, one version higher: what tells a tenant that there is something new."""
    return replace(pack, version=pack.version + 1)


def derived_id(pack: str, number: int, *names: str) -> UUID:
    """The id of something in a pack: shaped like every other id, object number included, its rest a hash of names."""
    digest = int.from_bytes(hashlib.sha256("/".join((pack, *names)).encode()).digest()[:16], "big")
    return UUID(int=(digest & _FREE_BITS) | _VERSION_7 | (number << 64) | _VARIANT)
