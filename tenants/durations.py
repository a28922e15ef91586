"""How long things take, as histograms at `/metrics`: counted in plain numbers for each, added up when somebody asks.

The library's own histogram takes two locks and walks its steps for each observation, and a warm read makes two of them.
Nothing here is locked: what is noted and what is told, is on the thread of the loop.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING

from prometheus_client import REGISTRY
from prometheus_client.core import HistogramMetricFamily
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry, Metric


class Taken:
    """How long things of one kind took: how many no longer than each of the rising steps, and all seconds together."""

    __slots__ = ("_steps", "counts", "total")

    def __init__(self, steps: Sequence[float]) -> None:
        self._steps = steps
        # By the first step that was not exceeded; the last of them exceeded all.
        self.counts: list[int] = [0] * (len(steps) + 1)
        self.total: float = 0.0

    def note(self, seconds: float) -> None:
        """One of them took so long."""
        self.counts[bisect_left(self._steps, seconds)] += 1
        self.total += seconds


class Durations(Collector):
    """The histogram of one name, with one label for kinds or with none."""

    def __init__(
        self,
        name: str,
        meaning: str,
        steps: Sequence[float],
        *,
        label: str | None = None,
        registry: CollectorRegistry = REGISTRY,
    ) -> None:
        self._name = name
        self._meaning = meaning
        self._steps = steps
        self._labels = () if label is None else (label,)
        self._kinds: dict[tuple[str, ...], Taken] = {}
        registry.register(self)

    def of(self, *kind: str) -> Taken:
        """Where things of a kind are noted; `ValueError` without one where there is a label, and with one where there is none."""
        if len(kind) != len(self._labels):
            msg = f"{self._name} has {len(self._labels)} labels"
            raise ValueError(msg)
        return self._kinds.setdefault(kind, Taken(self._steps))

    def collect(self) -> Iterator[Metric]:
        """The numbers of this moment."""
        names = [*map(floatToGoString, self._steps), "+Inf"]
        family = HistogramMetricFamily(self._name, self._meaning, labels=self._labels)
        for kind, taken in self._kinds.items():
            family.add_metric(kind, list(zip(names, accumulate(taken.counts), strict=True)), taken.total)
        yield family
