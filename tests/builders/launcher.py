"""`./kezhi up` as a process of this machine, and callers of what it brought up, over its port."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import httpx2
import pytest

from cli import processes
from tenants.settings import process_environment
from tests.architecture.source import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PASSWORD = "correct horse"
SIGN_IN = "mutation ($email: String!, $password: String!) { signIn(input: {email: $email, password: $password}) { accessToken } }"


class Up(NamedTuple):
    """The running command, all that it said until it was ready, and its port."""

    process: subprocess.Popen[str]
    said: str
    port: int


@contextlib.contextmanager
def up(data: Path, *flags: str) -> Iterator[Up]:
    """From its start until it is ready; killed at the end, if the test has not stopped it."""
    port = processes.free_port()
    command = [sys.executable, "-m", "cli", "up", "--data", str(data), "--port", str(port), *flags]
    environ = process_environment() | {"KEZHI_DEMO_PASSWORD": PASSWORD}
    with subprocess.Popen(
        command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            yield Up(process, said_until(process, "Ctrl-C stops everything."), port)
        finally:
            process.kill()


def said_until(process: subprocess.Popen[str], last: str) -> str:
    """What it says up to this line."""
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if last in line:
            return said
    pytest.fail(said)


@dataclass(frozen=True, slots=True)
class Demo:
    """The demo tenant of a running `./kezhi up`; whoever asks is signed in once."""

    http: httpx2.Client
    data: Path
    _tokens: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return str(self.http.base_url)

    @property
    def database_url(self) -> str:
        """The administrator's, as the other commands of this machine read it."""
        noted: dict[str, str] = json.loads((self.data / "running.json").read_text())
        return noted["DATABASE_URL"]

    @property
    def postgres_log(self) -> Path:
        return self.data / "postgres" / "postgres.log"

    def ask(self, document: str, /, *, person: str = "", **variables: object) -> dict[str, Any]:  # Any: decoded JSON
        """The data of an answer without errors; `person` is the part of the mail address before the @."""
        headers = {"Authorization": f"Bearer {self._token(person)}"} if person else {}
        answer = self.http.post("/graphql", json={"query": document, "variables": variables}, headers=headers).json()
        assert "errors" not in answer, answer["errors"]
        return cast("dict[str, Any]", answer["data"])

    def _token(self, person: str) -> str:
        if person not in self._tokens:
            signed_in = self.ask(SIGN_IN, email=f"{person}@demo.example", password=PASSWORD)
            self._tokens[person] = signed_in["signIn"]["accessToken"]
        return self._tokens[person]


@contextlib.contextmanager
def demo_of(running: Up, data: Path) -> Iterator[Demo]:
    """Its demo tenant, named by the header."""
    with httpx2.Client(
        base_url=f"http://127.0.0.1:{running.port}", headers={"X-Tenant": "demo"}, timeout=30, trust_env=False
    ) as http:
        yield Demo(http, data)
