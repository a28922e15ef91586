"""A run is told on one page, and judged by what users wait for."""

from __future__ import annotations

from bench.forms.crowding import Anew, Crowd
from bench.forms.growing import Grown
from bench.forms.report import Run, judged, report
from bench.forms.rolling import PLAIN, SUMMED, Cost
from bench.forms.wide import Page

RUN = Run(
    1_000_000,
    Grown((40.0, 50.0, 60.0), (101.0, 101.0), (2.0, 3.0), (4.0, 51.0), (2.0,), (5.0, 50.0), 30.0),
    [Page(25, (1.0,), (2.0,)), Page(300, (1.5,), (2.5,))],
    busy=0.5,
    costs=[Cost("changed", kind, (took,), (1.0,), (1.0,)) for kind, took in ((PLAIN, 4.0), (SUMMED, 5.5))],
    crowd=Crowd(30.0, (80.0, 90.0), refused=1, wrong=0),
    anew=Anew(10_000, 4.0, 20_000, (3.0,), (4.0,), wrong=1),
    published=(1.5, 1.9),
)


def test_waiting_is_judged() -> None:
    assert [str(each) for each in judged(RUN)] == [
        "ok  ms until a new field is there, empty, p50  50.00  ≤ 100",
        "short  ms until a new field is there, with a default, p50  101.00  ≤ 100",
        "short  ms of a write while a unique rule is built, p99  51.00  ≤ 50",
        "ok  ms of a write of the field itself meanwhile, p99  50.00  ≤ 50",
        "ok  a page of 300 fields over one of 25, until the answer  1.25  ≤ 1.3",
        "short  ms more until a line is changed with a sum, p50  1.50  ≤ 1",
        "ok  heads that are wrong after 50 writers over one  0.00  ≤ 0",
        "short  heads that are wrong after they were computed anew  1.00  ≤ 0",
        "ok  s until 50 changes are published, p50  1.90  ≤ 2",
    ]


def test_the_page_holds_the_figures() -> None:
    told = report(RUN)

    assert "## A table of 1,000,000 records that changes" in told
    assert "The unique rule took 30.0 s to be there" in told
    assert "| the same while the rule is built | 51.0 | 51.0 | 51.0 |" in told
    assert "| 300 | 1.50 | 2.50 | 2.50 |" in told
    assert "| changed | a sum | 5.50 | 1.00 | 1.00 | 5.50 | 1.00 | 1.00 |" in told
    assert "for 30 s, half of it without the formula: 2 writes were committed, p50 90 ms" in told
    assert "## 10,000 heads computed anew by a job" in told
