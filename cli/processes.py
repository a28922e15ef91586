"""Child processes of the launcher: they write to a log file, stop in order, and die with the parent even on SIGKILL.

Knows nothing of PostgreSQL, Valkey or the product; `servers.py` and `dev.py` say what to run.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_CHILD = Path(__file__).with_name("child.py")
STOP_SECONDS = 15.0


class StartFailed(Exception):
    """A server or process did not start; the text is one sentence for the operator."""


@dataclass(frozen=True, slots=True)
class Identity:
    """As whom a child runs: `namespace` maps the caller to this user inside, without changing rights outside."""

    user: int
    group: int
    namespace: bool = False


@dataclass(frozen=True, slots=True)
class Child:
    """A started process and where it logs."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    stop_signal: signal.Signals
    # Where its own words begin in a log that others wrote before it.
    log_start: int = 0

    @property
    def is_running(self) -> bool:
        """Whether it has not ended yet."""
        return self.process.poll() is None

    def stop(self, seconds: float = STOP_SECONDS) -> None:
        """Ask it to end, wait, then insist."""
        if not self.is_running:
            return
        self.process.send_signal(self.stop_signal)
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def has_said(self, words: str) -> bool:
        """Whether they stand in its log; also when it was started again since."""
        with self.log.open("rb") as log:
            log.seek(self.log_start)
            return words.encode() in log.read()

    def last_words(self, lines: int = 5) -> str:
        """The end of its log, for the operator."""
        with contextlib.suppress(OSError):
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])
        return ""


def start(
    name: str,
    command: Sequence[str | Path],
    *,
    log: Path,
    environ: Mapping[str, str] | None = None,
    folder: Path | None = None,
    identity: Identity | None = None,
    stop_signal: signal.Signals = signal.SIGTERM,
) -> Child:
    """Start a program in the background. Call it from the main thread: the parent-death signal is per thread."""
    with log.open("ab") as sink:
        log_start = sink.tell()
        process = subprocess.Popen(  # noqa: S603 - the launcher names the program
            wrapped(command, identity=identity, death_signal=stop_signal),
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            env=dict(environ) if environ is not None else None,
            cwd=folder,
            # Ctrl-C goes to the supervisor only, which stops its children in order.
            start_new_session=True,
        )
    return Child(name, process, log, stop_signal, log_start)


def wrapped(
    command: Sequence[str | Path], *, identity: Identity | None, death_signal: signal.Signals = signal.SIGTERM
) -> list[str]:
    """The command line that runs `command` as this identity and ties its life to ours."""
    options = ["--parent", str(os.getpid()), "--death-signal", str(int(death_signal))]
    if identity is not None and identity.namespace:
        options += ["--namespace-user", str(identity.user)]
    elif identity is not None:
        options += ["--user", str(identity.user), "--group", str(identity.group)]
    return [sys.executable, "-I", "-S", str(_CHILD), *options, "--", *map(str, command)]


def free_port() -> int:
    """A TCP port of the loopback address that nobody holds right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def wait_until_gone(process_id: int, mark: str, seconds: float) -> bool:
    """Whether a process that is not our child has ended in time.

    `mark` stands in its command line, so that a number given anew to a stranger is not taken for it.
    """
    deadline = time.monotonic() + seconds
    while mark in _command_line(process_id):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _command_line(process_id: int) -> str:
    """Empty when there is no such process."""
    if Path("/proc/self/cmdline").exists():
        try:
            return Path(f"/proc/{process_id}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except (FileNotFoundError, ProcessLookupError):
            return ""
    command = ["/bin/ps", "-o", "command=", "-p", str(process_id)]
    return subprocess.run(command, check=False, capture_output=True, text=True).stdout  # noqa: S603
