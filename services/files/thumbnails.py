"""Small pictures of images: drawn anew from the pixels, so that nothing else that was in the file is in them.

Drawing twice writes the same picture to the same place. An image that cannot be drawn stays without one.
"""

from __future__ import annotations

import asyncio
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa
from PIL import Image, ImageOps

from schema.metadata.files import IMAGES
from schema.tables.files import FileState, file
from services.files.sniffing import MOST_PIXELS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from uuid import UUID

    from tenants.context import ReadWork, TenantId, Work
    from tenants.file_store import FileStore

EDGE = 320
# A larger image is not drawn: it is held whole for that.
MOST_BYTES = 32 * 1024 * 1024
_QUALITY = 80
SUFFIX = "t"


@dataclass(frozen=True, slots=True)
class Picture:
    """An image that has no thumbnail yet."""

    id: UUID
    key: str

    @property
    def thumbnail_key(self) -> str:
        """Where its thumbnail is to be."""
        return self.key + SUFFIX


async def undrawn(work: ReadWork, file_id: UUID) -> Picture | None:
    """The image, unless it is gone, drawn already, or too large."""
    row = await work.session.row(_undrawn(file_id))
    return None if row is None else Picture(row["id"], row["key"])


async def draw(store: FileStore, tenant: TenantId, picture: Picture) -> bool:
    """Put the thumbnail into the store; whether there is one."""
    opened = await store.get(tenant, picture.key)
    whole = b"".join([chunk async for chunk in opened.chunks])
    drawn = await asyncio.to_thread(reduced, whole)
    if drawn is None:
        return False
    await store.put(tenant, picture.thumbnail_key, _once(drawn))
    return True


async def keep_thumbnail(work: Work, picture: Picture) -> None:
    """From now on it is answered."""
    await work.session.execute(
        sa.update(file).where(file.c.id == picture.id).values(thumbnail_key=picture.thumbnail_key)
    )


def reduced(whole: bytes) -> bytes | None:
    """The first frame as a small WebP, turned the way it was taken, without what the file told besides."""
    try:
        with Image.open(io.BytesIO(whole), formats=["JPEG", "PNG", "GIF", "WEBP"]) as image:
            if image.width * image.height > MOST_PIXELS:
                return None
            image.draft("RGB", (EDGE * 2, EDGE * 2))
            plain = ImageOps.exif_transpose(image).convert("RGBA" if image.has_transparency_data else "RGB")
        plain.thumbnail((EDGE, EDGE))
        # A new image has no metadata to be written.
        bare = Image.new(plain.mode, plain.size)
        bare.paste(plain)
        made = io.BytesIO()
        bare.save(made, "WEBP", quality=_QUALITY)
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError):
        return None
    return made.getvalue()


async def _once(whole: bytes) -> AsyncIterator[bytes]:
    yield whole


def _undrawn(file_id: UUID) -> sa.Select[tuple[object, ...]]:
    return sa.select(file.c.id, file.c.key).where(
        file.c.id == file_id,
        file.c.state == FileState.READY.value,
        file.c.media_type.in_(IMAGES),
        file.c.thumbnail_key.is_(None),
        file.c.size <= MOST_BYTES,
    )
