"""`./kezhi bench reads`: load, start every server, measure in turns, write the results, judge the targets.

`--quick` does all of it in small and judges nothing: it shows that the benchmark itself works.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import asyncpg

from bench.reads import data, peers, processor, servers
from bench.reads.peers import PeerMissing
from bench.reads.queries import QUERIES
from bench.reads.report import Run, report
from bench.reads.rounds import Plan, Rounds
from bench.reads.servers import Place, Server
from bench.reads.statements import hard_wired
from bench.reads.targets import MANY, ONE, judged
from cli import servers as embedded
from tenants.settings import MOST_BUDGET, Settings, encode_master_key, process_environment

RESULTS = peers.ROOT / "bench" / "results" / "reads.md"
_FULL = Plan(seconds=2.0, rounds=5, warm_seconds=1.0)
_QUICK = Plan(seconds=0.1, rounds=1, warm_seconds=0.1)
_SMALLER = 100
_COLD_TIMES = 15
_POSTGRES = {"shared_buffers": "1GB", "max_parallel_workers_per_gather": "0"}


def main() -> int:
    """Zero only if no target is short."""
    parser = argparse.ArgumentParser(prog="./kezhi bench reads", description="reads beside the limit and the peers")
    parser.add_argument("--quick", action="store_true", help="small and short, without judging")
    parser.add_argument("--without-peers", action="store_true", help="only the limit and Kezhi")
    parser.add_argument("--rounds", type=int, default=_FULL.rounds)
    parser.add_argument("--seconds", type=float, default=_FULL.seconds, help="of each round")
    options = parser.parse_args()
    plan = _QUICK if options.quick else Plan(options.seconds, options.rounds, _FULL.warm_seconds)
    busy = os.getloadavg()[0]
    run = _measure(plan, quick=options.quick, with_peers=not (options.quick or options.without_peers), busy=busy)
    results = judged(run.cells, run.statements, run.cold)
    page = report(run, results)
    print(page)
    if options.quick:
        return 0
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(page)
    print("\n".join(map(str, results)))
    return 0 if all(result.is_ok for result in results) else 1


def _measure(plan: Plan, *, quick: bool, with_peers: bool, busy: float) -> Run:
    server_core, other_core = processor.cores()
    sizes = data.Sizes().divided(_SMALLER if quick else 1)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kezhi-bench-")))
        folder.chmod(0o711)
        started = stack.enter_context(embedded.running(folder, durable=False, postgres_settings=_settings(quick=quick)))
        environ = {
            **process_environment(),
            "DATABASE_URL": started.database_url,
            "BROKER_URL": started.broker_url,
            # Budgets are counted, and never spent: that would measure the refusal.
            "KEZHI_PRINCIPAL_COST_PER_SECOND": str(MOST_BUDGET),
            "KEZHI_TENANT_COST_PER_SECOND": str(MOST_BUDGET),
            "KEZHI_MASTER_KEY": encode_master_key(bytes(range(32))),
        }
        settings = Settings.from_environ(environ)
        loaded = asyncio.run(data.load(settings, sizes))
        place = Place(started.database_url, environ, loaded, folder, server_core)
        processor.pin(started.children[0].process.pid, other_core)
        statements = asyncio.run(hard_wired(settings, loaded, QUERIES))
        notes: list[str] = []
        running = _started(stack, place, statements, notes, with_peers=with_peers)
        rounds = Rounds(loaded, started.children[0], other_core)
        return _rounds(rounds, place, running, Run(running, QUERIES, {}, {}, {}, notes, plan, busy))


def _settings(*, quick: bool) -> dict[str, str]:
    return _POSTGRES | ({"shared_buffers": "64MB"} if quick else {})


def _started(stack: ExitStack, place: Place, statements: object, notes: list[str], *, with_peers: bool) -> list[Server]:
    running = [stack.enter_context(servers.hard_wired(place, statements)), *stack.enter_context(servers.kezhi(place))]
    if not with_peers:
        notes.append("The peers were left out.")
        return running
    for name, start in (("PostGraphile", servers.postgraphile), ("Strawberry + SQLAlchemy", servers.naive)):
        try:
            running.append(stack.enter_context(start(place)))
        except PeerMissing as missing:
            notes.append(f"{name} was left out: {missing}.")
    return running


def _rounds(rounds: Rounds, place: Place, running: list[Server], run: Run) -> Run:
    quick = list(QUERIES)
    kezhi, others = next(each for each in running if each.name == "kezhi"), {"limit", "postgraphile", "naive"}
    rounds.require_same_answers(kezhi, [each for each in running if each.name in others], quick)
    rounds.run([each for each in running if each.name != "naive"], quick, MANY, run.plan)
    rounds.run([each for each in running if each.name not in {"team", "few"}], quick[:4], ONE, run.plan)
    cold = {query.name: rounds.cold(kezhi, query, _COLD_TIMES) for query in QUERIES}
    counted = asyncio.run(_counted(rounds, place, running))
    return Run(run.servers, run.queries, rounds.cells, counted, cold, run.notes, run.plan, run.busy)


async def _counted(rounds: Rounds, place: Place, running: list[Server]) -> dict[tuple[str, str], tuple[float, float]]:
    connection = await asyncpg.connect(place.cell_url)
    try:
        return await rounds.statements(connection, running, list(QUERIES))
    finally:
        await connection.close()


if __name__ == "__main__":
    sys.exit(main())
