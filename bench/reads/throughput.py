"""Part `throughput`: every query through every server in turns, beside the limit and the peers, on one set of data."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from typing import TYPE_CHECKING

import asyncpg

from bench.reads import data, servers
from bench.reads.peers import PeerMissing
from bench.reads.queries import QUERIES
from bench.reads.report import Run, report
from bench.reads.results import Section
from bench.reads.rounds import Rounds
from bench.reads.servers import Place, Server
from bench.reads.stage import staged
from bench.reads.statements import hard_wired
from bench.reads.targets import MANY, ONE, judged

if TYPE_CHECKING:
    from bench.reads.options import Options
    from bench.reads.stage import Stage

_SMALLER = 100
_PEERS = (("PostGraphile", servers.postgraphile), ("Strawberry + SQLAlchemy", servers.naive))
_SAME = frozenset({"limit", "traced", "postgraphile", "naive"})


def measure(options: Options) -> Section:
    """Load, start every server, compare their answers, measure in turns."""
    with ExitStack() as stack:
        stage = stack.enter_context(staged(is_quick=options.is_quick))
        loaded = asyncio.run(data.load(stage.settings, data.Sizes().divided(_SMALLER if options.is_quick else 1)))
        place = Place(stage.servers.database_url, stage.environ, loaded, stage.folder, stage.core)
        statements = asyncio.run(hard_wired(stage.settings, loaded, QUERIES))
        notes: list[str] = []
        running = _started(stack, place, statements, notes, with_peers=options.with_peers)
        run = _rounds(stage, place, running, notes, options)
    results = judged(run.cells, run.statements)
    return Section("throughput", "Throughput beside the limit and the peers", report(run), results)


def _started(stack: ExitStack, place: Place, statements: object, notes: list[str], *, with_peers: bool) -> list[Server]:
    limit, traced = (
        stack.enter_context(each) for each in (servers.hard_wired(place, statements), servers.traced(place))
    )
    running = [limit, *stack.enter_context(servers.kezhi(place)), traced]
    if not with_peers:
        notes.append("The peers were left out.")
    for name, start in _PEERS if with_peers else ():
        try:
            running.append(stack.enter_context(start(place)))
        except PeerMissing as missing:
            notes.append(f"{name} was left out: {missing}.")
    return running


def _rounds(stage: Stage, place: Place, running: list[Server], notes: list[str], options: Options) -> Run:
    rounds, queries = Rounds(place.loaded, stage.postgres, stage.other_core), list(QUERIES)
    kezhi = next(each for each in running if each.name == "kezhi")
    same = rounds.require_same_answers(kezhi, [each for each in running if each.name in _SAME], queries)
    notes.append(f"{same} answers of the other servers were compared with those of (b): the same records in each.")
    # Beside sixteen others the naive one only makes everybody wait.
    rounds.run([each for each in running if each.name != "naive"], queries, MANY, options.plan)
    rounds.run([each for each in running if each.name not in {"team", "few"}], queries[:4], ONE, options.plan)
    counted = asyncio.run(_counted(rounds, place, running))
    return Run(running, queries, rounds.cells, counted, notes, options)


async def _counted(rounds: Rounds, place: Place, running: list[Server]) -> dict[tuple[str, str], tuple[float, float]]:
    connection = await asyncpg.connect(place.cell_url)
    try:
        return await rounds.statements(connection, running, list(QUERIES))
    finally:
        await connection.close()
