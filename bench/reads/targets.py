"""The targets of reads, and what a run says of each: `ok` or `short`, or nothing where a peer is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.verdicts import Result

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bench.reads.rounds import Cell

MANY, ONE = 16, 1
OF_LIMIT = {"Q1": 0.5, "Q2": 0.9, "Q3": 0.9, "Q4": 0.9, "Q6": 0.9, "Q8": 0.9}
OF_POSTGRAPHILE = {"Q1": 3.0, "Q2": 1.5, "Q3": 2.5, "Q4": 2.0}
OF_NAIVE = {"Q1": 15.0, "Q2": 15.0, "Q3": 25.0, "Q4": 10.0}
_MORE_MS = 1.0


def judged(
    cells: Mapping[tuple[str, str, int], Cell], statements: Mapping[tuple[str, str], tuple[float, float]]
) -> list[Result]:
    """Every target of throughput that this run can say something of."""
    own = [count for (server, _), (count, _) in statements.items() if server == "kezhi"]
    return [
        *_ratios(cells, "limit", MANY, OF_LIMIT),
        *_ratios(cells, "postgraphile", MANY, OF_POSTGRAPHILE),
        *_restricted(cells),
        *_ratios(cells, "naive", ONE, OF_NAIVE),
        Result("statements per operation", max(own), 1.0, is_ceiling=True),
    ]


def _ratios(
    cells: Mapping[tuple[str, str, int], Cell], peer: str, connections: int, targets: Mapping[str, float]
) -> Iterator[Result]:
    for query, target in targets.items():
        own, other = cells.get(("kezhi", query, connections)), cells.get((peer, query, connections))
        if own is not None and other is not None:
            measure = f"{query} throughput, kezhi / {peer}, {connections} at once"
            yield Result(measure, own.rate / other.rate, target)


def _restricted(cells: Mapping[tuple[str, str, int], Cell]) -> Iterator[Result]:
    whole = cells["kezhi", "Q4", MANY]
    yield Result("Q4 throughput, 20 owners / administrator", cells["team", "Q4", MANY].rate / whole.rate, 0.85)
    for name, title in (("team", "20 owners"), ("few", "10 records")):
        more = (cells[name, "Q2", MANY].postgres_us - cells["kezhi", "Q2", MANY].postgres_us) / 1000
        yield Result(f"Q2 database ms more, {title}", more, _MORE_MS, is_ceiling=True)
