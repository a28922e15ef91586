"""`./kezhi bench audit`: 500 entries a second of one tenant beside the sequencer, its capacity, and searches at a million.

`--quick` does it in small and judges nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import uuid4

import sqlalchemy as sa

from bench.inside.stage import Stage, analyzed, processor_seconds, staged, started
from bench.verdicts import Result, conclude
from jobs.sequencer import Sequencer
from schema.tables.audit import audit_entry
from services import audit, query
from services.audit import Entry
from services.query.plan import Compare, Connection, ConnectionRoot, Leaf, Nodes, Page, Parameter, Plan, Selection
from tenants.administration import administrator, connected

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tenants.context import Work
    from tenants.settings import Settings

# Entries a second of one tenant, how many stand in a transaction, and how many write at once.
_RATE, _IN_ONE, _WRITERS = 500, 5, 5
_BATCH = 1_000
_PAGE = 50
_TARGET_MS = 20.0
# Entries as they come, spread over people, actions, objects and records; the chain is no part of searching.
_MANY = (
    "INSERT INTO audit_entry (id, seq, created_at, principal_kind, principal_id, action, object_name, record_id, body)"
    " SELECT gen_random_uuid(), (SELECT coalesce(max(seq), 0) FROM audit_entry) + n, now() - n * interval '1 second',"
    " 'user', ('00000000-0000-7000-8000-' || lpad((n %% 200)::text, 12, '0'))::uuid,"
    " (ARRAY['customer.updated', 'contact.created', 'session.opened', 'record.read'])[1 + n %% 4],"
    " (ARRAY['customer', 'contact', 'user', 'lead'])[1 + n %% 4],"
    " ('00000000-0000-7000-8001-' || lpad((n %% 50000)::text, 12, '0'))::uuid,"
    " convert_to('{\"details\": {}}', 'UTF8') FROM generate_series(1, %d) AS n"
)
_ASKED = (
    ("who", "principalId", "00000000-0000-7000-8000-000000000007"),
    ("what", "action", "session.opened"),
    ("object", "objectName", "lead"),
    ("record", "recordId", "00000000-0000-7000-8001-000000000007"),
    ("nobody", "principalId", "00000000-0000-7000-8000-000000009999"),
)


@dataclass(slots=True)
class Found:
    """One run."""

    written: int = 0
    seconds: float = 0.0
    most_waiting: int = 0
    behind_seconds: float = 0.0
    capacity: float = 0.0
    capacity_processor: float = 0.0
    rows: int = 0
    searches: dict[str, float] = field(default_factory=dict)


async def measure(settings: Settings, *, seconds: int, batch: int, rows: int) -> Found:
    """All three parts."""
    found = Found(rows=rows)
    async with staged(settings, "somebody") as stage:
        sequencer = Sequencer(stage.installation.cells, stage.installation.catalog, stage.placement.cell, uuid4())
        while await sequencer.sequence() or sequencer.is_behind:
            pass
        await _beside(stage, sequencer, found, seconds)
        await _at_once(stage, sequencer, found, batch)
        verified = await stage.read(lambda work: audit.verify(work, audit.Examined()))
        assert verified.holds, verified.first
        await _searched(stage, found)
    return found


async def _beside(stage: Stage, sequencer: Sequencer, found: Found, seconds: int) -> None:
    """Writers at a steady rate, a few entries a transaction, while the sequencer takes turn after turn."""
    began, ended = time.monotonic(), asyncio.Event()

    async def write() -> None:
        for number in range(seconds * _RATE // _WRITERS // _IN_ONE):
            due = began + number * _WRITERS * _IN_ONE / _RATE
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            await stage.write(
                lambda work: audit.append(work, [Entry("bench.done", "customer", uuid4()) for _ in range(_IN_ONE)])
            )
            found.written += _IN_ONE

    async def link() -> None:
        while not ended.is_set():
            if not await sequencer.sequence():
                await asyncio.sleep(0.01)

    async def watch() -> None:
        while not ended.is_set():
            found.most_waiting = max(found.most_waiting, await _waiting(stage))
            await asyncio.sleep(0.25)

    others = [asyncio.create_task(link()), asyncio.create_task(watch())]
    await asyncio.gather(*(write() for _ in range(_WRITERS)))
    found.seconds = time.monotonic() - began
    while await _waiting(stage):  # noqa: ASYNC110 - another process would be asked in the same way
        await asyncio.sleep(0.01)
    found.behind_seconds = time.monotonic() - began - found.seconds
    ended.set()
    await asyncio.gather(*others)


async def _at_once(stage: Stage, sequencer: Sequencer, found: Found, batch: int) -> None:
    """How many it links in a second where they wait for it."""

    async def put(work: Work) -> None:
        await audit.append(work, [Entry("bench.done", "customer", uuid4()) for _ in range(_BATCH)])

    for _ in range(batch // _BATCH):
        await stage.write(put)
    began, used = time.monotonic(), processor_seconds()
    while await sequencer.sequence():
        pass
    found.capacity = batch / (time.monotonic() - began)
    found.capacity_processor = batch / (processor_seconds() - used)


async def _searched(stage: Stage, found: Found) -> None:
    address = administrator(stage.installation.settings.database, stage.placement.cell)
    async with connected(address) as connection:
        await connection.control(f"SET search_path = {stage.placement.schema}, pg_catalog")
        await connection.control(_MANY % found.rows)
    await analyzed(stage)
    for name, by, operand in _ASKED:
        taken = []
        for _ in range(20):
            began = time.monotonic()
            await stage.read(lambda work, by=by, operand=operand: query.read(work, _plan(by), (operand, _PAGE)))  # type: ignore[misc]
            taken.append((time.monotonic() - began) * 1000)
        found.searches[name] = sorted(taken)[len(taken) // 2]


def _plan(by: str) -> Plan:
    leaves = tuple(Leaf(name, name) for name in ("seq", "createdAt", "action", "principalId", "recordId", "details"))
    nodes = Nodes("nodes", Selection("auditEntry", leaves))
    condition = Compare(by, "eq", Parameter(0))
    return Plan((ConnectionRoot("found", Connection("auditEntry", (nodes,), Page(Parameter(1)), condition)),))


async def _waiting(stage: Stage) -> int:
    waiting = sa.select(sa.func.count()).select_from(audit_entry).where(audit_entry.c.seq.is_(None))
    return int(await stage.read(lambda work: work.session.scalar(waiting)))


def judged(found: Found) -> list[Result]:
    """The targets."""
    slowest = max(found.searches.values())
    return [
        Result(
            "entries a second, written and linked", found.written / (found.seconds + found.behind_seconds), _RATE * 0.99
        ),
        Result("entries a second the sequencer can link", found.capacity, _RATE),
        Result("seconds behind when writing ended", found.behind_seconds, 1.0, is_ceiling=True),
        Result(f"ms of a page of {_PAGE}, median of the slowest search", slowest, _TARGET_MS, is_ceiling=True),
    ]


def page(found: Found, results: Sequence[Result], busy: float) -> str:
    """What is written down."""
    searches = "\n".join(f"| {name} | {taken:.2f} |" for name, taken in found.searches.items())
    rows = "\n".join(each.row for each in results)
    return f"""# Audit

One tenant, writers, sequencer and measuring in one process beside embedded PostgreSQL with fsync; load average before the run {busy:.1f}.

{found.written:,} entries were written at {_RATE} a second, {_IN_ONE} in a transaction, in {found.seconds:.1f} s; at most {found.most_waiting} waited
for their number. Where many wait, {found.capacity:,.0f} are linked in a second, {found.capacity_processor:,.0f} in a second of the process's processor time.

Pages of {_PAGE} of {found.rows:,} entries, newest first, whole transactions:

| by | median ms |
|---|---|
{searches}

| | measure | value | target |
|---|---|---|---|
{rows}
"""


def main() -> int:
    """Zero only if no target is short."""
    parser = argparse.ArgumentParser(prog="./kezhi bench audit", description="the sequencer beside its writers")
    parser.add_argument("--quick", action="store_true", help="small and short, without judging")
    options = parser.parse_args()
    busy = os.getloadavg()[0]
    sizes = (
        {"seconds": 2, "batch": 2_000, "rows": 5_000}
        if options.quick
        else {"seconds": 20, "batch": 50_000, "rows": 1_000_000}
    )
    with started() as settings:
        found = asyncio.run(measure(settings, **sizes))
    results = judged(found)
    return conclude("audit", page(found, results, busy), results, is_quick=options.quick)


if __name__ == "__main__":
    sys.exit(main())
