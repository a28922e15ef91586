"""One record shared with somebody, by whoever may share it, and no further than that caller may go.

A share is no part of a policy: it moves no version, and is looked up by the statements themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from schema.metadata.fields import Field
from schema.metadata.objects import ObjectKind
from schema.tables.permissions import record_share
from services import audit, metadata, permissions, query, records, roles
from services.identity import access, inputs
from services.permissions import OwnedBy, Scope, Verb
from services.query.plan import Compare, Parameter
from services.sharing.errors import AlreadyOver, NotShareable, ShareNotNeeded
from services.sharing.grantees import COLUMNS, grantee_of, taken_from
from tenants.errors import NotFound
from tenants.ids import object_number

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from tenants.context import ReadWork, Work

_NUMBER = 0
_KEY = ("record_id", *COLUMNS.values())
# What an audit entry says of a share that went.
_TOLD = (*COLUMNS.values(), "reach", "expires_at")
_UNTIL = inputs.Input(Field("expiresAt", "dateTime"), "expires_at")


async def share_record(work: Work, given: Mapping[str, object]) -> None:
    """Open a record to somebody, for a time or until it is taken back. Sharing again replaces level and end.

    A share with oneself, or with whom owns the record, would outlast the reason for which they reach it. So would any of
    a record that one reaches only for somebody whom one stands in for.
    """
    record_id = inputs.id_(given, "recordId")
    draft = await inputs.read(work, (roles.REACH, _UNTIL), given, creating=True)
    expires_at = draft.values.get("expires_at")
    if isinstance(expires_at, datetime) and expires_at <= work.now:
        draft.refuse("expiresAt", AlreadyOver())
    values = draft.accepted()
    object_name = await _require_shareable(work, record_id, Verb(str(values["reach"])))
    if await _stands_in(work, object_name, record_id, str(values["reach"])):
        raise NotShareable
    grantee = await grantee_of(work, given)
    if grantee.get("user_id") in {work.principal.id, await records.owner_of(work, object_name, record_id)}:
        raise inputs.refuse("userId", ShareNotNeeded())
    said = {"reach": values["reach"], "expires_at": expires_at}
    before = await _put(work, record_id, grantee, said)
    details = {**grantee, "reach": values["reach"], "expiresAt": expires_at, "before": before}
    await audit.append(work, [audit.Entry(f"{object_name}.shared", object_name, record_id, details=details)])


async def unshare_record(work: Work, given: Mapping[str, object]) -> None:
    """Take a share back; what is not shared stays as it is."""
    record_id = inputs.id_(given, "recordId")
    object_name = await _require_shareable(work, record_id, Verb.READ)
    grantee = taken_from(given)
    gone = await work.session.rows(
        sa.delete(record_share).where(*_same(record_id, grantee)).returning(*(record_share.c[name] for name in _TOLD))
    )
    if gone:
        details = {**grantee, "before": [dict(row) for row in gone]}
        await audit.append(work, [audit.Entry(f"{object_name}.unshared", object_name, record_id, details=details)])


async def forget_old(work: Work) -> int:
    """Drop the shares that are over: they open nothing, and audit entries tell of them."""
    return await work.session.execute(sa.delete(record_share).where(record_share.c.expires_at <= work.now))


# What a share opens; whoever may delete through one may change as well.
_OPENED = {Verb.READ: (), Verb.UPDATE: (Verb.UPDATE,), Verb.DELETE: (Verb.UPDATE, Verb.DELETE)}


@dataclass(frozen=True, slots=True)
class Share:
    """With whom a record is shared, how far and until when."""

    user_id: UUID | None
    department_id: UUID | None
    team_id: UUID | None
    reach: str
    expires_at: datetime | None


async def shares_of(work: ReadWork, record_id: UUID) -> list[Share]:
    """With whom a record is shared now, for those who may share it."""
    access.require_signed_in(work)
    await _require_shareable(work, record_id, Verb.READ)
    lasting = sa.or_(record_share.c.expires_at.is_(None), record_share.c.expires_at > work.now)
    rows = await work.session.rows(
        sa.select(record_share).where(record_share.c.record_id == record_id, lasting).order_by(record_share.c.id)
    )
    return [
        Share(row["user_id"], row["department_id"], row["team_id"], row["reach"], row["expires_at"]) for row in rows
    ]


async def _put(
    work: Work, record_id: UUID, grantee: Mapping[str, object], said: Mapping[str, object]
) -> dict[str, object] | None:
    """What was shared with the same one before, if anything; whoever comes second waits for the first."""
    fresh = work.ids.new(_NUMBER)
    row = {"record_id": record_id, "object_number": object_number(record_id), **grantee, **said}
    insert = pg.insert(record_share).values(id=fresh, **row)
    # The update changes nothing: it locks the share that stands, so that what it said can be told.
    held = insert.on_conflict_do_update(index_elements=_KEY, set_={"record_id": record_id})
    (found,) = await work.session.rows(
        held.returning(record_share.c.id, record_share.c.reach, record_share.c.expires_at)
    )
    if found["id"] == fresh:
        return None
    await work.session.execute(sa.update(record_share).where(record_share.c.id == found["id"]).values(said))
    return {"reach": found["reach"], "expiresAt": found["expires_at"]}


async def _require_shareable(work: ReadWork, record_id: UUID, reach: Verb) -> str:
    """The object of a record that the caller may share, as far as that."""
    registry = await metadata.registry(work)
    name = registry.by_number.get(object_number(record_id), "")
    if not name or registry.shape.objects[name].kind is ObjectKind.SYSTEM:
        raise NotFound
    if not await _reached(work, name, record_id, Verb.READ):
        raise NotFound
    for verb in (Verb.SHARE, *_OPENED[reach]):
        if not await _reached(work, name, record_id, verb):
            raise NotShareable
    return name


async def _stands_in(work: Work, object_name: str, record_id: UUID, reach: str) -> bool:
    """Whether any verb that the share needs holds for a delegation alone."""
    if await records.owner_of(work, object_name, record_id) == work.principal.id:
        return False
    policy = await permissions.policy(work)
    for verb in (Verb.SHARE, Verb.READ, *_OPENED[Verb(reach)]):
        met = await query.arms_met(work, policy, object_name, record_id, policy.on(object_name).arms(verb)) or {}
        if {arm for arm, holds in met.items() if holds} == {OwnedBy(Scope.DELEGATED)}:
            return True
    return False


async def _reached(work: ReadWork, object_name: str, record_id: UUID, verb: Verb) -> bool:
    wanted = Compare("id", "eq", Parameter(0))
    return bool(await query.matching_ids(work, object_name, wanted, (str(record_id),), verb=verb, limit=1))


def _same(record_id: UUID, grantee: Mapping[str, object]) -> tuple[sa.ColumnElement[bool], ...]:
    return (record_share.c.record_id == record_id, *(record_share.c[name] == grantee[name] for name in grantee))
