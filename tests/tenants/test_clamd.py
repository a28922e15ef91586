"""Talking to a scanner: over TCP or a socket, clean, infected, too large, away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tenants.clamd import UNSCANNABLE, Clamd, ScannerUnreachable
from tenants.settings import FileSettings
from tests.builders.scanning import EICAR, MOST_BYTES, scan_server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


async def sent(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        ((b"harmless", b"", b"again"), None),
        ((), None),
        ((EICAR[:20], EICAR[20:]), "Eicar-Test-Signature"),
        ((bytes(MOST_BYTES), b"x", *[bytes(65_536)] * 100), UNSCANNABLE),
    ],
)
async def test_scanner_says_what_is_in_it(parts: tuple[bytes, ...], found: str | None) -> None:
    async with scan_server() as (_, url):
        assert await Clamd(FileSettings(scanner=url)).scan(sent(*parts)) == found


async def test_scanner_may_listen_at_a_socket(tmp_path: Path) -> None:
    async with scan_server(tmp_path / "clamd sock") as (server, url):
        assert await Clamd(FileSettings(scanner=url)).scan(sent(EICAR)) == "Eicar-Test-Signature"

    assert server.looked_at == [len(EICAR)]


@pytest.mark.parametrize("answer", [b"UNKNOWN COMMAND", b"stream: OK FOUND OK", b"x" * 5000])
async def test_answer_that_is_none_is_no_verdict(answer: bytes) -> None:
    async with scan_server() as (server, url):
        server.answer = answer

        with pytest.raises(ScannerUnreachable):
            await Clamd(FileSettings(scanner=url)).scan(sent(b"x"))


async def test_scanner_that_is_away_or_silent_is_told(tmp_path: Path) -> None:
    async with scan_server() as (_, url):
        pass
    async with scan_server(tmp_path / "silent") as (server, silent):
        server.is_silent = True

        for address in (url, f"unix://{tmp_path}/nowhere", silent):
            with pytest.raises(ScannerUnreachable):
                await Clamd(FileSettings(scanner=address, scan_seconds=1)).scan(sent(b"x"))
