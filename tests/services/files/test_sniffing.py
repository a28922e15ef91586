"""What a file is, by its bytes."""

from __future__ import annotations

import io
import zipfile
import zlib

import pytest

from schema.metadata.files import MEDIA_TYPES
from services.files.errors import FileKindDiffers, ImageTooLarge
from services.files.sniffing import LOOKED_AT, require_kind
from tests.builders.files import PDF, picture

OFFICE = "application/vnd.openxmlformats-officedocument"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100)
DOCX, XLSX, PPTX = (f"{OFFICE}.{each}" for each in (
    "wordprocessingml.document", "spreadsheetml.sheet", "presentationml.presentation"
))  # fmt: skip


def archive(*names: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as found:
        for name in names:
            found.writestr(name, "x")
    return made.getvalue()


GOOD = {
    "image/jpeg": picture("JPEG"),
    "image/png": picture("PNG"),
    "image/gif": picture("GIF"),
    "image/webp": picture("WEBP"),
    "application/pdf": PDF,
    DOCX: archive("[Content_Types].xml", "word/document.xml"),
    XLSX: archive("[Content_Types].xml", "xl/workbook.xml"),
    PPTX: archive("[Content_Types].xml", "ppt/presentation.xml"),
    "application/msword": OLE,
    "application/vnd.ms-excel": OLE,
    "application/vnd.ms-powerpoint": OLE,
    "application/zip": archive("a.txt"),
    "text/plain": "一行文字\nand another".encode(),
    "text/csv": "名称,电话\n海蓝,138".encode("gb18030"),
    "audio/mpeg": b"ID3\x04" + bytes(100),
    "video/mp4": b"\0\0\0\x20ftypisom" + bytes(100),
}


def test_every_kind_is_known_by_its_bytes() -> None:
    assert GOOD.keys() == MEDIA_TYPES.keys()
    for kind, content in GOOD.items():
        require_kind(content, content, kind)


@pytest.mark.parametrize("declared", [each for each in MEDIA_TYPES if not each.startswith("text/")])
def test_no_kind_passes_for_one_of_other_bytes(declared: str) -> None:
    alike = {"application/zip"} if declared == "application/zip" else set()
    for content in GOOD.values():
        if content != GOOD[declared] and not (alike and content.startswith(b"PK")):
            with pytest.raises(FileKindDiffers):
                require_kind(content, content, declared)


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\xef\xbb\xbf  <!DOCTYPE html>",
        b"#!/bin/sh\nrm",
        b"a\0b",
        b"harmless, then <SCRIPT>alert(1)</SCRIPT>",
        PDF,
        b"\xff\xfe\xff\xff\xff",
    ],
)
def test_what_a_browser_or_a_shell_would_run_is_no_text(content: bytes) -> None:
    for declared in ("text/plain", "text/csv"):
        with pytest.raises(FileKindDiffers):
            require_kind(content, content, declared)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_long_text_may_be_cut_in_a_character(encoding: str) -> None:
    whole = ("a" + "字" * LOOKED_AT).encode(encoding)

    require_kind(whole[:LOOKED_AT], whole[-LOOKED_AT:], "text/plain")


@pytest.mark.parametrize(
    ("declared", "content"),
    [
        ("image/gif", GOOD["image/gif"] + b"<script>alert(1)</script>"),
        ("image/png", GOOD["image/png"] + archive("a.class")),
        ("image/jpeg", GOOD["image/jpeg"][:20] + b"%PDF-1.7" + GOOD["image/jpeg"][20:]),
        ("image/gif", b"GIF89a/*" + bytes(20)),
        ("image/png", GOOD["image/png"][:20]),
    ],
)
def test_image_that_is_something_else_besides_is_refused(declared: str, content: bytes) -> None:
    with pytest.raises(FileKindDiffers):
        require_kind(content, content, declared)


@pytest.mark.parametrize("size", [(6400, 6401), (60_000, 60_000)])
def test_image_of_too_many_pixels_is_refused_by_its_frame(size: tuple[int, int]) -> None:
    small = picture("PNG")
    width, height = (each.to_bytes(4, "big") for each in size)
    frame = b"IHDR" + width + height + small[24:29]
    content = small[:12] + frame + checksum(frame) + small[33:]

    with pytest.raises(ImageTooLarge):
        require_kind(content, content, "image/png")


def checksum(chunk: bytes) -> bytes:
    return zlib.crc32(chunk).to_bytes(4, "big")
