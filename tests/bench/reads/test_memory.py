"""What a walk through many tenants says: what each adds, what is left of those that were pushed out."""

from __future__ import annotations

from bench.reads.memory import Walk, counters, judged

EXPOSITION = """
# HELP kezhi_cache_hits_total Look-ups that a cache answered.
# TYPE kezhi_cache_hits_total counter
kezhi_cache_hits_total{cache="schemas"} 71.0
kezhi_cache_misses_total{cache="schemas"} 9.0
kezhi_cache_entries{cache="schemas"} 9.0
kezhi_cache_hits_total{cache="plans"} 1e+06
kezhi_graphql_requests_total{code="OK"} 80.0
"""


def walk(title: str, resident: list[float]) -> Walk:
    return Walk(title, tuple(resident), 0.0, 0.0, 1.0)


def test_counters_are_read_by_cache() -> None:
    assert counters(EXPOSITION) == {
        "schemas": {"hits": 71.0, "misses": 9.0, "entries": 9.0},
        "plans": {"hits": 1_000_000.0},
    }


def test_growth_that_stops_is_told_from_growth_that_goes_on() -> None:
    own = [100.0 + 4 * min(number, 120) for number in range(300)]
    walks = [walk("equal", [90.0] * 20 + [90.1] * 20), walk("own", own), walk("again", [580.0] * 299 + [638.0])]

    assert [str(each) for each in judged(walks)] == [
        "ok  memory per further tenant of equal metadata, MB  0.00  ≤ 0.25",
        "ok  with metadata of its own, while cached, MB  4.00  ≤ 5",
        "ok  with metadata of its own, once others are pushed out, MB  0.00  ≤ 0.05",
        "short  walked again, memory at the end / before  1.10  ≤ 1.05",
        "ok  memory after 340 tenants, MB  638.00  ≤ 1024",
    ]
