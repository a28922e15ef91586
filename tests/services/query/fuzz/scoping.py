"""Random scopes of a token, and what they leave of any right, asked scope by scope."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from schema.metadata.objects import ObjectKind
from services.permissions import ALWAYS_READABLE, Level, Verb

if TYPE_CHECKING:
    from schema.metadata.registry import Shape

_OPENING = {
    Verb.READ: ("read", "write", "delete"),
    Verb.UPDATE: ("write",),
    Verb.DELETE: ("delete",),
    Verb.CREATE: ("write",),
}
_REACHED_BY_NAME_ONLY = frozenset({"phone", "email"})


@dataclass(frozen=True)
class Narrowing:
    """The scopes of one token."""

    scopes: Sequence[str]
    shape: Shape

    def opens(self, name: str, verb: Verb) -> bool:
        """Whether any scope names the object, or a part of it, for the verb; no part is deleted, or made by itself."""
        whole_only = verb is Verb.CREATE
        return any(
            action in _OPENING[verb] and not (part and (action == "delete" or whole_only))
            for part, action in self._on(name)
        )

    def level(self, name: str, field: str) -> Level:
        if field in ALWAYS_READABLE:
            return Level.READ
        own = self.shape.field(name, field)
        in_group = own is not None and own.type_name in _REACHED_BY_NAME_ONLY
        reaching = [
            action for part, action in self._on(name)
            if part == field or (part == "contactInfo" and in_group) or (not part and not in_group)
        ]  # fmt: skip
        return max((Level.WRITE if each == "write" else Level.READ for each in reaching), default=Level.NONE)

    def _on(self, name: str) -> list[tuple[str, str]]:
        """What is named of an object, and for what."""
        found = []
        for each in self.scopes:
            thing, _, action = each.partition(":")
            object_name, _, part = thing.partition(".")
            if object_name == name:
                found.append((part, action))
        return found


def make_narrowing(rng: random.Random, shape: Shape) -> Narrowing:
    offered = ["user:read", "user.contactInfo:read", "recordHistory:read", "auditEntry:read"]
    for name, thing in shape.objects.items():
        if thing.kind is not ObjectKind.SYSTEM:
            offered += [f"{name}:{action}" for action in ("read", "read", "read", "write", "delete")]
            offered += [f"{name}.contactInfo:{action}" for action in ("read", "write")]
            offered += [
                f"{name}.{each.name}:{rng.choice(('read', 'write'))}"
                for each in (*thing.fields, *thing.links, *thing.lookups)
                if each.name not in ALWAYS_READABLE and rng.random() < 0.1
            ]
    chosen = rng.sample(offered, rng.randint(1, len(offered)))
    return Narrowing(sorted(set(chosen)), shape)
