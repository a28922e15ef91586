"""The port of a virus scanner: where there is one, nobody downloads a file before it was found clean.

What is infected is refused, told to its uploader and noted; its bytes are deleted, and its row says why. Looking twice at
one file ends the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import sqlalchemy as sa

from schema.metadata import files as kinds
from schema.tables.files import FileState, file
from schema.tables.permissions import user
from services import audit, notifications, outbox
from services.files.errors import FileInfected
from services.files.messages import MakeThumbnail
from services.notifications import Notice

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from uuid import UUID

    from tenants.context import ReadWork, TenantId, Work
    from tenants.file_store import FileStore

_KIND = "file.infected"


class Scanner(Protocol):
    """What looks for viruses."""

    async def scan(self, chunks: AsyncIterator[bytes]) -> str | None:
        """What was found, by its name; nothing if the file is clean."""


@dataclass(frozen=True, slots=True)
class Suspect:
    """A file that is to be looked at, or whose bytes are to go because of what was found."""

    id: UUID
    key: str
    name: str
    media_type: str
    uploader_id: UUID
    is_infected: bool


async def suspect(work: ReadWork, file_id: UUID) -> Suspect | None:
    """The file, unless it was found clean or is gone."""
    row = await work.session.row(sa.select(file).where(file.c.id == file_id))
    if row is None:
        return None
    is_infected = row["state"] == FileState.REFUSED.value and row["reason"] == FileInfected.code
    if row["state"] != FileState.SCANNING.value and not is_infected:
        return None
    return Suspect(row["id"], row["key"], row["name"], row["media_type"], row["created_by_id"], is_infected)


async def look(store: FileStore, scanner: Scanner, tenant: TenantId, given: Suspect) -> str | None:
    """What the scanner says of its bytes."""
    opened = await store.get(tenant, given.key)
    return await scanner.scan(opened.chunks)


async def release(work: Work, given: Suspect) -> None:
    """It is clean: from now on it is answered."""
    if await work.session.execute(_moved(given, {"state": FileState.READY.value})) and given.media_type in kinds.IMAGES:
        await outbox.put(work, MakeThumbnail(given.id))


async def condemn(work: Work, given: Suspect, found: str) -> None:
    """It is infected: refused, noted, and told to whoever uploaded it."""
    if not await work.session.execute(_moved(given, {"state": FileState.REFUSED.value, "reason": FileInfected.code})):
        return
    await audit.append(work, [audit.Entry("file.infected", "file", given.id, details={"found": found})])
    is_user = await work.session.scalar(sa.select(sa.func.count()).where(user.c.id == given.uploader_id))
    if is_user:
        await notifications.notify(work, [_notice(given, found)])


def _notice(given: Suspect, found: str) -> Notice:
    return Notice(
        given.uploader_id,
        _KIND,
        f"文件“{given.name}”含有病毒({found}),已被删除",
        f"The file “{given.name}” is infected ({found}) and was deleted",
        dedup_key=f"{_KIND}:{given.id}",
    )


def _moved(given: Suspect, values: dict[str, str]) -> sa.Update:
    return sa.update(file).where(file.c.id == given.id, file.c.state == FileState.SCANNING.value).values(values)
