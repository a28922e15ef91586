"""Many tenants in turns are judged beside one of them, and every process by whether its memory levels off."""

from __future__ import annotations

from collections import defaultdict

from bench.reads.turns import Kind, Round, judged


def test_slow_turns_and_a_backend_that_grows_are_short() -> None:
    level, growing = [100.0] * 8, [100.0] * 6 + [120.0] * 2
    kind = Kind(
        "equal metadata",
        [Round(900.0, 5.0, 10.0)],
        [Round(500.0, 9.0, 40.0)],
        defaultdict(list, {"API 1": level, "backend 7": level, "backend 8": growing, "backend 9": [1.0, 9.0]}),
    )

    assert [str(each) for each in judged(kind)] == [
        "short  p99 in turns / p99 of one tenant, equal metadata  4.00  ≤ 3",
        "ok  memory of an API process levels off, equal metadata  1.00  ≤ 1.05",
        "short  memory of a backend levels off, equal metadata  1.20  ≤ 1.05",
    ]


def test_curve_of_a_process_that_came_late_is_left_out() -> None:
    kind = Kind("own", memory=defaultdict(list, {"API 1": [1.0] * 8, "backend 9": [1.0, 9.0]}))

    assert list(kind.steady) == ["API 1"]
