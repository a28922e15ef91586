"""Logs carry the request and the tenant; metrics count what was done."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
import structlog

from tenants.context import TenantId
from tenants.telemetry import bound, configure_logs

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def logs_as_before() -> Iterator[None]:
    before = structlog.get_config()
    yield
    structlog.configure(**before)


def test_machine_reads_one_json_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(json=True)
    with bound(request_id="r-1", tenant=TenantId(UUID(int=1))):
        structlog.get_logger("test").info("thing.done", words="客制")
    structlog.get_logger("test").debug("too.quiet")

    (line,) = capsys.readouterr().err.splitlines()
    logged = json.loads(line)
    assert logged.pop("timestamp").endswith("Z")
    assert logged == {
        "event": "thing.done",
        "level": "info",
        "request_id": "r-1",
        "tenant": str(UUID(int=1)),
        "words": "客制",
    }


def test_people_read_plain_text(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(json=False)
    with bound(request_id="r-1"):
        structlog.get_logger("test").warning("thing.odd")

    line = capsys.readouterr().err
    assert "thing.odd" in line
    assert "request_id=r-1" in line
    assert "\x1b" not in line


def test_a_failure_is_told_without_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(json=True)
    words = "a customer's words"
    try:
        int(words)
    except ValueError:
        structlog.get_logger("test").exception("thing.failed")

    line = capsys.readouterr().err
    assert json.loads(line)["exception"].splitlines()[-1] == "ValueError"
    assert words not in line


def test_binding_ends_with_its_block(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(json=True)
    with bound(request_id="r-1"):
        pass
    structlog.get_logger("test").info("after")

    assert "request_id" not in json.loads(capsys.readouterr().err)
