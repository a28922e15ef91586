"""How a run is wished for; every part is handed the same."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plan:
    """How long the rounds may take."""

    seconds: float
    rounds: int
    warm_seconds: float


@dataclass(frozen=True, slots=True)
class Options:
    """In small, to see that the benchmark itself works, or in full; with the peers or without them."""

    plan: Plan
    is_quick: bool = False
    with_peers: bool = True
    # Processes that wanted to run when the run began, without ours.
    busy: float = 0.0


FULL = Plan(seconds=2.0, rounds=5, warm_seconds=1.0)
QUICK = Plan(seconds=0.05, rounds=1, warm_seconds=0.0)
