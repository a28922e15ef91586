"""[I1] `./kezhi up`: everything starts, answers, stops on Ctrl-C, dies with a killed parent, and comes back with its data."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import urllib.request
from typing import TYPE_CHECKING

import pytest

from cli import processes
from cli.__main__ import main
from cli.data_folder import DataFolder
from tests.builders.launcher import SIGN_IN, said_until, up

if TYPE_CHECKING:
    from pathlib import Path

STOP_SECONDS = 60


def ask(port: int, document: str, variables: dict[str, str], *, tenant: str = "demo") -> dict[str, object]:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/graphql",
        json.dumps({"query": document, "variables": variables}).encode(),
        {"Content-Type": "application/json", "X-Tenant": tenant},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - our own address
        found: dict[str, object] = json.loads(answer.read())
    return found


def children_of(process: subprocess.Popen[str]) -> dict[int, str]:
    """Their numbers and command lines."""
    command = ["/bin/ps", "-ww", "-o", "pid=,args=", "--ppid", str(process.pid)]
    listed = subprocess.run(command, check=True, capture_output=True, text=True)
    lines = [line.split(maxsplit=1) for line in listed.stdout.splitlines()]
    return {int(number): line.rstrip() for number, line in lines}


def test_demo_answers_stops_and_comes_back(tmp_path: Path) -> None:
    with up(tmp_path) as (process, said, port):
        signed_in = ask(port, SIGN_IN, {"email": "sales1@demo.example", "password": "correct horse"})
        process.send_signal(signal.SIGINT)
        rest = said_until(process, "Stopped.")
        status = process.wait(STOP_SECONDS)
    with up(tmp_path) as (process, _, port):
        again = ask(port, SIGN_IN, {"email": "sales1@demo.example", "password": "correct horse"})
        process.send_signal(signal.SIGTERM)
        process.wait(STOP_SECONDS)

    assert re.search(r"API +http://demo\.localhost:\d+/graphql", said)
    assert "sales1@demo.example" in said
    assert (rest.strip(), status) == ("Stopped.", 0)
    assert [set(answer) for answer in (signed_in, again)] == [{"data"}, {"data"}]


def test_it_runs_once_and_its_children_die_with_a_killed_parent(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with up(tmp_path, "--no-demo") as (process, said, port):
        children = children_of(process)
        second = main(["up", "--data", str(tmp_path), "--port", str(port)])
        process.kill()
        process.wait()

    assert second == 1
    assert capsys.readouterr().err == (
        f"kezhi: {tmp_path} is in use by another `./kezhi up`: it runs there and answers on port {port}; "
        "stop it, or choose --data.\n"
    )
    assert f"./kezhi tenants create TENANT --admin you@example.com --data {tmp_path}\n" in said
    assert "demo" not in said

    assert len(children) == 5
    assert [processes.wait_until_gone(child, mark, seconds=STOP_SECONDS) for child, mark in children.items()] == [
        True
    ] * 5
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port), timeout=1)


def test_fresh_start_forgets_what_was_there(tmp_path: Path) -> None:
    before = DataFolder(tmp_path)
    with before.owned():
        before.prepare()
        key = before.master_key()
        before.note_ready()
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "PG_VERSION").write_text("8.4")

    with up(tmp_path, "--no-demo", "--fresh") as (process, _, _):
        new_key = before.master_key()
        process.send_signal(signal.SIGINT)
        process.wait(STOP_SECONDS)

    assert key != new_key


def test_busy_port_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]

        assert main(["up", "--data", str(tmp_path), "--port", str(port)]) == 1

    assert capsys.readouterr().err == f"kezhi: Port {port} is in use; choose another with --port.\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("port", ["-1", "0", "99999"])
def test_impossible_port_is_one_sentence(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["up", f"--port={port}"]) == 1
    assert capsys.readouterr().err == f"kezhi: {port} is not a port; choose one from 1 to 65535 with --port.\n"
