"""The door of the background: a message's start is counted, its verb called as the system, its end written down.

Every actor may run twice: the verb that it calls says how it stands that. What can heal is tried again later, what
cannot is parked with a reason; nothing is decided by exceptions of the broker.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar
from uuid import UUID

import asyncpg
import structlog

from jobs import attempts
from jobs.attempts import RowState
from jobs.loops import PASSING
from services import jobs
from services.messages import Message
from tenants.cells import RELAY
from tenants.context import SYSTEM, Origin, Principal, PrincipalKind
from tenants.errors import Fault
from tenants.outside import run_outside
from tenants.telemetry import bound

if TYPE_CHECKING:
    from jobs.heartbeat import Heartbeat
    from tenants.context import DefinitionWork, ReadWork, Work
    from tenants.installation import Installation
    from tenants.placement import Placement
    from tenants.sql import BoundSql

M = TypeVar("M", bound=Message)
T = TypeVar("T")

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Run:
    """One execution of one message: the tenant, and ways to open its transactions as the system."""

    installation: Installation
    placement: Placement
    origin: Origin
    principal: Principal = SYSTEM

    def on_behalf_of(self, user_id: UUID | None) -> Run:
        """The same with the name of the user who asked for it on what is done; the rights stay the system's."""
        principal = SYSTEM if user_id is None else Principal(PrincipalKind.SYSTEM, user_id)
        return replace(self, principal=principal)

    async def read(self, verb: Callable[[ReadWork], Awaitable[T]]) -> T:
        """A verb in a transaction that only reads."""
        return await self.installation.transactions.read(self.placement, self.principal, self.origin, verb)

    async def write(self, verb: Callable[[Work], Awaitable[T]]) -> T:
        """A verb in a transaction that writes."""
        return await self.installation.transactions.write(self.placement, self.principal, self.origin, verb)

    async def define(self, verb: Callable[[DefinitionWork], Awaitable[T]]) -> T:
        """A verb in a transaction that changes the shape."""
        return await self.installation.transactions.define(self.placement, self.principal, self.origin, verb)

    async def outside(self, statement: Callable[[str], BoundSql]) -> None:
        """A statement of the owner outside of any transaction, made for the tenant's schema."""
        await run_outside(self.installation.catalog, self.placement, statement(self.placement.schema))


Body: TypeAlias = Callable[[Run, M], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Actor:
    """What happens with a kind of message."""

    message: type[Message]
    # A body takes its own kind of message; the decorator below saw to that.
    body: Body[Any]

    async def perform(self, run: Run, payload: dict[str, object]) -> None:
        """Read the message and do what it says."""
        await self.body(run, self.message.parse(payload))


ACTORS: dict[str, Actor] = {}


def actor(message: type[M]) -> Callable[[Body[M]], Body[M]]:
    """Register the body of a kind of message; a message has one actor."""

    def register(body: Body[M]) -> Body[M]:
        if message.name in ACTORS:
            msg = f"two actors for {message.name}"
            raise ValueError(msg)
        ACTORS[message.name] = Actor(message, body)
        return body

    return register


async def execute(installation: Installation, heartbeat: Heartbeat, *, cell: str, message_id: UUID) -> RowState | None:
    """Run one message to its end and answer where its row stands; nothing if somebody else has it or had it."""
    started = await installation.cells.row(cell, RELAY, attempts.start(message_id))
    if started is None:
        return None
    log = _log.bind(cell=cell, tenant=started["tenant"], message=started["message"], message_id=str(message_id))
    if attempts.is_poison(started):
        log.error("job.quarantined", attempts=started["attempts"])
        return await _park(installation, cell, started, message_id, reason=attempts.QUARANTINED)
    try:
        async with heartbeat.alive(cell, message_id):
            failure = await _attempt(installation, cell, started, message_id)
    except asyncio.CancelledError:
        log.info("job.handed_back")
        await installation.cells.execute(cell, RELAY, attempts.hand_back(message_id, attempt=started["attempts"]))
        raise
    state = await _end(installation, cell, started, message_id, failure)
    log.log(
        logging.INFO if failure is None else logging.WARNING,
        "job.ended",
        state=state.value,
        attempts=started["attempts"],
        reason=failure.reason if failure else None,
    )
    await _make_room(installation, cell, started["tenant"])
    return state


async def _make_room(installation: Installation, cell: str, tenant: str) -> None:
    """The relay may have more of this tenant waiting."""
    placement = await installation.catalog.placement_by_schema(cell, tenant)
    if placement is not None:
        await installation.hints.publish(placement)


async def _park(
    installation: Installation, cell: str, started: asyncpg.Record, message_id: UUID, *, reason: str
) -> RowState:
    """Users who watch the job see that it stopped; only then it does, so that where they cannot be told now it is tried again."""
    placement = await installation.catalog.placement_by_schema(cell, started["tenant"])
    job_id = started["payload"].get("job_id")
    if placement is not None and job_id is not None:
        run = Run(installation, placement, _origin(message_id))
        await run.write(lambda work: jobs.park(work, UUID(job_id), reason=reason))
    await installation.cells.execute(cell, RELAY, attempts.park(message_id, attempt=started["attempts"], reason=reason))
    return RowState.PARKED


@dataclass(frozen=True, slots=True)
class _Failure:
    reason: str
    heals: bool


async def _end(
    installation: Installation, cell: str, started: asyncpg.Record, message_id: UUID, failure: _Failure | None
) -> RowState:
    if failure is None:
        await installation.cells.execute(cell, RELAY, attempts.finish(message_id))
        return RowState.DONE
    delay = attempts.backoff(started["retries"]) if failure.heals else None
    if delay is None:
        return await _park(installation, cell, started, message_id, reason=failure.reason)
    retry = attempts.retry(message_id, attempt=started["attempts"], delay=delay, reason=failure.reason)
    await installation.cells.execute(cell, RELAY, retry)
    return RowState.WAITING


async def _attempt(installation: Installation, cell: str, started: asyncpg.Record, message_id: UUID) -> _Failure | None:
    found = ACTORS.get(started["message"])
    if found is None:
        # A newer release put it there; its worker, or ours after the upgrade, knows it.
        return _Failure("UNKNOWN_MESSAGE", heals=True)
    try:
        placement = await installation.catalog.placement_by_schema(cell, started["tenant"])
        if placement is None:
            return _Failure("NO_SUCH_TENANT", heals=True)
        origin = _origin(message_id)
        with bound(request_id=origin.request_id, tenant=placement.tenant_id):
            await found.perform(Run(installation, placement, origin), started["payload"])
    except PASSING as failure:
        return _Failure(failure.code if isinstance(failure, Fault) else type(failure).__name__, heals=True)
    except Fault as fault:
        return _Failure(fault.code, heals=False)
    except Exception as defect:  # noqa: BLE001 - the door of the background: a defect parks its message
        _log.exception("job.defect", message=started["message"], message_id=str(message_id))
        return _Failure(f"DEFECT {type(defect).__name__}", heals=False)
    return None


def _origin(message_id: UUID) -> Origin:
    return Origin(request_id=f"job-{message_id}")
