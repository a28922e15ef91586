"""A long table gets fields and a unique rule while somebody writes to it."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.forms.defining import define, fill, new_object
from bench.inside.stage import ORIGIN, analyzed
from bench.reads.data import record_id
from jobs.actor import Run
from schema.metadata.fields import Label
from services import metadata, records
from services.metadata import BuildField, FieldChange, FieldDraft

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
    """Milliseconds until a new field was committed, empty or with a default for all; and of writes around a unique rule."""

    empty: Sequence[float]
    filled: Sequence[float]
    before: Sequence[float]
    during: Sequence[float]
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
    before = [await _written(stage, name, number, row) for row in range(_WRITES_BEFORE)]
    ended = asyncio.Event()
    writing = asyncio.create_task(_writing(stage, name, number, ended))
    began = time.perf_counter()
    await _made_unique(stage, name)
    built = time.perf_counter() - began
    ended.set()
    return Grown(empty, filled, before, await writing, built)


async def _added(stage: Stage, name: str, field: str, *, default: int | None) -> float:
    options = {} if default is None else {"default": default}
    draft = FieldDraft(Label(en=field), "integer", name=field, options=options)
    began = time.perf_counter()
    made = await define(stage, lambda work: metadata.add_field(work, name, draft, fill_existing=default is not None))
    took = (time.perf_counter() - began) * 1000
    await _finished(stage, made, fills=default is not None)
    return took


async def _made_unique(stage: Stage, name: str) -> None:
    change = FieldChange(is_unique=True)
    await _finished(stage, await define(stage, lambda work: metadata.update_field(work, name, _SERIAL, change)))


async def _finished(stage: Stage, made: Defined, *, fills: bool = False) -> None:
    if made.job_id is not None:
        run = Run(stage.installation, stage.placement, ORIGIN)
        await metadata.build_field(run, BuildField(made.id, made.job_id, fills))


async def _writing(stage: Stage, name: str, number: int, ended: asyncio.Event) -> list[float]:
    taken: list[float] = []
    while not ended.is_set():
        taken.append(await _written(stage, name, number, len(taken)))
        await asyncio.sleep(_PAUSE)
    return taken


async def _written(stage: Stage, name: str, number: int, row: int) -> float:
    began = time.perf_counter()
    await stage.write(lambda work: records.update(work, name, [record_id(number, row)], {_COUNT: -row}))
    return (time.perf_counter() - began) * 1000
