"""An upload: announced for a field, sent to an address that was made for it, looked at, and from then on to be attached.

What was sent is stored under a key of its own before it is looked at, so that nobody can replace what was found good.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from schema.metadata import files as kinds
from schema.metadata.errors import Required
from schema.metadata.fields import Field
from schema.metadata.types import Output
from schema.tables.files import FileState, file
from schema.tables.metadata import value_lock
from services import audit, identity, metadata, outbox, permissions
from services.files.errors import (
    FileAddressUnknown,
    FileEmpty,
    FileKindNotTaken,
    FileTooLarge,
    NoFileField,
    StorageFull,
    TooManyUploads,
)
from services.files.messages import MakeThumbnail, ScanFile
from services.permissions import Level, Verb
from services.records import FieldNotWritable
from tenants.errors import Fault, Refused, Violation

if TYPE_CHECKING:
    from uuid import UUID

    from schema.metadata.registry import Registry
    from tenants.context import ReadWork, Work
    from tenants.settings import FileSettings

# How long an upload may wait to be put into a record.
UNATTACHED = timedelta(days=1)
MOST_UNATTACHED = 200
# Files are no records: nothing asks for one by `node(id)`.
_NO_OBJECT = 0
# The row that those who count the bytes of a tenant lock.
_TURN = b"files"
_NAME = Field("name", "text", required=True)
_REPLACED = str.maketrans(
    dict.fromkeys('/\\:*?"<>|', "_") | dict.fromkeys("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to upload, and for which field."""

    object_name: str
    field_name: str
    name: str
    size: int
    media_type: str


@dataclass(frozen=True, slots=True)
class Expected:
    """An upload that was announced: what is to come."""

    id: UUID
    size: int
    media_type: str


@dataclass(frozen=True, slots=True)
class Received:
    """What came, and where it was put."""

    key: str
    sha256: bytes


@dataclass(frozen=True, slots=True)
class Used:
    """What all files of the tenant have together, and how many of the caller's wait to be put into a record."""

    bytes: int
    files: int
    waiting: int


def new_key() -> str:
    """An opaque key of the store."""
    return secrets.token_hex(16)


async def announce(work: Work, wish: Wish, settings: FileSettings) -> UUID:
    """Announce an upload for a field that the caller may write; all that is wrong with it is told at once."""
    registry, field = await require_place(work, wish)
    name = _checked(wish, field, settings)
    await _require_room(work, wish, settings)
    file_id = work.ids.new(_NO_OBJECT)
    names = registry.names[wish.object_name]
    row = {
        "id": file_id,
        "created_at": work.now,
        "created_by_id": work.principal.id,
        "name": name,
        "size": wish.size,
        "media_type": wish.media_type,
        "key": new_key(),
        "object_number": names.number,
        "field_number": names.fields[field.name].number,
    }
    await work.session.execute(sa.insert(file).values(row))
    return file_id


async def require_place(work: ReadWork, wish: Wish) -> tuple[Registry, Field]:
    """The field that a file is for, if the caller may write it."""
    identity.require_signed_in(work)
    registry = await metadata.registry(work)
    is_known = wish.object_name in registry.shape.objects
    field = registry.shape.field(wish.object_name, wish.field_name) if is_known else None
    if field is None or field.type.output is not Output.FILES or field.type.computed:
        raise NoFileField(object=wish.object_name[:100], field=wish.field_name[:100])
    rights = (await permissions.policy(work)).on(wish.object_name)
    may_write = any(rights.arms(verb) for verb in (Verb.CREATE, Verb.UPDATE))
    if field.read_only or not may_write or rights.level(field.name) is not Level.WRITE:
        raise FieldNotWritable(object=wish.object_name, field=field.name)
    return registry, field


async def used(work: ReadWork) -> Used:
    """How much is used."""
    identity.require_signed_in(work)
    row = await work.session.row(_counted(work))
    assert row is not None, "a count always answers"
    return Used(row["bytes"], row["files"], row["waiting"])


async def expected(work: ReadWork, file_id: UUID) -> Expected:
    """What is to come to an address. Nothing, if it came already."""
    found = await work.session.row(sa.select(file).where(file.c.id == file_id, _is_due(work)))
    if found is None:
        raise FileAddressUnknown
    return Expected(file_id, found["size"], found["media_type"])


async def accept(work: Work, given: Expected, received: Received, settings: FileSettings) -> None:
    """The bytes are in the store and were found good; of two that came to one address, the first.

    Where there is a scanner they are closed until it has looked at them.
    """
    state = FileState.SCANNING if settings.scanner else FileState.READY
    values = {"state": state.value, "key": received.key, "sha256": received.sha256}
    done = await work.session.execute(sa.update(file).where(file.c.id == given.id, _is_due(work)).values(values))
    if not done:
        raise FileAddressUnknown
    details = {"size": given.size, "mediaType": given.media_type, "sha256": received.sha256.hex()}
    await audit.append(work, [audit.Entry("file.uploaded", "file", given.id, details=details)])
    if state is FileState.SCANNING:
        await outbox.put(work, ScanFile(given.id))
    elif given.media_type in kinds.IMAGES:
        await outbox.put(work, MakeThumbnail(given.id))


async def refuse(work: Work, given: Expected, fault: Fault) -> None:
    """The bytes were no good, and are gone."""
    values = {"state": FileState.REFUSED.value, "reason": fault.code}
    if await work.session.execute(sa.update(file).where(file.c.id == given.id, _is_due(work)).values(values)):
        details = {"size": given.size, "mediaType": given.media_type, "reason": fault.code}
        await audit.append(work, [audit.Entry("file.refused", "file", given.id, details=details)])


def _checked(wish: Wish, field: Field, settings: FileSettings) -> str:
    """The name as it is kept; everything wrong with the wish at once."""
    violations, name = [], None
    try:
        name = file_name(wish.name)
    except Fault as fault:
        violations.append(Violation(("name",), fault))
    most = kinds.most_bytes(field, settings.most_bytes)
    if wish.size > most:
        violations.append(Violation(("size",), FileTooLarge(max=most)))
    if wish.size < 1:
        violations.append(Violation(("size",), FileEmpty()))
    if wish.media_type not in (offered := kinds.media_types(field)):
        violations.append(Violation(("mediaType",), FileKindNotTaken(offered=", ".join(offered))))
    if violations or name is None:
        raise Refused(tuple(violations))
    return name


def file_name(given: str) -> str:
    """One line without signs that mean something in a path, and without those that turn the direction of writing."""
    name = _NAME.type.normalise(given.translate(_REPLACED), _NAME)
    if not isinstance(name, str) or not name.strip("._ "):
        raise Required
    return name


async def _require_room(work: Work, wish: Wish, settings: FileSettings) -> None:
    # Whoever counts waits for those who counted before, so that together they stay within the limit.
    await work.session.execute(_taking_turns())
    found = await used(work)
    if found.waiting >= MOST_UNATTACHED:
        raise TooManyUploads(max=MOST_UNATTACHED)
    if found.bytes + wish.size > settings.tenant_bytes:
        raise StorageFull(max=settings.tenant_bytes, used=found.bytes)


def _is_due(work: ReadWork) -> sa.ColumnElement[bool]:
    return sa.and_(file.c.state == FileState.EXPECTED.value, file.c.created_by_id == work.principal.id)


def _taking_turns() -> sa.Insert:
    turn = pg.insert(value_lock).values(hash=_TURN)
    return turn.on_conflict_do_update(index_elements=[value_lock.c.hash], set_={"hash": turn.excluded.hash})


def _counted(work: ReadWork) -> sa.Select[int, int, int]:
    """What is on its way counts as if it had come."""
    kept = file.c.state != FileState.REFUSED.value
    mine = sa.and_(file.c.created_by_id == work.principal.id, file.c.record_id.is_(None))
    size = sa.func.coalesce(sa.func.sum(file.c.size).filter(kept), 0).cast(sa.BigInteger)
    return sa.select(
        size.label("bytes"), sa.func.count().filter(kept).label("files"), sa.func.count().filter(mine).label("waiting")
    ).select_from(file)
