"""Benchmarks are run by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli import bench
from cli.__main__ import main

if TYPE_CHECKING:
    import pytest


def test_unknown_benchmark_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "nonsense"]) == 1
    assert "kezhi: There is no benchmark nonsense" in capsys.readouterr().err


def test_benchmarks_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench"]) == 0
    assert capsys.readouterr().out.split() == bench.names()
    assert "reads" in bench.names()


def test_parts_are_handed_on_and_an_unknown_one_is_refused(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "reads", "nonsense"]) == 2
    assert (
        "there is no part nonsense; there are: throughput, overhead, schema, memory, tenants" in capfd.readouterr().err
    )
