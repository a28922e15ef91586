"""A file that came with its request becomes an upload, under the rules of one that was announced: at once, or not at all.

Its bytes are in the store already, set aside under a key of their own. What no upload has taken over is let go again.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from schema.metadata.errors import Required
from schema.tables.files import file
from services import audit
from services.audit import Entry
from services.files.errors import FileAddressUnknown
from services.files.sniffing import require_kind
from services.files.uploading import Expected, Wish, accept, announce, require_place
from tenants.errors import Fault, Invalid, Refused, Violation

if TYPE_CHECKING:
    from uuid import UUID

    from services.files.receiving import Arrived
    from tenants.context import ReadWork, Work
    from tenants.settings import FileSettings

_FILE = ("file",)
_LONGEST = 100


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A file that came, as its uploader is told of it."""

    id: UUID
    name: str
    size: int
    media_type: str
    state: str


async def keep(work: Work, wish: Wish, arrived: Arrived | None, settings: FileSettings) -> Uploaded:
    """Announce what came already, look at it, and accept it; without a file, its field is looked at nevertheless."""
    if arrived is None:
        await require_place(work, wish)
        raise Refused((Violation(_FILE, Required()),))
    given = await _announced(work, wish, settings)
    try:
        await asyncio.to_thread(require_kind, arrived.head, arrived.tail, wish.media_type)
    except Invalid as fault:
        raise Refused((Violation(_FILE, fault),)) from None
    await accept(work, Expected(given, arrived.size, wish.media_type), arrived.received, settings)
    return await uploaded(work, given)


async def note_refusal(work: Work, wish: Wish, fault: Fault) -> None:
    """What came was not taken: who sent what where, and why. Its name is no part of it, because that may say anything."""
    reasons = [each.fault.code for each in fault.violations] if isinstance(fault, Refused) else [fault.code]
    given = {"object": wish.object_name, "field": wish.field_name, "mediaType": wish.media_type}
    details = {
        **{key: text[:_LONGEST] for key, text in given.items() if text.isprintable()},
        "size": wish.size,
        "reason": ", ".join(reasons),
    }
    await audit.append(work, [Entry("file.refused", "file", details=details)])


async def uploaded(work: ReadWork, file_id: UUID) -> Uploaded:
    """What the caller has uploaded."""
    mine = sa.and_(file.c.id == file_id, file.c.created_by_id == work.principal.id)
    row = await work.session.row(sa.select(file).where(mine))
    if row is None:
        raise FileAddressUnknown
    return Uploaded(row["id"], row["name"], row["size"], row["media_type"], row["state"])


async def _announced(work: Work, wish: Wish, settings: FileSettings) -> UUID:
    try:
        return await announce(work, wish, settings)
    except Refused as refused:
        # This input says nothing of a size: it is that of the file.
        placed = (Violation(_FILE, each.fault) if each.path == ("size",) else each for each in refused.violations)
        raise Refused(tuple(placed)) from None
