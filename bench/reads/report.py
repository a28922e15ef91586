"""What the rounds found, told in tables: throughput, processor time, latency, statements, and the peers in ratios."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.reads.results import table
from bench.reads.targets import MANY, OF_LIMIT, OF_NAIVE, OF_POSTGRAPHILE, ONE
from tenants.clock import utc_now

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bench.reads.options import Options
    from bench.reads.queries import Query
    from bench.reads.rounds import Cell
    from bench.reads.servers import Server

_QUIET = 1.0
# Whom Kezhi is compared with, how many at once, and what must be reached.
_OVER: tuple[tuple[str, int, Mapping[str, float]], ...] = (
    ("limit", MANY, OF_LIMIT),
    ("postgraphile", MANY, OF_POSTGRAPHILE),
    ("limit", ONE, {}),
    ("postgraphile", ONE, {}),
    ("naive", ONE, OF_NAIVE),
)


@dataclass(frozen=True, slots=True)
class Run:
    """Everything that a run found."""

    servers: Sequence[Server]
    queries: Sequence[Query]
    cells: Mapping[tuple[str, str, int], Cell]
    statements: Mapping[tuple[str, str], tuple[float, float]]
    notes: Sequence[str]
    options: Options


def report(run: Run) -> str:
    """The text of the section."""
    parts = [
        _setting(run),
        "\n".join(f"* {note}" for note in run.notes),
        "\n".join(f"* **{each.name}** {each.title}" for each in run.queries),
        "### Kezhi, administrator, over the others: throughput\n\n" + _over(run),
        _table(run, "Throughput, requests/s", MANY, lambda cell: f"{cell.rate:,.0f}"),
        _ratio(run),
        _table(run, "Processor time per request, µs: server / PostgreSQL", MANY, _processor),
        _table(run, "Latency, ms: p50 / p99", MANY, lambda cell: f"{cell.p50:.2f} / {cell.p99:.1f}"),
        _table(run, "One at a time, requests/s", ONE, lambda cell: f"{cell.rate:,.0f}"),
        _table(run, "One at a time, ms: p50 / p99", ONE, lambda cell: f"{cell.p50:.2f} / {cell.p99:.1f}"),
        _table(run, "Answer, bytes (whole response)", MANY, lambda cell: f"{cell.size:,.0f}"),
        _statements(run),
    ]
    return "\n\n".join(parts)


def _over(run: Run) -> str:
    """Ratios, each with what it must reach."""
    names = [each.name for each in run.queries]
    titles = {each.name: each.title for each in run.servers}
    rows = []
    for peer, connections, targets in _OVER:
        if peer in titles:
            cells = [_compared(run, peer, name, connections, targets.get(name)) for name in names]
            rows.append([f"{titles[peer]}, {connections} at once", *cells])
    return table(["over", *names], rows)


def _compared(run: Run, peer: str, query: str, connections: int, target: float | None) -> str:
    own, other = (run.cells.get((name, query, connections)) for name in ("kezhi", peer))
    if own is None or other is None:
        return "–"
    ratio = own.rate / other.rate
    return f"{ratio:.2f}" if target is None else f"{ratio:.2f} {'ok' if ratio >= target else 'short'} (≥ {target:g})"


def _setting(run: Run) -> str:
    quiet = "" if run.options.busy < _QUIET else " **The machine was not quiet: trust processor time and ratios.**"
    return (
        f"{utc_now():%Y-%m-%d %H:%M} UTC, Python {platform.python_version()}, {os.cpu_count()} cores, load "
        f"{run.options.busy:.1f} at the start.{quiet} One process for each server on the first core, PostgreSQL and the load on "
        f"the second; {run.options.plan.rounds} rounds of {run.options.plan.seconds:g} s, servers in turns, drained between; medians. "
        "Tokens, permissions, limits, metrics and request ids are on for Kezhi, and tracing with a ratio of 0; Q1 is asked with one "
        "request in a hundred traced as well. All answer the same records, in each server's own words. PostGraphile sets the "
        "tenant's role for every request, as Kezhi does; (a) and (e) set none."
    )


def _table(run: Run, title: str, connections: int, shown: Callable[[Cell], str]) -> str:
    names = [each.name for each in run.queries if any(key[1:] == (each.name, connections) for key in run.cells)]
    rows = []
    for server in run.servers:
        cells = [run.cells.get((server.name, name, connections)) for name in names]
        if any(cells):
            rows.append([server.title, *("–" if each is None else shown(each) for each in cells)])
    return f"### {title}, {_at_once(connections)}\n\n{table(['server', *names], rows)}"


def _ratio(run: Run) -> str:
    """The same rates as parts of the limit's."""
    limits = {name: cell.rate for (server, name, many), cell in run.cells.items() if (server, many) == ("limit", MANY)}
    names = [each.name for each in run.queries if each.name in limits]
    rows = []
    for server in run.servers:
        cells = [(run.cells.get((server.name, name, MANY)), limits[name]) for name in names]
        if any(cell for cell, _ in cells):
            rows.append([server.title, *("–" if cell is None else f"{cell.rate / limit:.2f}" for cell, limit in cells)])
    return f"### Throughput as a part of the limit, {_at_once(MANY)}\n\n{table(['server', *names], rows)}"


def _at_once(connections: int) -> str:
    return f"{connections} connection{'' if connections == 1 else 's'}"


def _processor(cell: Cell) -> str:
    return f"{cell.server_us:,.0f} / {cell.postgres_us:,.0f}"


def _statements(run: Run) -> str:
    names = [each.name for each in run.queries]
    rows = []
    for server in run.servers:
        found = [run.statements.get((server.name, name)) for name in names]
        rows.append([server.title, *("–" if each is None else f"{each[0]:g} + {each[1]:g}" for each in found)])
    told = (
        "From the log of the database. Setting a role or a limit counts with those that begin and end; (b) and (c) send "
        "all of them with the statement, in one round trip."
    )
    return f"### Statements per request + those that begin and end its transaction\n\n{told}\n\n{table(['server', *names], rows)}"
