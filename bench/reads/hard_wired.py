"""The limit: one SQL text per query behind a bare ASGI callable. No tenant, no token, no permission, no GraphQL.

`uvicorn bench.reads.hard_wired:app`, told by HARD_WIRED (a JSON file) where the database is and what each path runs.
"""

from __future__ import annotations

import json
import os
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Any

import asyncpg

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

_CONNECTIONS = 40


class HardWired:
    """The ASGI callable: the body names the key, the path the statement."""

    def __init__(self, given: dict[str, Any]) -> None:  # a JSON file of ours
        self._database = given["database"]
        self._statements = given["statements"]
        self._idle: deque[asyncpg.Connection[asyncpg.Record]] = deque()

    async def __call__(
        self,
        scope: dict[str, Any],  # ASGI's own loose type
        receive: Callable[[], Awaitable[dict[str, Any]]],
        send: Callable[[dict[str, Any]], Awaitable[None]],
    ) -> None:
        """Run the statement of the path, answer its bytes."""
        if scope["type"] != "http":
            return
        body = (await receive())["body"]
        statement = self._statements[scope["path"]]
        key = json.loads(body)["variables"].get("id")
        arguments = [key if each == {"key": True} else each for each in statement["arguments"]]
        connection = self._idle.pop() if self._idle else await self._connect()
        data = await connection.fetchval(statement["text"], *arguments)
        self._idle.append(connection)
        answer = b'{"data":' + data + b"}"
        await send({
            "type": "http.response.start",
            "status": 200,
            "headers": [(b"content-type", b"application/json"), (b"content-length", str(len(answer)).encode())],
        })
        await send({"type": "http.response.body", "body": answer})

    async def _connect(self) -> asyncpg.Connection[asyncpg.Record]:
        settings = {"search_path": "pg_catalog", "plan_cache_mode": "force_generic_plan"}
        return await asyncpg.connect(**self._database, statement_cache_size=_CONNECTIONS, server_settings=settings)


def app() -> HardWired:
    """For `uvicorn --factory`."""
    return HardWired(json.loads(Path(os.environ["HARD_WIRED"]).read_text()))
