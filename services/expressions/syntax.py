"""An expression as it was written, before any name was looked up; every node knows where it stands in the text."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, a text, `true`, `false` or `null`."""

    at: int
    depth: int
    value: Decimal | str | bool | None


@dataclass(frozen=True, slots=True)
class Name:
    """A name on its own: a field, or the variable of `exists` and `all`."""

    at: int
    depth: int
    name: str


@dataclass(frozen=True, slots=True)
class Member:
    """`of.name`."""

    at: int
    depth: int
    of: Written
    name: str


@dataclass(frozen=True, slots=True)
class Invoke:
    """`name(…)`, or `receiver.name(…)`; operators are calls of their own signs."""

    at: int
    depth: int
    name: str
    arguments: tuple[Written, ...]
    receiver: Written | None = None


@dataclass(frozen=True, slots=True)
class Items:
    """`[a, b]`."""

    at: int
    depth: int
    items: tuple[Written, ...]


Written: TypeAlias = Literal | Name | Member | Invoke | Items
