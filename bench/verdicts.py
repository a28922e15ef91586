"""What a benchmark says in the end: each target as it was met or missed, and the page that keeps the figures."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_RESULTS = Path(__file__).resolve().parent / "results"


@dataclass(frozen=True, slots=True)
class Result:
    """One target, judged."""

    measure: str
    value: float
    target: float
    # Whether the value must stay below the target instead of above it.
    is_ceiling: bool = False

    @property
    def is_ok(self) -> bool:
        """Whether it is met."""
        return self.value <= self.target if self.is_ceiling else self.value >= self.target

    @property
    def mark(self) -> str:
        """In a word."""
        return "ok" if self.is_ok else "short"

    @property
    def wanted(self) -> str:
        """The target in signs."""
        return f"{'≤' if self.is_ceiling else '≥'} {self.target:g}"

    @property
    def row(self) -> str:
        """As a row of a table."""
        return f"| {self.mark} | {self.measure} | {self.value:,.2f} | {self.wanted} |"

    def __str__(self) -> str:
        return f"{self.mark}  {self.measure}  {self.value:.2f}  {self.wanted}"


def page_path(benchmark: str) -> Path:
    """Where its last figures are kept."""
    return _RESULTS / f"{benchmark}.md"


def conclude(benchmark: str, page: str, results: Sequence[Result], *, is_quick: bool) -> int:
    """Print the page and keep it; zero only if no target is short. What was measured in small is neither kept nor judged."""
    print(page)
    if is_quick:
        print("This was in small, and little was warm: the numbers say only that they can be measured.")
        return 0
    _RESULTS.mkdir(exist_ok=True)
    page_path(benchmark).write_text(page)
    print("\n".join(map(str, results)))
    return 0 if all(result.is_ok for result in results) else 1
