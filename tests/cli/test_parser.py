"""Every command explains itself, and every failure is one sentence."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import uvicorn

from cli import serve
from cli.__main__ import NOUNS, Noun, main
from tenants.settings import ServerSettings

if TYPE_CHECKING:
    from collections.abc import Callable


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["--help"])

    told = capsys.readouterr().out
    assert left.value.code == 0
    assert [noun.name for noun in NOUNS if f"    {noun.name} " not in told] == []


@pytest.mark.parametrize("noun", NOUNS, ids=lambda noun: noun.name)
def test_every_command_has_help(noun: Noun, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main([noun.name, "--help"])

    assert left.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: ./kezhi {noun.name}")


@pytest.mark.parametrize("arguments", [[], ["nonsense"], ["tenants"], ["tenants", "nonsense"], ["up", "--port", "x"]])
def test_wrong_arguments_end_with_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(arguments)

    assert left.value.code == 2
    assert capsys.readouterr().err.startswith("usage: ./kezhi")


def test_version_is_that_of_the_project(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["--version"])

    assert left.value.code == 0
    assert re.fullmatch(r"Kezhi \d+\.\d+\.\d+\n", capsys.readouterr().out)


def test_missing_setting_is_one_sentence(
    kezhi: Callable[..., int], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEZHI_MASTER_KEY", "short")

    assert kezhi("tenants", "list") == 1
    assert capsys.readouterr().err == "kezhi: KEZHI_MASTER_KEY must be 32 bytes in base64url.\n"


def test_fault_is_one_sentence_with_its_code(kezhi: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    assert kezhi("tenants", "create", "Not A Slug", "--admin", "boss@x.example") == 1
    assert capsys.readouterr().err.endswith("(INVALID_SLUG)\n")


def test_refused_input_names_the_field(kezhi: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    assert kezhi("tenants", "create", "cli-refused", "--admin", "no address") == 1
    assert capsys.readouterr().err.splitlines()[-1].startswith("kezhi: email: ")


def test_processes_are_started_the_same_way_everywhere() -> None:
    server = ServerSettings(host="127.0.0.9", port=9000)

    assert serve.program("api", server)[:8] == (
        *("-m", "uvicorn", "app:app", "--factory", "--host", "127.0.0.9", "--port", "9000"),
    )
    assert "--no-proxy-headers" in serve.program("api", server)
    assert serve.program("worker", server, threads=8) == ("-m", "jobs", "worker", "--threads", "8")
    assert serve.program("scheduler", server) == ("-m", "jobs", "scheduler")


def test_only_proxies_that_are_named_are_believed() -> None:
    """The throttle of sign-in counts by address: behind an ingress, by the client's."""
    server = ServerSettings(trusted_proxies=("10.0.0.0/8", "fd00::1"))

    _, _, _, *arguments = serve.program("api", server)

    told = uvicorn.main.make_context("uvicorn", ["app:app", *arguments]).params
    assert (told["proxy_headers"], told["forwarded_allow_ips"]) == (True, "10.0.0.0/8,fd00::1")
