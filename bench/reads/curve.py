"""A curve in a few characters and a few numbers: how something grew, and whether it has stopped growing."""

from __future__ import annotations

from statistics import mean
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_STEPS = "▁▂▃▄▅▆▇█"
_WIDTH = 40
_QUARTER = 4


def sparkline(values: Sequence[float], *, width: int = _WIDTH) -> str:
    """The course of the values, from nothing to the largest."""
    top = max(values, default=0.0)
    if top <= 0:
        return ""
    return "".join(_STEPS[min(int(each / top * len(_STEPS)), len(_STEPS) - 1)] for each in thinned(values, width))


def thinned(values: Sequence[float], most: int) -> list[float]:
    """At most so many of the values, evenly spread, the first and the last among them."""
    if len(values) <= most:
        return list(values)
    return [values[round(number * (len(values) - 1) / (most - 1))] for number in range(most)]


def growth(values: Sequence[float]) -> float:
    """The last quarter as a multiple of the one before it: one where the curve has levelled off."""
    quarter = max(1, len(values) // _QUARTER)
    before = values[-2 * quarter : -quarter] or values[:1]
    level = mean(before)
    return mean(values[-quarter:]) / level if level else 1.0


def slope(counts: Sequence[int], values: Sequence[float]) -> float:
    """How much one more of what is counted adds: the line of least squares."""
    middle, level = mean(counts), mean(values)
    spread = sum((each - middle) ** 2 for each in counts)
    return sum((x - middle) * (y - level) for x, y in zip(counts, values, strict=True)) / spread if spread else 0.0
