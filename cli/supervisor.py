"""Keeps the processes of one installation running: starts them in order, restarts what falls, stops all at the end.

A server that falls ends everything, with a sentence: its clients have lost their connections, and the next `./kezhi up`
recovers it. A process of ours that falls is started again, unless it falls again and again.
"""

from __future__ import annotations

import signal
import sys
import time
from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cli import processes
from cli.processes import Child, StartFailed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path
    from types import FrameType

POLL_SECONDS = 0.1
RESTARTS = 5
RESTART_WINDOW_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Program:
    """A process of ours: its name, its arguments after `python`, and its log file's name."""

    name: str
    arguments: tuple[str, ...]


class Stopped(Exception):
    """A signal asks the supervisor to end."""


@dataclass(slots=True)
class Supervisor:
    """One run of `./kezhi up`."""

    root: Path
    logs: Path
    environ: Mapping[str, str]
    servers: Sequence[Child]
    clock: Callable[[], float] = time.monotonic
    _running: dict[Program, Child] = field(default_factory=dict)
    _falls: dict[Program, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def start(self, program: Program) -> Child:
        """Start one program; it is kept running from now on."""
        child = processes.start(
            program.name,
            [sys.executable, *program.arguments],
            log=self.logs / f"{program.name}.log",
            environ=self.environ,
            folder=self.root,
        )
        self._running[program] = child
        return child

    def check(self) -> list[str]:
        """Look once: the names of programs that fell and were started again."""
        for server in self.servers:
            if not server.is_running:
                raise StartFailed(f"{server.name} ended unexpectedly; see {server.log}, then start again.")
        fallen = [program for program, child in self._running.items() if not child.is_running]
        for program in fallen:
            self._count_fall(program)
            self.start(program)
        return [program.name for program in fallen]

    def watch(self) -> None:
        """Until a signal comes: raises Stopped, or StartFailed when something cannot be kept running."""
        while True:
            for name in self.check():
                print(f"  {name} ended and was started again; see {self.logs / name}.log", file=sys.stderr, flush=True)
            time.sleep(POLL_SECONDS)

    def stop(self) -> None:
        """Ask all programs at once, then wait for each, last started first."""
        children = list(reversed(self._running.values()))
        for child in children:
            if child.is_running:
                child.process.send_signal(child.stop_signal)
        for child in children:
            child.stop()
        self._running.clear()

    def _count_fall(self, program: Program) -> None:
        falls, now = self._falls[program], self.clock()
        falls.append(now)
        while falls[0] < now - RESTART_WINDOW_SECONDS:
            falls.popleft()
        if len(falls) > RESTARTS:
            child = self._running[program]
            raise StartFailed(f"{program.name} ends again and again; the end of {child.log}:\n{child.last_words()}")


def stop_on_signals() -> None:
    """Ctrl-C, a closed terminal and a polite kill all raise Stopped in the main thread, once."""
    for number in _SIGNALS:
        signal.signal(number, _raise_stopped)


def ignore_signals() -> None:
    """While stopping: a second Ctrl-C does not leave half of the children behind."""
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_IGN)


_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def _raise_stopped(_number: int, _frame: FrameType | None) -> None:
    ignore_signals()
    raise Stopped
