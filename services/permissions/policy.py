"""What one principal may do, as a value: rights per object, made once per access version, compared by fingerprint.

Pure: no store, no work. `services.query.guard` and the write verbs read it; `services.permissions.loading` makes it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import TypeAlias

from services.permissions.pilots import NOTHING_WITHHELD, Withheld

# Of one policy: sets of objects are as many as questions.
_FINGERPRINTS_KEPT = 128


class Verb(StrEnum):
    """What can be done with records of an object."""

    CREATE = "create"
    READ = "read"
    UPDATE = "update"
    DELETE = "delete"
    EXPORT = "export"
    IMPORT = "import"
    SHARE = "share"
    MERGE = "merge"
    # Sets of records at once.
    BULK = "bulk"
    # Not done with records: to whom they may be given.
    ASSIGN = "assign"


class Level(IntEnum):
    """How far a field is open; grants of several roles add up to the highest."""

    NONE = 0
    MASKED = 1
    READ = 2
    WRITE = 3


class Mask(StrEnum):
    """What a masked text still shows, from nothing to the most; every other type of field shows nothing."""

    FULL = "full"
    NAME = "name"
    MAIL = "mail"
    ID_NUMBER = "idNumber"
    PHONE = "phone"


class Scope(StrEnum):
    """Whose records: a row of `object_permission` names one of these per verb."""

    NONE = "none"
    OWN = "own"
    TEAM = "team"
    DEPARTMENT = "department"
    TREE = "tree"
    # Those of users for whom the principal stands in now; no grant names it, a delegation adds it.
    DELEGATED = "delegated"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Everyone:
    """Every record of the object."""


@dataclass(frozen=True, slots=True)
class OwnedBy:
    """Records whose owner is the principal (OWN), or stands to it as the scope says; all as parameters."""

    scope: Scope


@dataclass(frozen=True, slots=True)
class Shared:
    """Records shared with the principal, or with its department or one above, for at least this verb."""

    verb: Verb


@dataclass(frozen=True, slots=True)
class Criteria:
    """Records that meet a stored condition. What it compares with is in `Policy.criteria` under this number."""

    number: int
    condition: str


Arm: TypeAlias = Everyone | OwnedBy | Shared | Criteria
NOBODY: tuple[Arm, ...] = ()
EVERYONE: tuple[Arm, ...] = (Everyone(),)


@dataclass(frozen=True, slots=True)
class ObjectRights:
    """Effective rights on one object. A verb with no arm is forbidden."""

    create: bool = False
    read: tuple[Arm, ...] = NOBODY
    update: tuple[Arm, ...] = NOBODY
    delete: tuple[Arm, ...] = NOBODY
    # Fields that differ from `default_level`, sorted by name.
    fields: tuple[tuple[str, Level], ...] = ()
    default_level: Level = Level.WRITE
    # Masked fields that show anything but the first sign, sorted by name.
    masks: tuple[tuple[str, Mask], ...] = ()
    # The arms of the verbs beyond the four, those without any left out.
    further: tuple[tuple[Verb, tuple[Arm, ...]], ...] = ()

    def mask(self, field_name: str) -> Mask:
        """What is shown of a masked field."""
        return dict(self.masks).get(field_name, Mask.NAME)

    def level(self, field_name: str) -> Level:
        """How far one field is open."""
        return dict(self.fields).get(field_name, self.default_level)

    def arms(self, verb: Verb) -> tuple[Arm, ...]:
        """The arms of one verb; creating has none or everyone."""
        match verb:
            case Verb.CREATE:
                return EVERYONE if self.create else NOBODY
            case Verb.READ:
                return self.read
            case Verb.UPDATE:
                return self.update
            case Verb.DELETE:
                return self.delete
            case _:
                return dict(self.further).get(verb, NOBODY)


NO_RIGHTS = ObjectRights()


@dataclass(frozen=True)
class Policy:
    """The rights of one principal at one access version. `may_define` covers metadata, roles and users."""

    rights: Mapping[str, ObjectRights]
    version: int
    may_define: bool = False
    roles: tuple[str, ...] = ()
    # Rights on every object that `rights` does not name.
    others: ObjectRights = NO_RIGHTS
    # What the criteria of an object compare with, by their numbers; values, so no part of a fingerprint.
    criteria: Mapping[str, tuple[tuple[object, ...], ...]] = field(default_factory=lambda: MappingProxyType({}))
    actions: frozenset[str] = frozenset()
    # Those of administrators; of a token only what its scopes open is in `actions`.
    has_every_action: bool = False
    # Whether it is told how far each role reaches.
    may_read_policy: bool = False
    # What running pilots keep from him; as far as it closes anything, the rights say so themselves.
    withheld: Withheld = NOTHING_WITHHELD
    # Of the objects asked about so far, one each, and of the sets of them; a policy made from this one begins its own.
    _digests: dict[str, str] = field(default_factory=dict, init=False, repr=False, compare=False)
    _fingerprints: dict[frozenset[str], str] = field(default_factory=dict, init=False, repr=False, compare=False)

    def may(self, action: str) -> bool:
        """Whether a named action is open."""
        return self.has_every_action or action in self.actions

    def on(self, object_name: str) -> ObjectRights:
        """Rights on one object; none if nothing was granted."""
        return self.rights.get(object_name, self.others)

    def fingerprint(self, objects: Iterable[str]) -> str:
        """SHA-256 over the effective rights on the objects touched; no role, no user and no version in it."""
        asked = frozenset(objects)
        known = self._fingerprints.get(asked)
        if known is None:
            digests = [self._digest(name) for name in sorted(asked)]
            known = hashlib.sha256("".join(digests).encode()).hexdigest()
            if len(self._fingerprints) >= _FINGERPRINTS_KEPT:
                self._fingerprints.clear()
            self._fingerprints[asked] = known
        return known

    def _digest(self, object_name: str) -> str:
        if object_name not in self._digests:
            canonical = repr((object_name, self.on(object_name)))
            self._digests[object_name] = hashlib.sha256(canonical.encode()).hexdigest()
        return self._digests[object_name]


FURTHER_VERBS = (Verb.EXPORT, Verb.IMPORT, Verb.SHARE, Verb.MERGE, Verb.BULK, Verb.ASSIGN)
UNRESTRICTED_RIGHTS = ObjectRights(
    create=True,
    read=EVERYONE,
    update=EVERYONE,
    delete=EVERYONE,
    further=tuple((verb, EVERYONE) for verb in FURTHER_VERBS),
)


def freeze(rights: Mapping[str, ObjectRights]) -> Mapping[str, ObjectRights]:
    """A read-only copy."""
    return MappingProxyType(dict(rights))
