"""Traces: which steps a request took, and how long each was. One request in many is traced, by default none.

Who is not traced pays for a look at a variable. What is told of a step is kinds, numbers and opaque names: no value, no
document, no SQL and no word of a customer. How spans leave the process is `tenants.span_export`.
"""

from __future__ import annotations

import asyncio
import importlib
import random
import re
from contextvars import ContextVar
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Protocol, Self, TypeAlias, cast

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextvars import Token

    from tenants.settings import TracingSettings

Told: TypeAlias = str | int | bool

# https://www.w3.org/TR/trace-context/: version, trace, parent, flags. Later versions may add members at the end.
_PARENT = re.compile(r"(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?\Z")
_FIRST_VERSION = "00"
_SAMPLED = 1


class Kind(Enum):
    """Which way a step goes: into this process, within it, or out of it."""

    SERVER = "server"
    INTERNAL = "internal"
    CLIENT = "client"


@dataclass(frozen=True, slots=True)
class Parent:
    """The step of a caller, in another process, that this one is part of."""

    trace_id: int
    span_id: int
    is_sampled: bool


class Span(Protocol):
    """One step, from its beginning to its end."""

    def tell(self, name: str, value: Told) -> None:
        """Say something of it."""

    def child(self, name: str, kind: Kind) -> Span:
        """A step of this one, which begins now."""

    def end(self, failure: type[BaseException] | None) -> None:
        """It is over; of a failure only its kind is told."""


class Recorder(Protocol):
    """Begins traces, and sends away what was recorded."""

    def begin(self, name: str, parent: Parent | None) -> Span:
        """The first step of this process."""

    def close(self) -> None:
        """Send what is left; blocks."""


class _Exporting(Protocol):
    def Exported(self, endpoint: str) -> Recorder: ...  # noqa: N802 - a class


_current: ContextVar[Span | None] = ContextVar("span", default=None)


class Step:
    """A step as a block: what is asked inside belongs to it. Nothing at all if the request is not traced."""

    __slots__ = ("_span", "_token", "is_traced")

    def __init__(self, span: Span | None) -> None:
        self._span = span
        # Whether anybody will read of it; what is dear to tell is not worked out otherwise.
        self.is_traced = span is not None
        self._token: Token[Span | None] | None = None

    def __enter__(self) -> Self:
        if self._span is not None:
            self._token = _current.set(self._span)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._span is not None and self._token is not None:
            _current.reset(self._token)
            self._span.end(kind)

    def tell(self, name: str, value: Told) -> None:
        """Say something of it."""
        if self._span is not None:
            self._span.tell(name, value)


class _Untraced(Step):
    """Nothing, in as few instructions as Python can do it."""

    __slots__ = ()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        return None

    def tell(self, name: str, value: Told) -> None:
        """Nobody listens."""


# It keeps nothing, so all who are not traced share it.
UNTRACED: Step = _Untraced(None)


def step(name: str, kind: Kind = Kind.INTERNAL) -> Step:
    """A step of the request that is running, for `with`."""
    span = _current.get()
    return UNTRACED if span is None else Step(span.child(name, kind))


class Tracing:
    """Decides which requests are traced. One for the process."""

    def __init__(
        self, recorder: Recorder | None = None, ratio: float = 0.0, *, draw: Callable[[], float] = random.random
    ) -> None:
        self._recorder = recorder
        self._ratio = ratio
        self._draw = draw

    @staticmethod
    def open(settings: TracingSettings) -> Tracing:
        """As it is set; without a collector, or with a ratio of zero, nothing is traced whatever a caller says."""
        if not settings.endpoint or not settings.ratio:
            return Tracing()
        # The SDK takes 0.4 s of a start, and few have a collector.
        exporting = cast("_Exporting", importlib.import_module("tenants.span_export"))
        return Tracing(exporting.Exported(settings.endpoint), settings.ratio)

    def request(self, traceparent: str) -> Step:
        """The step that a request is. A caller who is traced decides for us; otherwise chance does."""
        if self._recorder is None:
            return UNTRACED
        parent = parent_of(traceparent) if traceparent else None
        is_sampled = self._draw() < self._ratio if parent is None else parent.is_sampled
        return Step(self._recorder.begin("request", parent)) if is_sampled else UNTRACED

    async def close(self) -> None:
        """Send what is left, for which a collector may take its time."""
        if self._recorder is not None:
            await asyncio.to_thread(self._recorder.close)


def parent_of(traceparent: str) -> Parent | None:
    """What a W3C `traceparent` names; nothing if it is none."""
    found = _PARENT.match(traceparent.strip())
    if found is None or (found[1] == _FIRST_VERSION and found[5]):
        return None
    return Parent(int(found[2], 16), int(found[3], 16), is_sampled=bool(int(found[4], 16) & _SAMPLED))
