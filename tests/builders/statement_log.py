"""What a PostgreSQL server was really told: every statement, from its own log."""

from __future__ import annotations

import re
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import asyncpg

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

_SETTINGS = {"log_statement": "all", "log_line_prefix": "told|%p|%a|"}
_ENTRY = re.compile(r"^told\|(\d+)\|([^|]*)\|(\w+):  (?:statement: |execute [^:]+: )?", re.MULTILINE)


class Told(NamedTuple):
    """One message of SQL: which connection, whose, and its text."""

    backend: int
    application: str
    text: str


@dataclass(frozen=True, slots=True)
class StatementLog:
    """The end of a server's log."""

    path: Path

    def during(self, call: Callable[[], object]) -> list[Told]:
        """What the server was told between the beginning and the end of a call. It writes before it executes."""
        begin = self.path.stat().st_size
        call()
        with self.path.open("rb") as log:
            log.seek(begin)
            text = log.read().decode()
        # Text, or what stands between two entries: their continuation lines.
        _, *parts = _ENTRY.split(text)
        entries = zip(*[iter(parts)] * 4, strict=True)
        return [
            Told(int(backend), application, message.strip())
            for backend, application, level, message in entries
            if level == "LOG"
        ]


@asynccontextmanager
async def every_statement(database_url: str, log: Path) -> AsyncIterator[StatementLog]:
    """Let the server write down all that it is told, as its superuser may ask; connections notice it one by one."""
    connection = await asyncpg.connect(database_url)
    try:
        for name, value in _SETTINGS.items():
            await connection.execute(f"ALTER SYSTEM SET {name} = '{value}'")
        await connection.execute("SELECT pg_reload_conf()")
        yield StatementLog(log)
    finally:
        for name in _SETTINGS:
            await connection.execute(f"ALTER SYSTEM RESET {name}")
        await connection.execute("SELECT pg_reload_conf()")
        await connection.close()
