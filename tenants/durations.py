"""How long things take, as histograms at `/metrics`: counted in plain numbers for each, added up when somebody asks.

The library's own histogram takes two locks and walks its steps for each observation; every request makes two of them.
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


class Duration:
    """Things of one kind, in seconds. `steps` rise; each counts what took no longer, and more than the one before."""

    __slots__ = ("_steps", "counts", "total")

    def __init__(self, steps: Sequence[float]) -> None:
        self._steps = steps
        # One more for what took longer than the last step.
        self.counts: list[int] = [0] * (len(steps) + 1)
        self.total: float = 0.0

    def note(self, seconds: float) -> None:
        """One of them took so long."""
        self.counts[bisect_left(self._steps, seconds)] += 1
        self.total += seconds


class Durations(Collector):
    """The histogram of one name, by the kinds of one label; without a label there is one kind, `""`."""

    def __init__(
        self,
        name: str,
        meaning: str,
        steps: Sequence[float],
        *,
        label: str = "",
        registry: CollectorRegistry = REGISTRY,
    ) -> None:
        self._name = name
        self._meaning = meaning
        self._steps = steps
        self._label = label
        self._kinds: dict[str, Duration] = {}
        registry.register(self)

    def of(self, kind: str = "") -> Duration:
        """Where things of a kind are noted."""
        return self._kinds.setdefault(kind, Duration(self._steps))

    def collect(self) -> Iterator[Metric]:
        """The numbers of this moment."""
        names = [*map(floatToGoString, self._steps), "+Inf"]
        family = HistogramMetricFamily(self._name, self._meaning, labels=(self._label,) if self._label else ())
        for kind, each in self._kinds.items():
            # Read at once, so that what is counted meanwhile stands in all of it or in none.
            counts, total = list(each.counts), each.total
            buckets = list(zip(names, accumulate(counts), strict=True))
            family.add_metric((kind,) if self._label else (), buckets, total)
        yield family
