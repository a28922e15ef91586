"""What a run is told as: tables in Markdown, the same on the terminal and in `bench/results/reads.md`."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.reads.targets import MANY, ONE
from tenants.clock import utc_now

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bench.reads.queries import Query
    from bench.reads.rounds import Cell, Plan
    from bench.reads.servers import Server
    from bench.reads.targets import Result

_QUIET = 1.0


@dataclass(frozen=True, slots=True)
class Run:
    """Everything that a run found."""

    servers: Sequence[Server]
    queries: Sequence[Query]
    cells: Mapping[tuple[str, str, int], Cell]
    statements: Mapping[tuple[str, str], tuple[float, float]]
    cold: Mapping[str, float]
    notes: Sequence[str]
    plan: Plan
    # Processes that wanted to run when the run began, without ours.
    busy: float


def report(run: Run, results: Sequence[Result]) -> str:
    """The whole page."""
    parts = [
        "# Reads",
        _setting(run),
        *(f"* {note}" for note in run.notes),
        "## Queries",
        "\n".join(f"* **{each.name}** {each.title}" for each in run.queries),
        _table(run, "Throughput, requests/s", MANY, lambda cell: f"{cell.rate:,.0f}"),
        _ratio(run),
        _table(run, "Processor time per request, µs: server / PostgreSQL", MANY, _processor),
        _table(run, "Latency, ms: p50 / p99", MANY, lambda cell: f"{cell.p50:.2f} / {cell.p99:.1f}"),
        _table(run, "One at a time, requests/s", ONE, lambda cell: f"{cell.rate:,.0f}"),
        _table(run, "One at a time, ms: p50 / p99", ONE, lambda cell: f"{cell.p50:.2f} / {cell.p99:.1f}"),
        _table(run, "Answer, bytes (whole response)", MANY, lambda cell: f"{cell.size:,.0f}"),
        _statements(run),
        "## A document that was never seen, ms\n\n"
        + ", ".join(f"{name} {milliseconds:.1f}" for name, milliseconds in run.cold.items()),
        "## Targets\n\n```\n" + "\n".join(map(str, results)) + "\n```",
    ]
    return "\n\n".join(parts) + "\n"


def _setting(run: Run) -> str:
    quiet = "" if run.busy < _QUIET else " **The machine was not quiet: trust processor time and ratios.**"
    return (
        f"{utc_now():%Y-%m-%d %H:%M} UTC, Python {platform.python_version()}, {os.cpu_count()} cores, load "
        f"{run.busy:.1f} at the start.{quiet} One process for each server on the first core, PostgreSQL and the load on "
        f"the second; {run.plan.rounds} rounds of {run.plan.seconds:g} s, servers in turns, drained between; medians. "
        "Tokens, permissions, limits, metrics and request ids are on for Kezhi; there is no tracing yet. All answer the "
        "same records, in each server's own words; PostGraphile sets the tenant's role for every request, as Kezhi does; (a) and (e) set none."
    )


def _table(run: Run, title: str, connections: int, shown: Callable[[Cell], str]) -> str:
    names = [each.name for each in run.queries if any(key[1:] == (each.name, connections) for key in run.cells)]
    lines = [f"| server | {' | '.join(names)} |", "|---" * (len(names) + 1) + "|"]
    for server in run.servers:
        cells = [run.cells.get((server.name, name, connections)) for name in names]
        if any(cells):
            lines.append(f"| {server.title} | {' | '.join('–' if each is None else shown(each) for each in cells)} |")
    return f"## {title}, {connections} connections\n\n" + "\n".join(lines)


def _ratio(run: Run) -> str:
    """The same rates as parts of the limit's."""
    limits = {name: cell.rate for (server, name, many), cell in run.cells.items() if (server, many) == ("limit", MANY)}
    names = [each.name for each in run.queries if each.name in limits]
    lines = [f"| server | {' | '.join(names)} |", "|---" * (len(names) + 1) + "|"]
    for server in run.servers:
        cells = [(run.cells.get((server.name, name, MANY)), limits[name]) for name in names]
        shown = ("–" if cell is None else f"{cell.rate / limit:.2f}" for cell, limit in cells)
        lines.append(f"| {server.title} | {' | '.join(shown)} |")
    return f"## Throughput as a part of the limit, {MANY} connections\n\n" + "\n".join(lines)


def _processor(cell: Cell) -> str:
    return f"{cell.server_us:,.0f} / {cell.postgres_us:,.0f}"


def _statements(run: Run) -> str:
    names = [each.name for each in run.queries]
    lines = [f"| server | {' | '.join(names)} |", "|---" * (len(names) + 1) + "|"]
    for server in run.servers:
        found = [run.statements.get((server.name, name)) for name in names]
        shown = ("–" if each is None else f"{each[0]:g} + {each[1]:g}" for each in found)
        lines.append(f"| {server.title} | {' | '.join(shown)} |")
    return "## Statements per request + messages that begin and end the transaction\n\n" + "\n".join(lines)
