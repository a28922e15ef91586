"""A virus scanner that speaks the INSTREAM command of clamd, over TCP or a socket of the machine.

What it is for, and what becomes of a file, is `services.files.scanning`. Bytes pass as they come and are never held whole.
"""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from tenants.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tenants.settings import FileSettings

_PORT = 3310
_LENGTH_BYTES = 4
_LONGEST_ANSWER = 4096
_FOUND = re.compile(r"stream: (.{1,200}) FOUND\Z")
_TOO_LARGE = "INSTREAM size limit exceeded. ERROR"
# What the scanner says of a file that is larger than it takes.
UNSCANNABLE = "Kezhi.File.TooLargeToScan"


class ScannerUnreachable(Unavailable):
    """The virus scanner cannot be reached or does not answer; the file stays closed until it was looked at."""

    code = "SCANNER_UNREACHABLE"
    zh = "病毒扫描服务暂时无法访问,文件在扫描完成前不可下载。"


class Clamd:
    """One scanner. It connects anew for each file, as clamd wants it."""

    def __init__(self, settings: FileSettings) -> None:
        self._address = urlsplit(settings.scanner)
        self._seconds = settings.scan_seconds

    async def scan(self, chunks: AsyncIterator[bytes]) -> str | None:
        """What was found in a file, by the scanner's name for it; nothing if it is clean."""
        try:
            async with asyncio.timeout(self._seconds):
                return _verdict(await self._ask(chunks))
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as failure:
            raise ScannerUnreachable from failure

    async def _ask(self, chunks: AsyncIterator[bytes]) -> str:
        reader, writer = await self._connected()
        # It says that something is too large while more of it comes, and hangs up.
        answer = asyncio.ensure_future(reader.readuntil(b"\0"))
        try:
            writer.write(b"zINSTREAM\0")
            with suppress(ConnectionError):
                await _send(writer, chunks, answer)
            return (await answer)[:-1].decode("utf-8", "replace").strip()
        finally:
            answer.cancel()
            writer.close()

    async def _connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._address.scheme == "unix":
            return await asyncio.open_unix_connection(unquote(self._address.path), limit=_LONGEST_ANSWER)
        port = self._address.port or _PORT
        return await asyncio.open_connection(self._address.hostname, port, limit=_LONGEST_ANSWER)


async def _send(writer: asyncio.StreamWriter, chunks: AsyncIterator[bytes], answer: asyncio.Future[bytes]) -> None:
    async for chunk in chunks:
        if answer.done():
            return
        if chunk:
            writer.write(len(chunk).to_bytes(_LENGTH_BYTES, "big") + chunk)
            await writer.drain()
    writer.write(bytes(_LENGTH_BYTES))
    await writer.drain()


def _verdict(answer: str) -> str | None:
    if answer == "stream: OK":
        return None
    if answer == _TOO_LARGE:
        return UNSCANNABLE
    found = _FOUND.match(answer)
    if found is None:
        raise ScannerUnreachable
    return found[1]
