"""The application on a port of this machine, for clients that cannot be called in-process."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from typing import TYPE_CHECKING

import uvicorn

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.applications import Starlette


@contextlib.asynccontextmanager
async def serving(app: Starlette) -> AsyncIterator[str]:
    """The address, while the application is served."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        # From here on connections wait in the queue until the server takes them.
        listening.listen()
        server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_level="error"))
        running = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            await running
