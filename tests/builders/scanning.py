"""A little scanner that speaks INSTREAM, for tests: it knows one virus, the harmless one that all scanners know."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

# In two parts, so that no scanner takes this file for infected.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR" + b"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
MOST_BYTES = 1_000_000


class ScanServer:
    """What was asked so far, by number of bytes; `answer` replaces what it would say, and a silent one says nothing."""

    def __init__(self) -> None:
        self.looked_at: list[int] = []
        self.answer = b""
        self.is_silent = False
        self._talks: set[asyncio.Task[object] | None] = set()

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._talks.add(asyncio.current_task())
        try:
            if self.is_silent:
                await reader.read()
                return
            writer.write(await self._answered(reader) + b"\0")
            await writer.drain()
            # What still comes after an answer that came early is passed over.
            while await reader.read(65_536):
                pass
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _answered(self, reader: asyncio.StreamReader) -> bytes:
        assert await reader.readuntil(b"\0") == b"zINSTREAM\0"
        seen = b""
        while length := int.from_bytes(await reader.readexactly(4), "big"):
            seen += await reader.readexactly(length)
            if len(seen) > MOST_BYTES:
                return b"INSTREAM size limit exceeded. ERROR"
        self.looked_at.append(len(seen))
        return self.answer or (b"stream: Eicar-Test-Signature FOUND" if EICAR in seen else b"stream: OK")

    async def ended(self) -> None:
        """Everybody has hung up."""
        await asyncio.gather(*(each for each in self._talks if each is not None))


@asynccontextmanager
async def scan_server(socket: Path | None = None) -> AsyncIterator[tuple[ScanServer, str]]:
    """A scanner that listens, and its address."""
    made = ScanServer()
    server = await (
        asyncio.start_server(made.talk, "127.0.0.1", 0)
        if socket is None
        else asyncio.start_unix_server(made.talk, socket)
    )
    async with server:
        port = "" if socket else server.sockets[0].getsockname()[1]
        yield made, socket.as_uri().replace("file:", "unix:") if socket else f"tcp://127.0.0.1:{port}"
        await made.ended()
