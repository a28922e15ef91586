"""The servers that are compared, each one process on a port of its own, and how each is asked a query."""

from __future__ import annotations

import base64
import json
import socket
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from bench.reads import peers, processor
from bench.reads.collector import collector
from cli import processes
from cli.processes import Child, StartFailed
from cli.serve import program
from tenants.settings import ServerSettings, process_environment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from bench.reads.data import Loaded
    from bench.reads.queries import Query

START_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Place:
    """What every server is told: where the records are, and where to keep files and logs."""

    database_url: str
    environ: Mapping[str, str]
    loaded: Loaded
    folder: Path
    core: int | None

    @property
    def cell_url(self) -> str:
        """The administrator's address of the tenant's database."""
        return urlunsplit(urlsplit(self.database_url)._replace(path=f"/{self.loaded.placement.cell}"))


@dataclass(frozen=True, slots=True)
class Server:
    """One column of the tables: a process, and who asks it in which words."""

    name: str
    title: str
    child: Child
    port: int
    # Which member of a query holds its document.
    words: str = "kezhi"
    token: str = ""
    path: str = "/graphql"
    # The only query that it is asked, where there is one.
    only: str = ""

    def document(self, query: Query) -> str:
        """The query in this server's words; empty if it has none."""
        found: str = getattr(query, self.words) if self.only in {"", query.name} else ""
        return found

    def requests(self, query: Query, loaded: Loaded) -> list[bytes]:
        """Whole HTTP requests, one for each key."""
        variables = query.variables(loaded.big_customers)
        document = self.document(query)
        return [self.request({"query": document, "variables": each}, query.name, loaded) for each in variables]

    def request(self, body: object, name: str, loaded: Loaded) -> bytes:
        """One HTTP request."""
        content = json.dumps(body).encode()
        head = [
            f"POST {self.path.format(name=name)} HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/json",
            "Accept: application/json", f"Content-Length: {len(content)}", f"X-Tenant: {loaded.placement.slug}",
            *([f"Authorization: Bearer {self.token}"] if self.token else []),
        ]  # fmt: skip
        return "\r\n".join([*head, "", ""]).encode() + content

    def encoded(self, query: Query, loaded: Loaded) -> list[str]:
        """The requests as the load generator takes them."""
        return [base64.b64encode(each).decode() for each in self.requests(query, loaded)]


@contextmanager
def hard_wired(place: Place, statements: object) -> Iterator[Server]:
    """The limit."""
    url = urlsplit(place.cell_url)
    database = {
        "host": url.hostname, "port": url.port, "user": url.username, "password": url.password,
        "database": url.path.lstrip("/"),
    }  # fmt: skip
    told = place.folder / "hard_wired.json"
    told.write_text(json.dumps({"database": database, "statements": statements}))
    with _python(place, "limit", "bench.reads.hard_wired:app", {"HARD_WIRED": str(told)}, factory=True) as (
        child,
        port,
    ):
        yield Server("limit", "(a) hard-wired SQL", child, port, path="/{name}")


@contextmanager
def kezhi(place: Place) -> Iterator[tuple[Server, ...]]:
    """One process of the product, asked by three people."""
    people = (
        ("kezhi", "(b) Kezhi, administrator", "admin"),
        ("team", "(c) Kezhi, sees 20 owners", "manager"),
        ("few", "(c) Kezhi, sees 10 records", "few"),
    )
    with api(place.folder, place.environ, place.core) as (child, port):
        yield tuple(
            Server(name, title, child, port, token=place.loaded.tokens[person]) for name, title, person in people
        )


@contextmanager
def traced(place: Place) -> Iterator[Server]:
    """The product with one request in a hundred traced, and a collector that takes the spans."""
    with (
        collector() as endpoint,
        api(
            place.folder,
            {**place.environ, "KEZHI_TRACE_ENDPOINT": endpoint, "KEZHI_TRACE_RATIO": "0.01"},
            place.core,
            name="traced",
        ) as (child, port),
    ):
        yield Server(
            "traced", "(b) Kezhi, administrator, 1 % traced", child, port, token=place.loaded.tokens["admin"], only="Q1"
        )


@contextmanager
def api(
    folder: Path, environ: Mapping[str, str], core: int | None, *, name: str = "kezhi"
) -> Iterator[tuple[Child, int]]:
    """One API process of the product, and its port."""
    port = processes.free_port()
    command = [sys.executable, *program("api", ServerSettings(port=port))]
    with _running(folder, name, command, {**environ, "KEZHI_PORT": str(port)}, port) as child:
        processor.pin(child.process.pid, core)
        yield child, port


@contextmanager
def postgraphile(place: Place) -> Iterator[Server]:
    """PostGraphile 5, `PeerMissing` where it cannot be installed."""
    installed = peers.postgraphile()
    port = processes.free_port()
    placement = place.loaded.placement
    told = {
        "url": place.cell_url, "schema": placement.schema, "role": placement.role, "port": port, "connections": 16,
    }  # fmt: skip
    environ = {
        **process_environment(), "POSTGRAPHILE": json.dumps(told), "NODE_ENV": "production", "GRAPHILE_ENV": "production",
    }  # fmt: skip
    command: list[str | Path] = [installed.node, "server.mjs"]
    with _running(place.folder, "postgraphile", command, environ, port, within=installed.folder) as child:
        processor.pin(child.process.pid, place.core)
        yield Server("postgraphile", "(d) PostGraphile 5", child, port, words="postgraphile")


@contextmanager
def naive(place: Place) -> Iterator[Server]:
    """Strawberry over SQLAlchemy's ORM."""
    placement = place.loaded.placement
    told = {
        "NAIVE_URL": place.cell_url.replace("postgresql://", "postgresql+asyncpg://", 1),
        "NAIVE_SCHEMA": placement.schema,
        "PYTHONPATH": f"{peers.ROOT}:{peers.naive()}",
    }
    with _python(place, "naive", "bench.reads.naive.server:app", told) as (child, port):
        yield Server("naive", "(e) Strawberry + SQLAlchemy", child, port, words="naive", path="/")


@contextmanager
def _python(
    place: Place, name: str, app: str, told: Mapping[str, str], *, factory: bool = False
) -> Iterator[tuple[Child, int]]:
    port = processes.free_port()
    arguments = [
        *(sys.executable, "-m", "uvicorn", app, "--host", "127.0.0.1", "--port", str(port)),
        # As `./kezhi serve api` starts it.
        *("--no-access-log", "--no-server-header", "--no-proxy-headers"),
        *("--log-level", "warning", *(["--factory"] if factory else [])),
    ]
    with _running(place.folder, name, arguments, {**process_environment(), **told}, port) as child:
        processor.pin(child.process.pid, place.core)
        yield child, port


@contextmanager
def _running(
    folder: Path,
    name: str,
    command: list[str] | list[str | Path],
    environ: Mapping[str, str],
    port: int,
    *,
    within: Path = peers.ROOT,
) -> Iterator[Child]:
    child = processes.start(name, command, log=folder / f"{name}.log", environ=environ, folder=within)
    try:
        _wait(child, port)
        yield child
    finally:
        child.stop()


def _wait(child: Child, port: int) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and child.is_running:
        try:
            connected = socket.create_connection(("127.0.0.1", port), timeout=1)
        except OSError:
            time.sleep(0.05)
        else:
            connected.close()
            return
    raise StartFailed(f"{child.name} did not start:\n{child.last_words()}")
