"""What a file really is, by its bytes. A kind that is not known here is none; what could also be something else is refused.

Only the beginning and the end are looked at, never the whole file, and nothing is unpacked.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Mapping

from PIL import Image

from schema.metadata.files import IMAGES, MEDIA_TYPES
from services.files.errors import FileKindDiffers, ImageTooLarge

# How much of both ends is looked at.
LOOKED_AT = 256 * 1024
MOST_PIXELS = 40_000_000
_ZIP, _ZIP_END = b"PK\x03\x04", b"PK\x05\x06"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# What a browser would run if it came upon it.
_ACTIVE = (b"<script", b"<html", b"<svg", b"<!doctype", b"<iframe", b"<?php", b"javascript:")
_TEXT_ENCODINGS = ("utf-8", "gb18030")
# A text may be cut in the middle of a character.
_LONGEST_CHARACTER = 4
_MOST_FRAME = 1024
_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/gif": "GIF", "image/webp": "WEBP"}


def require_kind(head: bytes, tail: bytes, declared: str) -> None:
    """Refuse a file whose ends are not those of its declared kind, or of another one besides."""
    if not _IS_OF_KIND[declared](head) or not _is_of_one_kind(head, tail, declared):
        raise FileKindDiffers(declared=declared)
    if declared in IMAGES:
        _require_image(head, declared)


def _is_of_one_kind(head: bytes, tail: bytes, declared: str) -> bool:
    if declared not in IMAGES:
        return True
    low = head.lower()
    # Readers of PDF look for its beginning within a kilobyte, those of archives for their end.
    is_other = b"%pdf-" in low[:_MOST_FRAME] or _ZIP_END in tail
    return not is_other and not any(each in low or each in tail.lower() for each in _ACTIVE)


def _require_image(head: bytes, declared: str) -> None:
    """The frame of an image must be readable, and small enough to be unpacked; nothing is unpacked for that."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(head), formats=[_FORMATS[declared]]) as image:
                pixels = image.width * image.height
    except Image.DecompressionBombError:
        raise ImageTooLarge(max=MOST_PIXELS) from None
    except (OSError, ValueError, SyntaxError):
        raise FileKindDiffers(declared=declared) from None
    if pixels > MOST_PIXELS:
        raise ImageTooLarge(max=MOST_PIXELS)


def _begins(*beginnings: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(beginnings)


def _office(folder: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(_ZIP) and b"[Content_Types].xml" in head and folder in head


def _is_text(head: bytes) -> bool:
    low = head.lower()
    if b"\0" in head or low.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<", b"#!", b"%pdf-", b"{\\rtf")):
        return False
    return any(_decodes(head, each) for each in _TEXT_ENCODINGS) and not any(each in low for each in _ACTIVE)


def _decodes(head: bytes, encoding: str) -> bool:
    cut = len(head) >= LOOKED_AT
    for dropped in range(_LONGEST_CHARACTER if cut else 1):
        try:
            head[: len(head) - dropped].decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False


_OFFICE = "application/vnd.openxmlformats-officedocument"
_IS_OF_KIND: Mapping[str, Callable[[bytes], bool]] = {
    "image/jpeg": _begins(b"\xff\xd8\xff"),
    "image/png": _begins(b"\x89PNG\r\n\x1a\n"),
    "image/gif": _begins(b"GIF87a", b"GIF89a"),
    "image/webp": lambda head: head.startswith(b"RIFF") and head[8:12] == b"WEBP",
    "application/pdf": _begins(b"%PDF-"),
    f"{_OFFICE}.wordprocessingml.document": _office(b"word/"),
    f"{_OFFICE}.spreadsheetml.sheet": _office(b"xl/"),
    f"{_OFFICE}.presentationml.presentation": _office(b"ppt/"),
    "application/msword": _begins(_OLE),
    "application/vnd.ms-excel": _begins(_OLE),
    "application/vnd.ms-powerpoint": _begins(_OLE),
    "application/zip": _begins(_ZIP, _ZIP_END),
    "text/plain": _is_text,
    "text/csv": _is_text,
    "audio/mpeg": _begins(b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2"),
    "video/mp4": lambda head: head[4:8] == b"ftyp",
}
assert _IS_OF_KIND.keys() == MEDIA_TYPES.keys()
