"""Spans that stay in the process: what a test asks for the steps of whatever it did."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tenants.tracing import Kind, Tracing

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from tenants.tracing import Parent, Told


@dataclass
class Kept:
    """A span that stays here."""

    name: str
    parent: Parent | None = None
    kind: Kind = Kind.SERVER
    told: dict[str, Told] = field(default_factory=dict)
    children: list[Kept] = field(default_factory=list)
    ended: list[type[BaseException] | None] = field(default_factory=list)

    def tell(self, name: str, value: Told) -> None:
        self.told[name] = value

    def child(self, name: str, kind: Kind) -> Kept:
        self.children.append(Kept(name, kind=kind))
        return self.children[-1]

    def end(self, failure: type[BaseException] | None) -> None:
        self.ended.append(failure)


@dataclass
class Keeping:
    """A recorder that keeps the first spans of traces."""

    begun: list[Kept] = field(default_factory=list)
    is_closed: bool = False

    def begin(self, name: str, parent: Parent | None) -> Kept:
        self.begun.append(Kept(name, parent))
        return self.begun[-1]

    def close(self) -> None:
        self.is_closed = True


async def statements_of(deed: Awaitable[object]) -> int:
    """How many statements something takes, the opening and the end of its transaction not among them."""
    recorder = Keeping()
    with Tracing(recorder, 1.0).request(""):
        await deed
    return sum(each.name == "statement" for each in _under(recorder.begun[0]))


def _under(span: Kept) -> list[Kept]:
    return [found for child in span.children for found in (child, *_under(child))]
