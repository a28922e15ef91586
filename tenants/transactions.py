"""Units of work: who asks, for whom, against which versions; run again when the shape moved under them.

A unit reads `state` first, unless it is a deferred read whose compiled statement compares the versions itself. `Stale`
from anywhere rolls back and runs the verb once more, so a verb touches nothing but the transaction that it is given.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Generic, TypeVar

import asyncpg

from tenants.clock import monotonic, utc_now, zone_or_utc
from tenants.connection import CONNECTION_FAILURES, DatabaseUnavailable
from tenants.context import DefinitionWork, ReadWork, TenantSettings, Versions, Work
from tenants.errors import Fault, Stale, TooMuch, Unauthenticated, Unavailable
from tenants.ids import IdMaker
from tenants.script_text import fill
from tenants.session import Opening, Pending, Session, as_message, defining, reading, transaction, writing
from tenants.settings import TransactionSettings
from tenants.sql import BoundSql
from tenants.telemetry import TRANSACTION_FAILURES, TRANSACTION_RETRIES, TRANSACTION_SECONDS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tenants.cache import TenantCache
    from tenants.clock import Clock
    from tenants.connection import Connection
    from tenants.context import Origin, Principal
    from tenants.databases import Databases
    from tenants.file_tokens import FileKeys
    from tenants.flight import Frame
    from tenants.placement import Placement
    from tenants.secret_keys import SecretKeys

T = TypeVar("T")
W = TypeVar("W", bound=ReadWork)

_STATE = """
SELECT s.metadata_version, s.access_version, s.fenced, t.name, t.zone, t.language, t.phone_region, t.currency,
    t.trusted_only,
    EXISTS (SELECT FROM @schema@.session AS e WHERE e.id = $1::uuid AND $2::uuid IN (e.user_id, e.client_id)
        AND e.closed_at IS NULL AND (e.expires_at IS NULL OR e.expires_at > now())) AS signed_in
FROM @schema@.state AS s CROSS JOIN @schema@.tenant_setting AS t
"""
# Definition changes of one tenant take turns, before they touch anything.
_STATE_LOCKED = _STATE + "FOR UPDATE OF s"
_MOVE = "UPDATE @schema@.state SET "
# What PostgreSQL says of a statement that was compiled for a shape that is gone.
_SHAPE_ERRORS = (
    asyncpg.UndefinedTableError,
    asyncpg.UndefinedColumnError,
    asyncpg.UndefinedObjectError,
    asyncpg.DatatypeMismatchError,
    asyncpg.InsufficientPrivilegeError,
)
_SECONDS = {kind: TRANSACTION_SECONDS.of(kind.__name__) for kind in (ReadWork, Work, DefinitionWork)}


class Moved(Unavailable):
    """The definitions changed twice while this was answered; try again."""

    code = "SHAPE_MOVED"
    zh = "处理期间定义多次变更,请重试。"


class Busy(Unavailable):
    """Somebody else is changing the same thing; try again."""

    code = "BUSY"
    zh = "其他人正在修改同一内容,请稍后重试。"


class Fenced(Unavailable):
    """This tenant is being moved and cannot be written to for a moment."""

    code = "TENANT_FENCED"
    zh = "租户正在迁移,暂时无法写入。"


class TookTooLong(TooMuch):
    """This took longer than a request may take; ask for less."""

    code = "STATEMENT_TIMEOUT"
    zh = "请求耗时超出限制,请减少请求内容。"


class SignedOut(Unauthenticated):
    """The session has ended; sign in again."""

    code = "SESSION_ENDED"
    zh = "会话已结束,请重新登录。"


@dataclass(slots=True)
class _Unit(Generic[W]):
    """What is to be done, and what is known of the attempt so far."""

    kind: type[W]
    placement: Placement
    login: str
    frame: Frame
    principal: Principal
    origin: Origin
    # Its transaction begins with its first statement; nothing that it did could be done twice.
    deferred: bool = False
    begun: bool = False
    # Whether anything was sent: before, only what this process remembers was gone by, and nobody has looked at the session.
    asked: bool = False
    versions: Versions | None = None


class Transactions:
    """Opens units of work. The only way to a tenant's tables for everything above this floor."""

    def __init__(
        self,
        databases: Databases,
        cache: TenantCache,
        *,
        clock: Clock = utc_now,
        wake: Callable[[Placement], Awaitable[None]] | None = None,
        limits: TransactionSettings | None = None,
        file_keys: FileKeys | None = None,
        secrets: SecretKeys | None = None,
    ) -> None:
        limits = limits or TransactionSettings()
        self._databases = databases
        self._cache = cache
        self._clock = clock
        self._wake = wake
        self._ids = IdMaker()
        self._file_keys = file_keys
        self._secrets = secrets
        self._reading: Opening = reading(limits)
        self._writing: Opening = writing(limits)
        self._defining: Opening = defining(limits)

    def read(
        self,
        placement: Placement,
        principal: Principal,
        origin: Origin,
        verb: Callable[[ReadWork], Awaitable[T]],
        *,
        deferred: bool = False,
    ) -> Awaitable[T]:
        """A READ ONLY transaction, to be awaited at once.

        Deferred: the verb's own statement compares versions and session, and is its last.
        """
        frame = _frame(self._reading, placement.role, origin)
        return self._run(_Unit(ReadWork, placement, placement.login, frame, principal, origin, deferred=deferred), verb)

    async def write(
        self, placement: Placement, principal: Principal, origin: Origin, verb: Callable[[Work], Awaitable[T]]
    ) -> T:
        """A transaction that writes records."""
        frame = _frame(self._writing, placement.role, origin)
        return await self._run(_Unit(Work, placement, placement.login, frame, principal, origin), verb)

    async def define(
        self, placement: Placement, principal: Principal, origin: Origin, verb: Callable[[DefinitionWork], Awaitable[T]]
    ) -> T:
        """A transaction as the owner role, with `state` locked."""
        frame = _frame(self._defining, placement.owner_role, origin)
        return await self._run(_Unit(DefinitionWork, placement, "definer", frame, principal, origin), verb)

    async def _run(self, unit: _Unit[W], verb: Callable[[W], Awaitable[T]]) -> T:
        retried: set[type[Unavailable]] = set()
        while True:
            unit.begun, unit.versions = False, None
            try:
                return await self._once(unit, verb)
            except (Stale, Fault, asyncpg.PostgresError) as error:
                again = await self._heals(unit, error, known_moved=Moved in retried)
                if again is None:
                    TRANSACTION_FAILURES.labels(unit.kind.__name__, type(error).__name__).inc()
                    raise
                if again in retried:
                    raise again from error
            retried.add(again)
            TRANSACTION_RETRIES.labels(again.code).inc()
            self._cache.forget(unit.placement.tenant_id)

    async def _heals(self, unit: _Unit[W], error: Exception, *, known_moved: bool) -> type[Unavailable] | None:
        """What a second attempt may heal, named by the failure that it becomes otherwise; None lets the error out."""
        match error:
            case Stale():
                return Moved
            case (
                asyncpg.DeadlockDetectedError()
                | asyncpg.SerializationError()
                | asyncpg.InvalidCachedStatementError()
                | asyncpg.InvalidSQLStatementNameError()
            ):
                return Busy
            case DatabaseUnavailable() if not unit.begun:
                # These connections went away with the server; nothing was done yet.
                self._databases.forget_idle(unit.placement.cell, unit.login)
                return DatabaseUnavailable
        if isinstance(error, Fault):
            may_be_stale = error.may_be_stale or (unit.deferred and not unit.asked)
        else:
            may_be_stale = isinstance(error, _SHAPE_ERRORS)
        return Moved if may_be_stale and not known_moved and await self._moved(unit) else None

    async def _once(self, unit: _Unit[W], verb: Callable[[W], Awaitable[T]]) -> T:
        began = monotonic()
        placement = unit.placement
        try:
            async with self._databases.lease(placement.cell, unit.login, placement.schema) as connection:
                try:
                    if unit.deferred:
                        return await self._deferred(unit, verb, connection)
                    async with transaction(connection, as_message(unit.frame)):
                        unit.begun = True
                        work = await self._open(unit, Session(connection, placement.schema))
                        answer = await verb(work)
                        if isinstance(work, Work) and work.moves:
                            await _move(work)
                except asyncpg.QueryCanceledError as error:
                    raise TookTooLong from error
                except asyncpg.LockNotAvailableError as error:
                    raise Busy from error
                except CONNECTION_FAILURES as failure:
                    if connection.is_closed():
                        raise DatabaseUnavailable from failure
                    raise
        finally:
            _SECONDS[unit.kind].note(monotonic() - began)
        if isinstance(work, DefinitionWork):
            self._cache.forget(placement.tenant_id)
        if isinstance(work, Work) and work.touched and self._wake is not None:
            await self._wake(placement)
        return answer

    async def _deferred(self, unit: _Unit[W], verb: Callable[[W], Awaitable[T]], connection: Connection) -> T:
        pending = Pending(connection, unit.frame)
        session = Session(connection, unit.placement.schema, pending)
        try:
            answer = await verb(self._work_at_hand(unit, session) or await self._open(unit, session))
        except BaseException as failure:
            unit.asked = pending.has_begun or pending.has_ended
            if pending.has_begun:
                await pending.end(type(failure))
            raise
        if pending.has_begun:
            await pending.end(None)
        return answer

    def _work_at_hand(self, unit: _Unit[W], session: Session) -> W | None:
        """What a verb is given, if the versions and the settings that were seen last are still here."""
        tenant = unit.placement.tenant_id
        versions = unit.versions = self._cache.versions(tenant)
        settings = None if versions is None else self._cache.get(TenantSettings, tenant, versions.metadata)
        return None if versions is None or settings is None else self._work(unit, session, versions, settings)

    async def _open(self, unit: _Unit[W], session: Session) -> W:
        versions, settings = await self._read_state(unit, session)
        unit.versions = versions
        return self._work(unit, session, versions, settings)

    def _work(self, unit: _Unit[W], session: Session, versions: Versions, settings: TenantSettings) -> W:
        return unit.kind(
            placement=unit.placement,
            principal=unit.principal,
            origin=unit.origin,
            session=session,
            cache=self._cache,
            versions=versions,
            settings=settings,
            now=self._clock(),
            zone=zone_or_utc(unit.principal.zone or settings.zone),
            ids=self._ids,
            file_keys=self._file_keys,
            secrets=self._secrets,
        )

    async def _read_state(self, unit: _Unit[W], session: Session) -> tuple[Versions, TenantSettings]:
        defines = issubclass(unit.kind, DefinitionWork)
        text = _for_schema(_STATE_LOCKED if defines else _STATE, unit.placement.schema)
        (row,) = await session.fetch(BoundSql(text, (unit.principal.session_id, unit.principal.id)))
        if unit.principal.has_session and not row["signed_in"]:
            raise SignedOut
        if row["fenced"] and issubclass(unit.kind, Work):
            raise Fenced
        versions = Versions(row["metadata_version"], row["access_version"])
        settings = TenantSettings(
            row["name"], row["zone"], row["language"], row["phone_region"], row["currency"], row["trusted_only"]
        )
        self._cache.remember(unit.placement.tenant_id, versions)
        self._cache.put(TenantSettings, unit.placement.tenant_id, versions.metadata, settings)
        return versions, settings

    async def _moved(self, unit: _Unit[W]) -> bool:
        """Whether the versions that an attempt went by are no longer those of `state`."""
        before = unit.versions

        async def versions_now(work: ReadWork) -> Versions:
            return work.versions

        frame = self._reading.frame(unit.placement.role)
        again = _Unit(ReadWork, unit.placement, unit.placement.login, frame, unit.principal, unit.origin)
        return before is not None and await self._once(again, versions_now) != before


def _frame(opening: Opening, role: str, origin: Origin) -> Frame:
    """The opening with the time that is left to whoever asks."""
    left = (origin.deadline - monotonic()) * 1000
    if left < 1:
        raise TookTooLong
    return opening.frame(role, within_ms=left)


async def _move(work: Work) -> None:
    moves = ", ".join(f"{version} = {version} + 1" for version in sorted(work.moves))
    await work.session.run(BoundSql(_for_schema(_MOVE, work.placement.schema) + moves))


@lru_cache(maxsize=4096)
def _for_schema(text: str, schema: str) -> str:
    return fill(text, {"schema": schema})
