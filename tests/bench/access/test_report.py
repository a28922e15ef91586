"""A run is told on one page, and judged by the pages of those whose rights are narrowed."""

from __future__ import annotations

from bench.access.changes import Changed
from bench.access.lists import Listed
from bench.access.report import Run, judged, report
from bench.access.tenant import ADMIN, NARROW, WIDE
from bench.hand_over.moving import Found

RUN = Run(
    200_000,
    [
        Listed(ADMIN, "newest first", 50, (9.0, 9.0, 9.0), (9.0, 9.0, 9.0)),
        Listed(WIDE, "newest first", 50, (1.4, 1.5, 9.0), (2.0, 2.5, 9.0)),
        Listed(NARROW, "by name", 10, (1.6, 1.6, 1.6), (2.0, 2.0, 2.0)),
    ],
    Changed((20.0, 21.0), (30.0, 90.0), (25.0, 51.0), (2.0, 2.1)),
    Found(50_000, 25.0, 9.0, (0.001,), (0.005,)),
    busy=3.0,
)


def test_everybody_but_the_administrator_is_judged() -> None:
    assert [str(each) for each in judged(RUN)] == [
        f"ok  database ms of a page, {WIDE}, newest first  1.50  ≤ 1.5",
        f"short  database ms of a page, {NARROW}, by name  1.60  ≤ 1.5",
        "short  processor ms of the first page after a role changed, p95  51.00  ≤ 50",
        "ok  seconds for 50,000 records  25.00  ≤ 30",
        "ok  median read meanwhile, in steps of the hand-over  0.01  ≤ 1",
    ]


def test_the_page_says_how_busy_the_machine_was() -> None:
    told = report(RUN)

    assert "load 3.0 when the run began. **The machine was not quiet" in told
    assert f"| {WIDE} | newest first | 50 | 1.40 | 1.50 | 9.00 | 2.50 |" in told
    assert "| the first page after that, in another process | 90.0 | 90.0 | 90.0 |" in told
    assert "50,000 records of one user" in told
