"""`clientMutationId` of the hand-written mutations that define: sent twice, they happen once.

The generated mutations and the declared verbs have the same in `resolvers.records`. `resolvers.static` echoes the id.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Generic, TypeAlias, TypeVar
from uuid import UUID

import strawberry

from services import idempotency
from services.verbs import Outcome
from tenants.context import DefinitionWork, Work

if TYPE_CHECKING:
    from resolvers.context import Info
    from schema.types.repeating import RepeatableInput

T = TypeVar("T")
W = TypeVar("W", bound=Work)
Ids: TypeAlias = Mapping[str, tuple[UUID, ...]]


@dataclass(frozen=True, slots=True)
class Kept(Generic[W, T]):
    """How the answer of a verb is kept, by ids alone, and how it is read again with present rights."""

    ids: Callable[[T], Ids]
    again: Callable[[W, Ids], Awaitable[T]]


async def define_once(
    info: Info, given: RepeatableInput, kept: Kept[DefinitionWork, T], verb: Callable[[DefinitionWork], Awaitable[T]]
) -> T:
    """One transaction that changes definitions; under an id that was used already, what it did then."""
    return await info.context.define(lambda work: _once(work, info, given, kept, verb))


async def write_once(
    info: Info, given: RepeatableInput, kept: Kept[Work, T], verb: Callable[[Work], Awaitable[T]]
) -> T:
    """The same in a transaction that writes records."""
    return await info.context.write(lambda work: _once(work, info, given, kept, verb))


async def _once(work: W, info: Info, given: RepeatableInput, kept: Kept[W, T], verb: Callable[[W], Awaitable[T]]) -> T:
    done: list[T] = []

    async def first() -> Outcome:
        done.append(await verb(work))
        return Outcome(kept.ids(done[0]))

    outcome = await idempotency.once(
        work, verb=info.field_name, key=given.client_mutation_id, request=canonical(given), run=first
    )
    return done[0] if done else await kept.again(work, outcome.ids)


def canonical(given: RepeatableInput) -> bytes:
    """The input as text that is the same for the same request."""
    members = asdict(given, dict_factory=_named)
    members.pop("client_mutation_id", None)
    return json.dumps(members, ensure_ascii=True, sort_keys=True, default=str).encode()


def _named(members: list[tuple[str, object]]) -> dict[str, object]:
    return {name: value for name, value in members if value is not strawberry.UNSET}
