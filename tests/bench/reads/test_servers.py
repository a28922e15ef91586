"""Which server is asked what."""

from __future__ import annotations

import sys
import urllib.request
from pathlib import Path
from signal import SIGTERM
from subprocess import Popen
from typing import TYPE_CHECKING

import pytest

from bench.reads.collector import collector
from bench.reads.queries import QUERIES
from bench.reads.servers import Server
from cli.processes import Child

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def child(tmp_path: Path) -> Iterator[Child]:
    with Popen([sys.executable, "-c", ""]) as process:
        yield Child("none", process, tmp_path / "log", SIGTERM)


def test_server_that_is_there_for_one_query_is_asked_no_other(child: Child) -> None:
    server = Server("traced", "", child, 0, only="Q1")

    assert [each.name for each in QUERIES if server.document(each)] == ["Q1"]


def test_server_without_words_for_a_query_is_not_asked(child: Child) -> None:
    server = Server("naive", "", child, 0, words="naive")

    assert [each.name for each in QUERIES if server.document(each)] == ["Q1", "Q2", "Q3", "Q4"]


def test_collector_takes_everything() -> None:
    with collector() as endpoint, urllib.request.urlopen(urllib.request.Request(endpoint, b"{}")) as answer:  # noqa: S310
        assert answer.status == 200
