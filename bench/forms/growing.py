"""A long table gets fields and a unique rule while somebody writes to it."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.forms.defining import define, fill, new_object
from bench.inside.stage import ORIGIN, analyzed
from bench.reads.data import record_id
from jobs.actor import Run
from schema.metadata.fields import Label
from services import metadata, query, records
from services.metadata import BuildField, FieldChange, FieldDraft
from services.query.plan import Connection, ConnectionRoot, Leaf, Nodes, Page, Parameter, Plan, Selection

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.inside.stage import Stage
    from services.metadata import Defined
    from tenants.settings import Settings

_PAUSE = 0.02
_WRITES_BEFORE = 200
_SERIAL, _COUNT = "serial_c", "count_c"


@dataclass(frozen=True, slots=True)
class Grown:
    """Milliseconds until a new field was read, empty or with a default for all; and of writes around a unique rule: of
    another field, and of the one that is to be unique.
    """

    empty: Sequence[float]
    filled: Sequence[float]
    before: Sequence[float]
    during: Sequence[float]
    before_of_it: Sequence[float]
    during_of_it: Sequence[float]
    # Seconds that the rule took to be there.
    built: float


async def measure(stage: Stage, settings: Settings, rows: int, fields: int) -> Grown:
    """Fill the table, add fields, then make a field unique while records of it change."""
    drafts = [
        FieldDraft(Label(en="serial"), "text", name="serial"),
        FieldDraft(Label(en="count"), "integer", name="count"),
    ]
    name = await new_object(stage, "machine", drafts)
    await fill(stage, settings, name, {_SERIAL: "'SN-' || i", _COUNT: "i"}, rows)
    await analyzed(stage)
    empty = [await _added(stage, name, f"empty{n}", default=None) for n in range(fields)]
    filled = [await _added(stage, name, f"filled{n}", default=n) for n in range(fields)]
    number = (await stage.read(metadata.registry)).names[name].number
    of_others = [await _written(stage, name, number, row) for row in range(_WRITES_BEFORE)]
    of_it = [await _renamed(stage, name, number, row, rows) for row in range(_WRITES_BEFORE)]
    ended = asyncio.Event()
    writing = asyncio.create_task(_writing(stage, name, number, rows, ended))
    began = time.perf_counter()
    await _made_unique(stage, name)
    built = time.perf_counter() - began
    ended.set()
    others, it = await writing
    return Grown(empty, filled, of_others, others, of_it, it, built)


async def _added(stage: Stage, name: str, field: str, *, default: int | None) -> float:
    options = {} if default is None else {"default": default}
    draft = FieldDraft(Label(en=field), "integer", name=field, options=options)
    began = time.perf_counter()
    made = await define(stage, lambda work: metadata.add_field(work, name, draft, fill_existing=default is not None))
    shown = await _shown(stage, name, made.field_name)
    took = (time.perf_counter() - began) * 1000
    assert shown == (None if default is None else str(default)), "the next request reads what was given"
    return took


async def _shown(stage: Stage, name: str, field: str) -> object:
    """What a page of one record shows in a field."""
    nodes = Nodes("nodes", Selection(name, (Leaf(field, field),)))
    plan = Plan((ConnectionRoot("page", Connection(name, (nodes,), Page(Parameter(0)))),))
    answer = json.loads(await stage.read(lambda work: query.read(work, plan, (1,))))
    (record,) = answer["page"]["nodes"]
    return record[field]


async def _made_unique(stage: Stage, name: str) -> None:
    change = FieldChange(is_unique=True)
    await _finished(stage, await define(stage, lambda work: metadata.update_field(work, name, _SERIAL, change)))


async def _finished(stage: Stage, made: Defined) -> None:
    if made.job_id is not None:
        run = Run(stage.installation, stage.placement, ORIGIN)
        await metadata.build_field(run, BuildField(made.id, made.job_id))


async def _writing(
    stage: Stage, name: str, number: int, rows: int, ended: asyncio.Event
) -> tuple[list[float], list[float]]:
    others: list[float] = []
    it: list[float] = []
    while not ended.is_set():
        others.append(await _written(stage, name, number, len(others)))
        await asyncio.sleep(_PAUSE)
        it.append(await _renamed(stage, name, number, len(it), 2 * rows))
        await asyncio.sleep(_PAUSE)
    return others, it


async def _renamed(stage: Stage, name: str, number: int, row: int, after: int) -> float:
    began = time.perf_counter()
    await stage.write(lambda work: records.update(work, name, [record_id(number, row)], {_SERIAL: f"SN-{after + row}"}))
    return (time.perf_counter() - began) * 1000


async def _written(stage: Stage, name: str, number: int, row: int) -> float:
    began = time.perf_counter()
    await stage.write(lambda work: records.update(work, name, [record_id(number, row)], {_COUNT: -row}))
    return (time.perf_counter() - began) * 1000
