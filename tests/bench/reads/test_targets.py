"""Targets are judged by ratios of one run; a peer that is missing is judged of nothing."""

from __future__ import annotations

import pytest

from bench.reads.rounds import Cell, Sample
from bench.reads.targets import MANY, ONE, judged
from bench.verdicts import Result


def cell(rate: float, postgres_us: float = 100.0) -> Cell:
    return Cell((Sample(rate, 1.0, 2.0, 50.0, postgres_us, 10),))


@pytest.mark.parametrize(
    ("result", "text"),
    [
        (Result("a", 0.9, 0.9), "ok  a  0.90  ≥ 0.9"),
        (Result("a", 0.89, 0.9), "short  a  0.89  ≥ 0.9"),
        (Result("a", 15.0, 15.0, is_ceiling=True), "ok  a  15.00  ≤ 15"),
        (Result("a", 15.1, 15.0, is_ceiling=True), "short  a  15.10  ≤ 15"),
    ],
)
def test_result_is_one_line(result: Result, text: str) -> None:
    assert str(result) == text


def test_peers_that_ran_are_judged() -> None:
    cells = {
        ("kezhi", "Q4", MANY): cell(200), ("team", "Q4", MANY): cell(100),
        ("kezhi", "Q2", MANY): cell(200), ("team", "Q2", MANY): cell(100, 1600), ("few", "Q2", MANY): cell(100, 600),
        ("limit", "Q2", MANY): cell(250), ("postgraphile", "Q2", MANY): cell(100),
        ("kezhi", "Q2", ONE): cell(160), ("naive", "Q2", ONE): cell(10),
    }  # fmt: skip

    results = judged(cells, {("kezhi", "Q1"): (1.0, 2.0), ("naive", "Q1"): (4.0, 8.0)})

    assert [str(each) for each in results] == [
        "short  Q2 throughput, kezhi / limit, 16 at once  0.80  ≥ 0.9",
        "ok  Q2 throughput, kezhi / postgraphile, 16 at once  2.00  ≥ 1.5",
        "short  Q4 throughput, 20 owners / administrator  0.50  ≥ 0.85",
        "short  Q2 database ms more, 20 owners  1.50  ≤ 1",
        "ok  Q2 database ms more, 10 records  0.50  ≤ 1",
        "ok  Q2 throughput, kezhi / naive, 1 at once  16.00  ≥ 15",
        "ok  statements per operation  1.00  ≤ 1",
    ]
