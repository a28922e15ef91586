"""50,000 records of one user go to two others while somebody reads. `./kezhi bench access` has it as a part."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from bench.inside.stage import ORIGIN, Stage, analyzed, processor_seconds, staged
from bench.verdicts import Result
from jobs.actor import Run
from services import capabilities, hand_over, query, records
from services.hand_over import MoveRecords, Rule
from services.query.plan import Connection, ConnectionRoot, Leaf, Nodes, Page, Parameter, Plan, Selection

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from tenants.settings import Settings

CAPABILITIES = capabilities.CAPABILITIES
# Of each customer: one contact, two opportunities and one activity.
CUSTOMERS, FEW = 10_000, 100
_SECONDS = 30.0
_PAUSE = 0.05
_LIST = Plan((
    ConnectionRoot(
        "customers",
        Connection(
            "customer",
            (Nodes("nodes", Selection("customer", (Leaf("id", "id"), Leaf("name", "name")))),),
            Page(Parameter(0)),
        ),
    ),
))


@dataclass(frozen=True, slots=True)
class Found:
    """One run."""

    records: int
    seconds: float
    processor: float
    before: Sequence[float]
    during: Sequence[float]


async def measure(settings: Settings, customers: int) -> Found:
    """Fill, read, hand over while reading."""
    async with staged(settings, "leaver", "north", "south") as stage:
        leaver, north, south = stage.users
        total = await _filled(stage, leaver, customers)
        await analyzed(stage)
        before = [await _read(stage) for _ in range(100)]
        rules = (Rule(north, regions=("north",)), Rule(south))
        made = await stage.write(lambda work: hand_over.request(work, leaver, rules, deactivates=True))
        run = Run(stage.installation, stage.placement, ORIGIN)
        began, used, ended = time.monotonic(), processor_seconds(), asyncio.Event()
        reading = asyncio.create_task(_reading(stage, ended))
        await hand_over.move(run, MoveRecords(made.id, made.job_id))
        seconds = time.monotonic() - began
        ended.set()
        return Found(total, seconds, processor_seconds() - used, before, await reading)


async def _filled(stage: Stage, leaver: UUID, customers: int) -> int:
    owner = {"ownerId": str(leaver)}
    ids = await _made(
        stage,
        "customer",
        [{"name": f"客户 {n}", "region": ("north", "south")[n % 2], **owner} for n in range(customers)],
    )
    of = [{"customerId": str(each), **owner} for each in ids]
    await _made(stage, "contact", [{"name": "王", **each} for each in of])
    await _made(stage, "opportunity", [{"name": f"采购 {n}", **each} for each in of for n in range(2)])
    occurred = "2026-03-01T00:00:00Z"
    await _made(stage, "activity", [{"subject": "拜访", "occurredAt": occurred, **each} for each in of])
    return 5 * customers


async def _made(stage: Stage, name: str, given: Sequence[Mapping[str, object]]) -> list[UUID]:
    found: list[UUID] = []
    for start, end in pairwise([*range(0, len(given), records.LARGEST_SET), len(given)]):
        written = await stage.write(lambda work, some=given[start:end]: records.create(work, name, some))  # type: ignore[misc]
        found += written.ids
    return found


async def _reading(stage: Stage, ended: asyncio.Event) -> list[float]:
    taken = []
    while not ended.is_set():
        taken.append(await _read(stage))
        await asyncio.sleep(_PAUSE)
    return taken


async def _read(stage: Stage) -> float:
    began = time.monotonic()
    await stage.read(lambda work: query.read(work, _LIST, (50,)))
    return time.monotonic() - began


def told(found: Found) -> str:
    """The figures in words."""
    return f"""{found.records:,} records of one user, four fifths of them dependants of customers, by region to two others, and the user locked out.
One worker in one process, embedded PostgreSQL with fsync on the same machine.

| | |
|---|---|
| seconds | {found.seconds:.1f} |
| processor seconds of the worker, reads included | {found.processor:.1f} |
| a page of 50 read before, median / slowest, ms | {_median(found.before):.1f} / {max(found.before) * 1000:.1f} |
| a page of 50 read meanwhile, median / slowest, ms | {_median(found.during):.1f} / {max(found.during) * 1000:.1f} |"""


def judged(found: Found) -> list[Result]:
    """The targets. Reads share one core and one event loop with the worker here; blocked ones would wait a whole step."""
    step = found.seconds / max(1, found.records // records.LARGEST_SET)
    return [
        Result("seconds for 50,000 records", found.seconds * 50_000 / found.records, _SECONDS, is_ceiling=True),
        Result(
            "median read meanwhile, in steps of the hand-over", _median(found.during) / 1000 / step, 1, is_ceiling=True
        ),
    ]


def _median(taken: Sequence[float]) -> float:
    return sorted(taken)[len(taken) // 2] * 1000
