"""`./kezhi up`: everything on this machine, from an empty folder to an answering API, and back to nothing on Ctrl-C.

Servers, migration, demo tenant, then API, worker and scheduler as children that die with this process even when it is
killed. The data folder keeps the data and the secrets; a second start reuses both.
"""

from __future__ import annotations

import errno
import importlib
import shlex
import socket
import sys
import time
import urllib.request
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast
from urllib.parse import urlsplit

from cli import serve, servers, supervisor
from cli.data_folder import DEFAULT, DataFolder
from cli.processes import StartFailed
from cli.supervisor import Program, Stopped, Supervisor
from tenants.settings import Settings, process_environment

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator, Mapping, Sequence

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
_LAST_PORT = 65_535
TENANT = "demo"
READY_SECONDS = 120.0


class _Options(Protocol):
    port: int
    data: Path
    fresh: bool
    no_demo: bool


class _FirstSteps(Protocol):
    SIGN_INS: Sequence[str]

    def take(self, settings: Settings, *, tenant: str, password: str) -> Iterator[str]: ...


def define(parser: argparse.ArgumentParser) -> None:
    """The arguments of `up`."""
    parser.add_argument("--port", type=int, default=8000, help="where the API listens (default 8000)")
    parser.add_argument("--data", type=Path, default=DEFAULT, metavar="DIR", help="data folder (default .kezhi)")
    parser.add_argument("--fresh", action="store_true", help="throw the data of the folder away and start over")
    parser.add_argument("--no-demo", action="store_true", help="without the demo tenant")
    parser.epilog = "DATABASE_URL (an administrator's) and BROKER_URL use real servers instead of the embedded ones."


def run(options: _Options) -> int:
    """Until Ctrl-C; what has been started is stopped in every case."""
    folder = DataFolder(options.data.expanduser().resolve())
    # First: whoever starts twice should hear that it runs, not that its port is in use.
    if folder.is_owned():
        raise folder.in_use()
    _check_port(options.port)
    supervisor.stop_on_signals()
    try:
        with folder.owned():
            _run(options, folder, process_environment())
    except Stopped:
        print("\nStopped.", flush=True)
    return 0


def _run(options: _Options, folder: DataFolder, environ: Mapping[str, str]) -> None:
    progress = _Progress()
    if options.fresh:
        servers.wait_until_free(folder.top)
        folder.empty()
    folder.prepare()
    folder.demo_password(environ.get("KEZHI_DEMO_PASSWORD", ""))
    database_url, broker_url = environ.get("DATABASE_URL", ""), environ.get("BROKER_URL", "")
    with servers.running(folder.top, database_url=database_url, broker_url=broker_url) as running:
        started = " and ".join(child.name for child in running.children)
        progress.say(f"started {started}" if started else "using the servers of DATABASE_URL and BROKER_URL")
        wanted = _environment(options, folder, environ, running)
        settings = Settings.from_environ(wanted)
        children = Supervisor(ROOT, folder.logs, _without_administrator(wanted, settings), running.children)
        try:
            # On data that it knows the API starts at once: it accepts the present schema and the one before.
            is_known = folder.was_ready and not database_url
            sign_ins = _bring_up(options, folder, settings, children, progress, api_first=is_known)
            folder.note_running(wanted)
            _show(options, folder, sign_ins)
            children.watch()
        finally:
            supervisor.ignore_signals()
            children.stop()


def _bring_up(
    options: _Options,
    folder: DataFolder,
    settings: Settings,
    children: Supervisor,
    progress: _Progress,
    *,
    api_first: bool,
) -> Sequence[str]:
    """Databases, then the processes; answers who can sign in."""
    programs = {name: Program(name, serve.program(name, settings.server)) for name in serve.PROCESSES}
    if api_first:
        children.start(programs["api"])
    first_steps = cast("_FirstSteps", importlib.import_module("cli.first_steps"))
    tenant = "" if options.no_demo else TENANT
    for done in first_steps.take(settings, tenant=tenant, password=folder.demo_password()):
        progress.say(done)
    if not api_first:
        children.start(programs["api"])
    _wait_until(children, "api", lambda: _answers(options.port))
    background = [children.start(programs[name]) for name in ("worker", "scheduler")]
    for child in background:
        _wait_until(children, child.name, partial(child.has_said, f"{child.name}.ready"))
    folder.note_ready()
    progress.say("API, worker and scheduler are up")
    return first_steps.SIGN_INS if tenant else ()


def _environment(
    options: _Options, folder: DataFolder, environ: Mapping[str, str], running: servers.Servers
) -> dict[str, str]:
    return dict(environ) | {
        "DATABASE_URL": running.database_url,
        "BROKER_URL": running.broker_url,
        "KEZHI_MASTER_KEY": environ.get("KEZHI_MASTER_KEY", "") or folder.master_key(),
        "KEZHI_FILES_URL": environ.get("KEZHI_FILES_URL", "") or (folder.top / "files").as_uri(),
        "KEZHI_HOST": HOST,
        "KEZHI_PORT": str(options.port),
        "PYTHONUNBUFFERED": "1",
    }


def _without_administrator(wanted: Mapping[str, str], settings: Settings) -> dict[str, str]:
    """The processes need no administrator's URL: they reach the catalog by its own login."""
    parts = urlsplit(settings.database.url)
    address = wanted.get("KEZHI_CATALOG_ADDRESS", "") or f"{parts.hostname}:{parts.port or 5432}"
    kept = {name: text for name, text in wanted.items() if name != "DATABASE_URL"}
    return kept | {"KEZHI_CATALOG_ADDRESS": address}


def _check_port(port: int) -> None:
    if not 1 <= port <= _LAST_PORT:
        raise StartFailed(f"{port} is not a port; choose one from 1 to {_LAST_PORT} with --port.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as failure:
            reason = "is in use" if failure.errno == errno.EADDRINUSE else "cannot be used"
            raise StartFailed(f"Port {port} {reason}; choose another with --port.") from None


def _wait_until(children: Supervisor, name: str, is_ready: Callable[[], bool]) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if is_ready():
            return
        children.check()
        time.sleep(0.05)
    raise StartFailed(f"{name} did not become ready in {READY_SECONDS:.0f} s; see {children.logs / name}.log.")


def _answers(port: int) -> bool:
    """The API answers when it is ready for traffic."""
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/readyz", timeout=2) as answer:
            return bool(answer.status == HTTPStatus.OK)
    except OSError:
        return False


def _show(options: _Options, folder: DataFolder, sign_ins: Sequence[str]) -> None:
    about = _demo(options, folder, sign_ins) if sign_ins else _no_tenant_yet(options, folder)
    print("\n".join(["", *about, "", "Ctrl-C stops everything."]), flush=True)


def _demo(options: _Options, folder: DataFolder, sign_ins: Sequence[str]) -> list[str]:
    url = f"http://{TENANT}.localhost:{options.port}"
    return [
        f"  API        {url}/graphql",
        f"  Explorer   {url}/graphql  (in a browser)",
        f"  Logs       {folder.logs}",
        "",
        f"  Sign-ins, all with the password  {folder.demo_password()}",
        *(f"    {email}" for email in sign_ins),
    ]


def _no_tenant_yet(options: _Options, folder: DataFolder) -> list[str]:
    place = "" if folder.top == DEFAULT else f" --data {shlex.quote(str(folder.top))}"
    return [
        f"  API        http://TENANT.localhost:{options.port}/graphql  (in a browser: the explorer)",
        f"  Logs       {folder.logs}",
        "",
        "  Tenants are made and listed with",
        f"    ./kezhi tenants create TENANT --admin you@example.com{place}",
        f"    ./kezhi tenants list{place}",
    ]


class _Progress:
    """One line for each thing done, with the time since the start."""

    def __init__(self) -> None:
        self._started = time.monotonic()

    def say(self, done: str) -> None:
        print(f"  {time.monotonic() - self._started:5.1f} s  {done}", file=sys.stdout, flush=True)
