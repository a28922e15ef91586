"""Many tenants in turns are judged beside one of them, and every process by whether its memory levels off."""

from __future__ import annotations

from bench.reads.turns import Kind, Round, judged


def looks(**curves: list[float]) -> list[dict[str, float]]:
    """Curves by process, with nothing where a process was not there."""
    names = {name.replace("_", " "): curve for name, curve in curves.items()}
    longest = max(map(len, names.values()))
    return [
        {name: curve[at - longest] for name, curve in names.items() if longest - at <= len(curve)}
        for at in range(longest)
    ]


def test_slow_turns_and_a_backend_that_grows_are_short() -> None:
    level, growing = [100.0] * 8, [100.0] * 6 + [120.0] * 2
    kind = Kind(
        "equal metadata",
        [Round(900.0, 5.0, 10.0)],
        [Round(500.0, 9.0, 40.0)],
        looks(API_1=level, backend_7=level, backend_8=growing, backend_9=[1.0, 9.0]),
    )

    assert [str(each) for each in judged(kind)] == [
        "short  p99 in turns / p99 of one tenant, equal metadata  4.00  ≤ 3",
        "ok  memory of an API process levels off, equal metadata  1.00  ≤ 1.05",
        "short  memory of a backend levels off, equal metadata  1.20  ≤ 1.05",
    ]


def test_curve_of_a_process_that_came_late_is_left_out() -> None:
    kind = Kind("own", looks=looks(API_1=[1.0] * 8, backend_8=[5.0] * 8, backend_9=[1.0, 9.0]))

    assert kind.steady("backend") == [[5.0] * 8]
    assert kind.curve("backend 9") == [0.0] * 6 + [1.0, 9.0]
    assert kind.together("backend") == [5.0] * 6 + [6.0, 14.0]
