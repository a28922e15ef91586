"""A run is told on one page, and judged by what users wait for."""

from __future__ import annotations

from bench.forms.growing import Grown
from bench.forms.report import Run, judged, report
from bench.forms.wide import Page

RUN = Run(
    1_000_000,
    Grown((40.0, 50.0, 60.0), (101.0, 101.0), (2.0, 3.0), (4.0, 51.0), 30.0),
    [Page(25, (1.0,), (2.0,)), Page(300, (1.5,), (2.5,))],
    busy=0.5,
)


def test_waiting_is_judged() -> None:
    assert [str(each) for each in judged(RUN)] == [
        "ok  ms until a new field is there, empty, p50  50.00  ≤ 100",
        "short  ms until a new field is there, with a default, p50  101.00  ≤ 100",
        "short  ms of a write while a unique rule is built, p99  51.00  ≤ 50",
        "ok  a page of 300 fields over one of 25, until the answer  1.25  ≤ 1.3",
    ]


def test_the_page_holds_the_figures() -> None:
    told = report(RUN)

    assert "## A table of 1,000,000 records that changes" in told
    assert "The unique rule took 30.0 s to be there" in told
    assert "| the same while the rule is built | 51.0 | 51.0 | 51.0 |" in told
    assert "| 300 | 1.50 | 2.50 | 2.50 |" in told
