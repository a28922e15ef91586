"""Rounds: every server is asked every query in turn, again and again, so that a noisy minute hurts all alike."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from bench.reads import load, processor
from bench.reads.answers import Json, OtherRecordsError, canonical, difference

if TYPE_CHECKING:
    import asyncpg

    from bench.reads.data import Loaded
    from bench.reads.options import Plan
    from bench.reads.queries import Query
    from bench.reads.servers import Server
    from cli.processes import Child

_STATEMENT = re.compile(r"LOG:  (?:statement|execute [^:]*):\s*(\w+(?:\s+set_config)?)")
# PostGraphile sets the role of a request by a statement of its own.
_CONTROL = frozenset({"BEGIN", "COMMIT", "ROLLBACK", "SET", "START", "SELECT SET_CONFIG"})
_ASKED, _TRIES = 3, 50
_COMPARED = 3


@dataclass(frozen=True, slots=True)
class Sample:
    """One round of one server and query; times in milliseconds, processor time in microseconds for each request."""

    rate: float
    p50: float
    p99: float
    server_us: float
    postgres_us: float
    size: int


@dataclass(frozen=True, slots=True)
class Cell:
    """What all rounds of one server and query say together: their medians."""

    samples: tuple[Sample, ...]

    @property
    def rate(self) -> float:
        """Requests in a second."""
        return median(each.rate for each in self.samples)

    @property
    def p50(self) -> float:
        """Half of the requests took no longer."""
        return median(each.p50 for each in self.samples)

    @property
    def p99(self) -> float:
        """One in a hundred took longer."""
        return median(each.p99 for each in self.samples)

    @property
    def server_us(self) -> float:
        """Processor time of the server for a request."""
        return median(each.server_us for each in self.samples)

    @property
    def postgres_us(self) -> float:
        """Processor time of PostgreSQL for a request."""
        return median(each.postgres_us for each in self.samples)

    @property
    def size(self) -> int:
        """The largest answer."""
        return max(each.size for each in self.samples)


class Rounds:
    """Measures; keeps what it measured by (server, query, connections)."""

    def __init__(self, loaded: Loaded, postgres: Child, core: int | None) -> None:
        self._loaded = loaded
        self._postgres = postgres
        self._core = core
        self._samples: defaultdict[tuple[str, str, int], list[Sample]] = defaultdict(list)

    @property
    def cells(self) -> dict[tuple[str, str, int], Cell]:
        """Everything so far."""
        return {key: Cell(tuple(samples)) for key, samples in self._samples.items()}

    def run(self, servers: list[Server], queries: list[Query], connections: int, plan: Plan) -> None:
        """Warm each up, then measure in turns."""
        pairs = [(server, query) for query in queries for server in servers if server.document(query)]
        for server, query in pairs if plan.warm_seconds else ():
            self._ask(server, query, connections, plan.warm_seconds)
        for number in range(plan.rounds):
            for server, query in pairs if number % 2 == 0 else reversed(pairs):
                sample = self._measured(server, query, connections, plan.seconds)
                self._samples[server.name, query.name, connections].append(sample)

    def require_same_answers(self, reference: Server, others: list[Server], queries: list[Query]) -> int:
        """How many answers were compared; `OtherRecordsError` where a server does not answer what the reference does."""
        compared = 0
        for query in queries:
            mine = [_data(reference.port, each) for each in reference.requests(query, self._loaded)[:_COMPARED]]
            for server in (each for each in others if each.document(query)):
                for own, request in zip(mine, server.requests(query, self._loaded), strict=False):
                    found = difference(own, _data(server.port, request))
                    if found is not None:
                        raise OtherRecordsError(f"{reference.name} and {server.name} differ in {query.name} at {found}")
                    compared += 1
        return compared

    def _measured(self, server: Server, query: Query, connections: int, seconds: float) -> Sample:
        processes = (server.child.process.pid, self._postgres.process.pid)
        before = [processor.by_thread(each) for each in processes]
        told = self._ask(server, query, connections, seconds)
        count = told["count"]
        used = [
            processor.between(start, processor.by_thread(each)) / 1000 / count
            for each, start in zip(processes, before, strict=True)
        ]
        return Sample(count / told["seconds"], told["p50"], told["p99"], used[0], used[1], told["bytes"])

    def _ask(self, server: Server, query: Query, connections: int, seconds: float) -> dict[str, Any]:  # JSON of `load`
        wanted = {
            "port": server.port,
            "requests": server.encoded(query, self._loaded),
            "connections": connections,
            "seconds": seconds,
            "core": self._core,
        }
        command = [sys.executable, "-I", "-S", str(Path(load.__file__))]
        done = subprocess.run(command, input=json.dumps(wanted), capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode != 0:
            raise RuntimeError(f"{server.name} {query.name}: {done.stderr.strip()[-500:]}\n{server.child.last_words()}")
        found: dict[str, Any] = json.loads(done.stdout)
        if found["bad"]:
            # Numbers of an error would look like those of a very fast server.
            raise RuntimeError(
                f"{server.name} {query.name} refused {found['bad']} requests: {found['said']}\n{server.child.last_words()}"
            )
        return found

    async def statements(
        self, connection: asyncpg.Connection[asyncpg.Record], servers: list[Server], queries: list[Query]
    ) -> dict[tuple[str, str], tuple[float, float]]:
        """Statements, and messages of transaction control, for each request: counted in the log of the database."""
        await connection.execute("ALTER SYSTEM SET log_statement = 'all'")
        await connection.execute("SELECT pg_reload_conf()")
        found = {}
        for server in servers:
            for query in queries:
                if server.document(query):
                    found[server.name, query.name] = self._counted(server, query)
        await connection.execute("ALTER SYSTEM RESET log_statement")
        await connection.execute("SELECT pg_reload_conf()")
        return found

    def _counted(self, server: Server, query: Query) -> tuple[float, float]:
        # A backend takes note of the new setting with one of its next messages.
        for _ in range(_TRIES):
            if self._logged(server, query, 1)[0]:
                break
        statements, control = self._logged(server, query, _ASKED)
        return statements / _ASKED, control / _ASKED

    def _logged(self, server: Server, query: Query, times: int) -> tuple[int, int]:
        """What the log tells of so many requests."""
        (request, *_) = server.requests(query, self._loaded)
        at = self._postgres.log.stat().st_size
        for _ in range(times):
            load.answer(server.port, request)
        with self._postgres.log.open("rb") as log:
            log.seek(at)
            return counted(log.read().decode(errors="replace"))


def counted(log: str) -> tuple[int, int]:
    """How many statements a log of the database tells of, and how many messages that begin or end transactions."""
    words = [" ".join(found.upper().split()) for found in _STATEMENT.findall(log)]
    control = sum(word in _CONTROL for word in words)
    return len(words) - control, control


def _data(port: int, request: bytes) -> Json:
    found: Json = json.loads(load.answer(port, request))
    return canonical(found["data"] if isinstance(found, dict) and found.keys() == {"data"} else found)
