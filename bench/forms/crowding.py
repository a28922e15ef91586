"""Many writers over one record that keeps a sum of its lines, and ten thousand records computed anew beside writers."""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from bench.forms.defining import define, fill, id_of, new_object
from bench.forms.rolling import HEAD, NUMBER, REASONED, SUMMED, Form, derivations, derive, form, to
from bench.inside.stage import ORIGIN, analyzed
from bench.reads.data import record_id
from jobs.actor import Run
from schema.metadata.fields import Label
from services import metadata, records
from services.metadata import FieldDraft, RecalculateField
from tenants.errors import Unavailable
from tenants.sql import SCHEMA, Slot, ident, render, sql, value

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from bench.inside.stage import Stage
    from tenants.context import ReadWork, Work
    from tenants.settings import Settings
    from tenants.sql import Fragment

WRITERS = 50
_LINES_EACH = 5
_PAUSE = 0.02
_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Crowd:
    """Milliseconds of writes that were committed, how many were told to try again, and how many heads were wrong after."""

    seconds: float
    took: Sequence[float]
    refused: int
    wrong: int


@dataclass(frozen=True, slots=True)
class Anew:
    """A recalculation: how many records, its seconds, the progress that its job told, and writes of one line beside it."""

    records: int
    seconds: float
    progress: int
    before: Sequence[float]
    during: Sequence[float]
    wrong: int


async def crowd(stage: Stage, seconds: float) -> Crowd:
    """Each of the writers makes, changes and deletes lines of one head, one after the other; half of the time of a head with
    a sum, which is written along with its lines, and half of one with a formula over it, which is written after them.
    """
    one = await _crowd(stage, SUMMED, seconds / 2)
    two = await _crowd(stage, REASONED, seconds / 2)
    return Crowd(seconds, (*one.took, *two.took), one.refused + two.refused, one.wrong + two.wrong)


async def _crowd(stage: Stage, kind: str, seconds: float) -> Crowd:
    one = await form(stage, f"crowd{len(derivations(kind))}", heads=1, lines=20, derived=derivations(kind))
    took: list[float] = []
    refused = [0] * WRITERS
    until = time.perf_counter() + seconds

    async def write(seed: int) -> None:
        dice, mine = random.Random(seed), list[UUID]()
        while time.perf_counter() < until:
            began = time.perf_counter()
            try:
                await _some_deed(stage, one, dice, mine)
            except Unavailable:
                refused[seed] += 1
            else:
                took.append((time.perf_counter() - began) * 1000)

    await asyncio.gather(*map(write, range(WRITERS)))
    return Crowd(seconds, took, sum(refused), await _wrong(stage, one.head, one.heads))


async def _some_deed(stage: Stage, one: Form, dice: random.Random, mine: list[UUID]) -> None:
    deed = dice.choice(["new", "change", "change", "delete"]) if mine else "new"
    if deed == "new":
        line = {NUMBER: dice.randint(-9, 9), HEAD: one.heads[0]}
        mine += (await stage.write(lambda work: records.create(work, one.name, [line]))).ids
    elif deed == "change":
        await stage.write(
            lambda work: records.update(work, one.name, [dice.choice(mine)], {NUMBER: dice.randint(-9, 9)})
        )
    else:
        gone = mine[-1]
        await stage.write(lambda work: records.delete(work, one.name, [gone]))
        mine.remove(gone)


async def anew(stage: Stage, settings: Settings, heads: int) -> Anew:
    """Nothing is computed of any head when it begins; lines are written until it is done."""
    head = await new_object(stage, "anew", [])
    line = await new_object(stage, "anewLine", [FieldDraft(Label(en="number"), "integer", name="number"), to(head)])
    for each in derivations(REASONED):
        await derive(stage, head, each)
    names = (await stage.read(metadata.registry)).names
    await fill(stage, settings, head, {}, heads)
    of_head = id_of(names[head].number, f"(i % {heads})")
    await fill(stage, settings, line, {NUMBER: "i % 7", "head_c": of_head}, heads * _LINES_EACH)
    await analyzed(stage)
    number, dice = names[line].number, random.Random(0)

    async def write() -> float:
        at, to_be = record_id(number, dice.randrange(heads * _LINES_EACH)), dice.randint(8, 99)
        began = time.perf_counter()
        await stage.write(lambda work: records.update(work, line, [at], {NUMBER: to_be}))
        return (time.perf_counter() - began) * 1000

    before = [await write() for _ in range(100)]
    job = asyncio.create_task(_recalculated(stage, head))
    during = []
    while not job.done():
        during.append(await write())
        await asyncio.sleep(_PAUSE)
    seconds, progress = await job
    ids = [record_id(names[head].number, at) for at in range(heads)]
    return Anew(heads, seconds, progress, before, during, await _wrong(stage, head, ids))


async def _recalculated(stage: Stage, head: str) -> tuple[float, int]:
    made = await define(stage, lambda work: metadata.recalculate_field(work, head, "sum_c"))
    assert made.job_id is not None, "a recalculation is a job"
    job_id = made.job_id
    began = time.perf_counter()
    run = Run(stage.installation, stage.placement, ORIGIN)
    await metadata.run_recalculation(run, RecalculateField(head, "sum_c", job_id))
    took = time.perf_counter() - began
    asked = render(sql("SELECT progress FROM {schema}.job WHERE id = {id}", schema=SCHEMA, id=value("id", "uuid")))

    async def progress(work: ReadWork) -> int:
        ((done,),) = await work.session.fetch(asked.bound(work.session.schema, {"id": job_id}))
        return int(done)

    return took, await stage.read(progress)


async def _wrong(stage: Stage, head: str, ids: Sequence[UUID]) -> int:
    """How many of them hold something else than what is found from scratch."""
    found = 0
    for at in range(0, len(ids), _AT_ONCE):
        found += await stage.write(_wrong_among(head, ids[at : at + _AT_ONCE]))
    return found


def _wrong_among(head: str, ids: Sequence[UUID]) -> Callable[[Work], Awaitable[int]]:
    async def ask(work: Work) -> int:
        known = await metadata.registry(work)
        wanted = metadata.roll_ups_of(known.shape, head)
        right = await metadata.roll_up_values(work, known, wanted, ids)
        has_half = known.shape.field(head, "half_c") is not None
        held = render(_held(head, has_half=has_half)).bound(work.session.schema, {"ids": list(ids)}, known.physical)
        rows = await work.session.fetch(held)
        good = [
            row["id"]
            for row in rows
            if row["sum"] == right[row["id"]]["sum_c"] and (not has_half or row["half"] == Decimal(row["sum"] or 0) / 2)
        ]
        return len(ids) - len(good)

    return ask


def _held(head: str, *, has_half: bool) -> Fragment:
    return sql(
        "SELECT id, {sum} AS sum, {half} AS half FROM {schema}.{table} WHERE id = ANY({ids})",
        sum=ident(Slot(head, "sum_c")),
        half=ident(Slot(head, "half_c")) if has_half else sql("NULL"),
        schema=SCHEMA,
        table=ident(Slot(head)),
        ids=value("ids", "uuid[]"),
    )
