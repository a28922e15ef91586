"""A multipart body taken apart, however its bytes are cut."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from resolvers.multipart import Multipart, Part, is_multipart
from resolvers.refusals import BodyTooLarge, MalformedRequest
from tests.builders.files import parts

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

TYPE = "multipart/form-data; boundary=kezhi-boundary"
BODY = parts(("operations", "{}"), ("0", b"one\r\n--kezhi\r\n", "报价.pdf", "application/pdf; x=y"), ("1", b""))


async def cut(body: bytes, length: int) -> AsyncIterator[bytes]:
    for start in range(0, len(body), length):
        yield body[start : start + length]


async def read(body: bytes, length: int = 10_000, *, most: int = 10_000) -> list[tuple[Part, bytes]]:
    found, multipart = [], Multipart(TYPE, cut(body, length), most)
    while (part := await multipart.next_part()) is not None:
        found.append((part, b"".join([each async for each in multipart.body()])))
    return found


@pytest.mark.parametrize("length", [1, 2, 7, 64, 10_000])
async def test_parts_are_the_same_however_they_are_cut(length: int) -> None:
    assert await read(BODY, length) == [
        (Part("operations", "", ""), b"{}"),
        (Part("0", "报价.pdf", "application/pdf"), b"one\r\n--kezhi\r\n"),
        (Part("1", "", ""), b""),
    ]


async def test_part_that_nobody_reads_is_passed_over() -> None:
    multipart = Multipart(TYPE, cut(BODY, 5), 10_000)

    names = [part.name for _ in range(3) if (part := await multipart.next_part())]

    assert (names, await multipart.next_part()) == (["operations", "0", "1"], None)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        BODY[:-6],
        BODY[:80],
        b"no boundary at all",
        BODY.replace(b"form-data", b"attachment", 1),
        BODY.replace(b'; name="0"', b"", 1),
        BODY.replace(b"Content-Type:", b"X: " + b"y" * 5000, 1),
        BODY.replace(b"Content-Type:", b"X: y\r\n" * 9 + b"Content-Type:", 1),
    ],
)
async def test_what_is_no_form_is_refused(body: bytes) -> None:
    for length in (3, 10_000):
        with pytest.raises(MalformedRequest):
            await read(body, length)


@pytest.mark.parametrize("content_type", ["multipart/form-data", "multipart/form-data; boundary=", TYPE + "x" * 300])
async def test_boundary_must_be_told(content_type: str) -> None:
    with pytest.raises(MalformedRequest):
        Multipart(content_type, cut(BODY, 5), 10_000)


async def test_more_than_so_many_bytes_are_not_read() -> None:
    assert len(await read(BODY, most=len(BODY))) == 3
    with pytest.raises(BodyTooLarge):
        await read(BODY, 10, most=len(BODY) - 1)


def test_multipart_is_told_by_its_media_type() -> None:
    assert [is_multipart(each) for each in (TYPE, "Multipart/Form-Data", "multipart/mixed", "application/json", "")] == [
        True, True, False, False, False,
    ]  # fmt: skip
