"""Programs that fall are started again; one that falls again and again, or a server that falls, ends everything."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from cli import processes
from cli.processes import StartFailed
from cli.supervisor import RESTARTS, Program, Supervisor

if TYPE_CHECKING:
    from pathlib import Path

SLEEPER = Program("sleeper", ("-c", "import time; time.sleep(60)"))


class Time:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def supervisor(folder: Path, servers: tuple[processes.Child, ...] = (), clock: Time | None = None) -> Supervisor:
    return Supervisor(folder, folder, {"PATH": "/usr/bin:/bin"}, servers, clock or Time())


def test_fallen_program_is_started_again(tmp_path: Path) -> None:
    running = supervisor(tmp_path)
    first = running.start(SLEEPER)
    first.process.kill()
    first.process.wait()

    restarted = running.check()
    quiet = running.check()
    running.stop()

    assert (restarted, quiet) == (["sleeper"], [])


def test_program_that_falls_again_and_again_ends_everything(tmp_path: Path) -> None:
    running = supervisor(tmp_path)
    child = running.start(SLEEPER)
    for _ in range(RESTARTS):
        child.process.kill()
        child.process.wait()
        running.check()
        child = running._running[SLEEPER]
    child.process.kill()
    child.process.wait()

    with pytest.raises(StartFailed, match="ends again and again"):
        running.check()

    running.stop()


def test_falls_of_long_ago_are_forgiven(tmp_path: Path) -> None:
    clock = Time()
    running = supervisor(tmp_path, clock=clock)
    child = running.start(SLEEPER)
    for _ in range(RESTARTS + 2):
        clock.now += 61.0
        child.process.kill()
        child.process.wait()
        assert running.check() == ["sleeper"]
        child = running._running[SLEEPER]

    running.stop()


def test_fallen_server_ends_everything(tmp_path: Path) -> None:
    server = processes.start("PostgreSQL", [sys.executable, "-c", "pass"], log=tmp_path / "log")
    server.process.wait()

    with pytest.raises(StartFailed, match="PostgreSQL ended unexpectedly"):
        supervisor(tmp_path, (server,)).check()


def test_stop_ends_every_program(tmp_path: Path) -> None:
    running = supervisor(tmp_path)
    children = [running.start(SLEEPER), running.start(Program("other", SLEEPER.arguments))]

    running.stop()

    assert [child.is_running for child in children] == [False, False]
