"""Children write to their log, stop when asked, and die with their parent even when that is killed."""

from __future__ import annotations

import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from cli import processes
from tests.architecture.source import ROOT

if TYPE_CHECKING:
    from pathlib import Path

# A parent that starts one child, tells its number, and waits to be killed.
PARENT = """
import sys, time
from pathlib import Path
from cli import processes
child = processes.start("sleeper", ["/bin/sleep", "987"], log=Path(sys.argv[1]))
print(child.process.pid, flush=True)
time.sleep(60)
"""


def start_sleeper(folder: Path, *, stop_signal: signal.Signals = signal.SIGTERM) -> processes.Child:
    script = "import time; print('up', flush=True); time.sleep(987)"
    child = processes.start("sleeper", [sys.executable, "-c", script], log=folder / "log", stop_signal=stop_signal)
    while child.last_words() != "up":
        assert child.is_running
    return child


def test_child_stops_when_asked(tmp_path: Path) -> None:
    child = start_sleeper(tmp_path)

    child.stop()

    assert (child.is_running, child.process.returncode) == (False, -signal.SIGTERM)


def test_child_that_does_not_listen_is_killed(tmp_path: Path) -> None:
    script = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
    )
    child = processes.start("deaf", [sys.executable, "-c", script], log=tmp_path / "log")
    while child.last_words() != "deaf":
        assert child.is_running

    child.stop(seconds=0.1)

    assert child.process.returncode == -signal.SIGKILL


def test_child_writes_to_its_log(tmp_path: Path) -> None:
    child = processes.start("speaker", ["/bin/echo", "one\ntwo\nthree"], log=tmp_path / "log")
    child.process.wait()

    assert child.last_words(2) == "two\nthree"


def test_child_dies_when_its_parent_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PARENT, str(tmp_path / "log")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.kill()

    assert processes.wait_until_gone(child, "987", seconds=5)


def test_stranger_with_the_same_number_is_not_waited_for(tmp_path: Path) -> None:
    child = start_sleeper(tmp_path)

    gone = processes.wait_until_gone(child.process.pid, "/no/such/folder", seconds=5)
    still_there = processes.wait_until_gone(child.process.pid, "987", seconds=0)
    child.stop()

    assert (gone, still_there) == (True, False)


def test_free_port_can_be_taken() -> None:
    assert 1024 <= processes.free_port() <= 65535


@pytest.mark.parametrize("namespace", [True, False])
def test_command_line_names_the_identity(namespace: bool) -> None:
    line = processes.wrapped(["/bin/true"], identity=processes.Identity(5, 6, namespace=namespace))

    expected = ["--namespace-user", "5"] if namespace else ["--user", "5", "--group", "6"]
    assert line[line.index("--death-signal") + 2 : line.index("--")] == expected


def test_child_has_said_only_what_it_said_itself(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("ready\n")

    child = processes.start("speaker", ["/bin/echo", "up"], log=tmp_path / "log")
    child.process.wait()

    assert [child.has_said(words) for words in ("up", "ready")] == [True, False]
