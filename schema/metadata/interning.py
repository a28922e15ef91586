"""Values that say the same are one object in memory: tenants differ in little from the pack that they began with.

What is kept here is kept weakly, so it goes with the last who has it. The key is all that a value says, so nothing of a
tenant is found by anybody whose own is not the same, and who finds it learns nothing that he did not bring.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Generic, TypeVar
from weakref import WeakValueDictionary

V = TypeVar("V")


class Interned(Generic[V]):
    """The values of one kind. They say in `repr` what they are, with its types: `1` and `True` are equal to Python."""

    def __init__(self) -> None:
        self._kept: WeakValueDictionary[bytes, V] = WeakValueDictionary()

    def one(self, value: V, digest: bytes | None = None) -> V:
        """The one that says the same as this one; `digest`, if it is at hand, is SHA-256 of what it says."""
        said = digest or digest_of(value)
        found = self.find(value, said)
        if found is None:
            self._kept[said] = value
        return value if found is None else found

    def find(self, value: V, digest: bytes | None = None) -> V | None:
        """The one that says the same, if there is one."""
        found = self._kept.get(digest or digest_of(value))
        # A part may be left out of `repr`; what it says is compared then.
        return found if found == value else None


def digest_of(value: object) -> bytes:
    """SHA-256 of what a value says."""
    return sha256(repr(value).encode()).digest()
