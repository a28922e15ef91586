"""Part `tenants`: three hundred tenants in turns through two API processes, beside the same load by one of them.

First with equal metadata, then each with metadata of its own. While the load runs, the memory of both processes and of
every backend of PostgreSQL is looked at.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from bench.reads import crowd, load, processor, servers
from bench.reads.curve import growth, sparkline, thinned
from bench.reads.data import Sizes
from bench.reads.memory import requests_of
from bench.reads.results import Section, table
from bench.reads.stage import staged
from bench.verdicts import Result

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.reads.crowd import Member
    from bench.reads.options import Options
    from bench.reads.stage import Stage
    from cli.processes import Child

TENANTS, _FEW_TENANTS = 300, 2
_SIZES, _FEW = Sizes(1_000, 2_000, 2_000, 2_000), Sizes(20, 40, 40, 40)
_ASKED = ("Q1", "Q2", "Q6")
_PROCESSES, _CONNECTIONS = 2, 8
_ROUNDS, _ALONE, _IN_TURNS = 3, 10.0, 30.0
_QUICK_SECONDS = 0.3
_EVERY_SECONDS = 0.5
_TIMES, _LEVEL = 3.0, 1.05
_POINTS = 10
# How backends of the API call themselves; they show whom they serve.
_RUNTIME = "runtime_"


@dataclass(frozen=True, slots=True)
class Round:
    """What one round of load measured: both processes together."""

    rate: float
    p50: float
    p99: float


@dataclass(slots=True)
class Kind:
    """One kind of metadata: the rounds of one tenant alone and of all in turns, and the memory of everybody meanwhile."""

    title: str
    alone: list[Round] = field(default_factory=list)
    in_turns: list[Round] = field(default_factory=list)
    # Megabytes by process, look after look.
    looks: list[dict[str, float]] = field(default_factory=list)

    def curve(self, name: str) -> list[float]:
        """The memory of one process; nothing while it is not there."""
        return [each.get(name, 0.0) for each in self.looks]

    def steady(self, kind: str) -> list[list[float]]:
        """The curves of the processes of one kind that were there all through the second half, the largest first."""
        names = {name for each in self.looks for name in each if name.startswith(kind)}
        late = self.looks[len(self.looks) // 2 :]
        there = [self.curve(name) for name in sorted(names) if all(name in each for each in late)]
        return sorted(there, key=lambda curve: -curve[-1])

    def together(self, kind: str) -> list[float]:
        """The sum over all processes of one kind."""
        return [sum(memory for name, memory in each.items() if name.startswith(kind)) for each in self.looks]


class Crowd:
    """The tenants, the processes that answer for them, and who watches."""

    def __init__(self, stage: Stage, members: Sequence[Member], running: Sequence[tuple[Child, int]]) -> None:
        self._stage = stage
        self._members = members
        self._processes = [child.process.pid for child, _ in running]
        self._ports = [port for _, port in running]

    def measure(self, title: str, *, rounds: int, alone: float, in_turns: float) -> Kind:
        """Warm up, then one tenant and all of them by turns."""
        kind = Kind(title)
        self._ask(self._members[:1], alone / 2, kind, is_watched=False)
        self._ask(self._members, in_turns, kind, is_watched=True)
        for _ in range(rounds):
            kind.alone.append(self._ask(self._members[:1], alone, kind, is_watched=False))
            kind.in_turns.append(self._ask(self._members, in_turns, kind, is_watched=True))
        return kind

    def _ask(self, members: Sequence[Member], seconds: float, kind: Kind, *, is_watched: bool) -> Round:
        """Both processes at once. The next request is always for the next tenant."""
        by_query = zip(*(requests_of(each, _ASKED) for each in members), strict=True)
        requests = [request for each in by_query for request in each]
        loads = [self._load(port, requests, seconds) for port in self._ports]
        while any(each.poll() is None for each in loads):
            if is_watched:
                self._look(kind)
            with contextlib.suppress(subprocess.TimeoutExpired):
                loads[0].wait(_EVERY_SECONDS)
        found = [_told(each) for each in loads]
        return Round(
            sum(each["count"] / each["seconds"] for each in found),
            median(each["p50"] for each in found),
            max(each["p99"] for each in found),
        )

    def _load(self, port: int, requests: Sequence[bytes], seconds: float) -> subprocess.Popen[str]:
        wanted = {
            "port": port, "requests": [base64.b64encode(each).decode() for each in requests],
            "connections": _CONNECTIONS, "seconds": seconds, "core": self._stage.other_core,
        }  # fmt: skip
        told = self._stage.folder / f"load-{port}.json"
        told.write_text(json.dumps(wanted))
        with told.open() as given:
            return subprocess.Popen(  # noqa: S603 - a module of ours
                [sys.executable, "-I", "-S", str(Path(load.__file__))],
                stdin=given, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            )  # fmt: skip

    def _look(self, kind: Kind) -> None:
        seen = {f"API {number}": processor.memory(process) for number, process in enumerate(self._processes, 1)}
        for process in processor.family(self._stage.postgres.process.pid):
            if _RUNTIME in processor.title(process):
                seen[f"backend {process}"] = processor.memory(process)
        kind.looks.append(seen)


def measure(options: Options) -> Section:
    """Equal metadata, then metadata of their own."""
    count, sizes = (_FEW_TENANTS, _FEW) if options.is_quick else (TENANTS, _SIZES)
    rounds, alone, in_turns = (1, _QUICK_SECONDS, _QUICK_SECONDS) if options.is_quick else (_ROUNDS, _ALONE, _IN_TURNS)
    with ExitStack() as stack:
        stage = stack.enter_context(staged(is_quick=options.is_quick))
        members = asyncio.run(crowd.gather(stage.settings, equal=count, own=0, sizes=sizes))
        # Both share the first core; PostgreSQL and the load have the other.
        running = [
            stack.enter_context(servers.api(stage.folder, stage.environ, stage.core, name=f"api-{number}"))
            for number in range(_PROCESSES)
        ]
        everybody = Crowd(stage, members, running)
        equal = everybody.measure("equal metadata", rounds=rounds, alone=alone, in_turns=in_turns)
        asyncio.run(crowd.differ(stage.settings, members))
        own = everybody.measure("metadata of their own", rounds=rounds, alone=alone, in_turns=in_turns)
    results = [*judged(equal), *judged(own)]
    return Section("tenants", f"{count} tenants in turns", _text(count, (equal, own)), results)


def _told(process: subprocess.Popen[str]) -> dict[str, Any]:  # JSON of `load`
    said, failed = process.communicate()
    if process.returncode != 0:
        raise RuntimeError(failed[-500:])
    found: dict[str, Any] = json.loads(said)
    if found["bad"]:
        raise RuntimeError(f"{found['bad']} requests were refused: {found['said']}")
    return found


def _text(count: int, kinds: Sequence[Kind]) -> str:
    latencies = []
    for kind in kinds:
        for title, rounds in (("one tenant", kind.alone), (f"{count} in turns", kind.in_turns)):
            rate, p50, p99 = (median(getattr(each, name) for each in rounds) for name in ("rate", "p50", "p99"))
            latencies.append([kind.title, title, f"{rate:,.0f}", f"{p50:.2f}", f"{p99:.1f}"])
    curves = [[kind.title, *row] for kind in kinds for row in _curves(kind)]
    told = (
        f"{', '.join(_ASKED)}, each tenant's administrator in turn, {_CONNECTIONS} connections to each of {_PROCESSES} API "
        "processes on one core; p99 is that of the slower process, medians over the rounds."
    )
    watched = f"Memory of its own of each process, looked at every {_EVERY_SECONDS:g} s while all tenants ask:"
    return "\n\n".join([
        told,
        table(["metadata", "load", "requests/s", "p50, ms", "p99, ms"], latencies),
        watched,
        table(["metadata", "process", "curve", "MB", "last quarter / the one before"], curves),
    ])


def _curves(kind: Kind) -> list[list[str]]:
    backends = kind.steady("backend")
    shown = [
        *((f"API {number}", curve) for number, curve in enumerate(kind.steady("API"), 1)),
        (f"all {len(backends)} backends together", kind.together("backend")),
        *((title, backends[place]) for title, place in (("largest backend", 0), ("smallest backend", -1)) if backends),
    ]
    return [
        [name, sparkline(curve), ", ".join(f"{each:.0f}" for each in thinned(curve, _POINTS)), f"{growth(curve):.3f}"]
        for name, curve in shown
    ]


def judged(kind: Kind) -> list[Result]:
    """One kind of metadata against the targets."""
    alone, in_turns = (median(each.p99 for each in rounds) for rounds in (kind.alone, kind.in_turns))
    apis, backends = (max(map(growth, kind.steady(name)), default=1.0) for name in ("API", "backend"))
    return [
        Result(f"p99 in turns / p99 of one tenant, {kind.title}", in_turns / alone, _TIMES, is_ceiling=True),
        Result(f"memory of an API process levels off, {kind.title}", apis, _LEVEL, is_ceiling=True),
        Result(f"memory of a backend levels off, {kind.title}", backends, _LEVEL, is_ceiling=True),
    ]
