"""API, worker and scheduler as real processes of this machine, and patience until what they do is seen."""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from httpx2 import AsyncClient, TransportError

from cli import processes, serve
from tenants.clock import monotonic
from tenants.settings import encode_master_key
from tests.architecture.source import ROOT

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
    from pathlib import Path

    from cli.processes import Child
    from tenants.settings import Settings

T = TypeVar("T")
PATIENCE_SECONDS = 20.0


@contextmanager
def background(settings: Settings, folder: Path, *names: str) -> Iterator[list[Child]]:
    """These processes (`worker`, `scheduler`), as `./kezhi up` starts them; stopped politely at the end."""
    children = [start(settings, folder, name, number) for number, name in enumerate(names)]
    try:
        yield children
    finally:
        for child in children:
            child.process.send_signal(child.stop_signal)
        for child in children:
            child.stop()


def start(settings: Settings, folder: Path, name: str, number: int = 0, *, port: int = 0) -> Child:
    """One process of an installation; `api` listens on this port."""
    server = replace(settings.server, port=port)
    return processes.start(
        name,
        [sys.executable, *serve.program(name, server)],
        log=folder / f"{name}-{number}.log",
        environ={
            **os.environ,
            "DATABASE_URL": settings.database.url,
            "BROKER_URL": settings.broker.url,
            "KEZHI_MASTER_KEY": encode_master_key(settings.master_key),
            "PYTHONUNBUFFERED": "1",
        },
        folder=ROOT,
    )


@asynccontextmanager
async def api(settings: Settings, folder: Path, number: int = 0) -> AsyncIterator[tuple[Child, str]]:
    """An API that is ready for traffic, and its address; stopped politely, if it still runs."""
    port = processes.free_port()
    child = start(settings, folder, "api", number, port=port)
    try:
        async with AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as http:
            assert await eventually(lambda: _is_ready(child, http), bool), child.last_words(30)
        yield child, f"http://127.0.0.1:{port}"
    finally:
        child.stop()


async def until_ready(child: Child) -> None:
    """The process says that it is ready."""
    await eventually(lambda: _says(child, "ready"), bool)


async def eventually(
    look: Callable[[], Awaitable[T]],
    enough: Callable[[T], bool],
    *,
    seconds: float = PATIENCE_SECONDS,
    pause_seconds: float = 0.02,
) -> T:
    """Look until it is enough; what was seen last is the answer, so that an assertion can say what was wrong."""
    deadline = monotonic() + seconds
    seen = await look()
    while not enough(seen) and monotonic() < deadline:
        await asyncio.sleep(pause_seconds)
        seen = await look()
    return seen


async def _is_ready(child: Child, http: AsyncClient) -> bool:
    assert child.is_running, child.last_words(30)
    with suppress(TransportError):
        return (await http.get("/readyz")).is_success
    return False


async def _says(child: Child, word: str) -> bool:
    assert child.is_running, child.last_words(30)
    return child.has_said(f"{child.name}.{word}")
