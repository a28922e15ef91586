"""Thumbnails are drawn anew, small, and tell nothing else."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from services.files.thumbnails import reduced
from tests.builders.files import PDF, picture

PLACE = 0x8825
TURNED = 0x0112


@pytest.mark.parametrize(("size", "drawn"), [((640, 480), (320, 240)), ((100, 50), (100, 50)), ((10, 4000), (1, 320))])
def test_longer_edge_is_at_most_320(size: tuple[int, int], drawn: tuple[int, int]) -> None:
    with Image.open(io.BytesIO(reduced(picture("PNG", size)) or b"")) as image:
        assert (image.format, image.size) == ("WEBP", drawn)


def test_what_the_camera_told_is_left_out_and_the_turn_is_made() -> None:
    told = Image.Exif()
    told[TURNED] = 6
    told[0x010F] = "a maker"

    drawn = reduced(picture("JPEG", (64, 32), exif=told, comment=b"a comment")) or b""

    with Image.open(io.BytesIO(drawn)) as image:
        assert image.size == (32, 64)
        assert (dict(image.getexif()), image.info.get("comment")) == ({}, None)
    assert b"a maker" not in drawn


@pytest.mark.parametrize("content", [b"", PDF, picture("PNG")[:60], picture("PNG", (8000, 8000))])
def test_what_cannot_be_drawn_has_none(content: bytes) -> None:
    assert reduced(content) is None
