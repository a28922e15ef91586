"""What a field of files may hold: ids of uploads, how many, how large, and of which kinds. What is in a file is asked elsewhere.

The list of kinds is closed. Nothing that a browser would run stands in it: no HTML, no SVG, no script, no program.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from schema.metadata import values
from schema.metadata.errors import TooManyItems

if TYPE_CHECKING:
    from schema.metadata.fields import Field

USUAL_FILES = 10
MOST_FILES = 100
SIGNATURE = "signature"
_PICTURES = frozenset({"image", SIGNATURE})

_OFFICE = "application/vnd.openxmlformats-officedocument"
IMAGES = ("image/jpeg", "image/png", "image/gif", "image/webp")
# Each with the ending that a download gets where its name has another.
MEDIA_TYPES: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "image/gif": (".gif",),
    "image/webp": (".webp",),
    "application/pdf": (".pdf",),
    f"{_OFFICE}.wordprocessingml.document": (".docx",),
    f"{_OFFICE}.spreadsheetml.sheet": (".xlsx",),
    f"{_OFFICE}.presentationml.presentation": (".pptx",),
    "application/msword": (".doc",),
    "application/vnd.ms-excel": (".xls",),
    "application/vnd.ms-powerpoint": (".ppt",),
    "application/zip": (".zip",),
    "text/plain": (".txt",),
    "text/csv": (".csv",),
    "audio/mpeg": (".mp3",),
    "video/mp4": (".mp4",),
})


def file_ids(raw: object, field: Field) -> object:
    """Ids of files, each once, in the order given, at most as many as the field takes; none is empty."""
    found = values.record_ids(raw, field)
    if isinstance(found, list) and len(found) > (most := most_files(field)):
        raise TooManyItems(max=most, count=len(found))
    return found


def most_files(field: Field) -> int:
    """How many files a record may hold in this field."""
    if field.type_name == SIGNATURE:
        return 1
    most = field.option("maxFiles")
    return most if isinstance(most, int) else USUAL_FILES


def most_bytes(field: Field, installed: int) -> int:
    """How large a file of this field may be, where the installation takes `installed` bytes."""
    most = field.option("maxBytes")
    return min(most, installed) if isinstance(most, int) else installed


def media_types(field: Field) -> tuple[str, ...]:
    """Which kinds of files the field takes."""
    given = field.option("mediaTypes")
    return given if isinstance(given, tuple) else offered(field)


def offered(field: Field) -> tuple[str, ...]:
    """The kinds that its option `mediaTypes` may choose from."""
    return IMAGES if field.type_name in _PICTURES else tuple(MEDIA_TYPES)
