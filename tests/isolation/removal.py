"""One lock of the product, what is left without it, and the tests that must see that."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Removal:
    """`lock` is a piece of `file` that stands there once, `without` what is left of it; `tests` must see that."""

    name: str
    file: str
    lock: str
    without: str
    tests: tuple[str, ...]
