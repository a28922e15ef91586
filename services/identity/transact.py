"""How sign-in writes: in more than one transaction, because a refused attempt must stay counted.

A verb that raises is rolled back; so the verbs here answer what happened, and their caller raises after the commit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tenants.context import Work

T = TypeVar("T")


class Transact(Protocol):
    """Runs a verb in a write transaction of its own; a door binds tenant, principal and origin."""

    async def __call__(self, verb: Callable[[Work], Awaitable[T]], /) -> T:
        """Begin, run, commit."""
        ...
