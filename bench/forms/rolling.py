"""What a roll-up costs whoever writes lines of a record: beside the same write without it, in turns within one run."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from bench.forms.defining import define, new_object
from bench.inside.stage import analyzed, database_process, processor_seconds
from bench.reads import processor
from schema.metadata.fields import Label
from services import metadata, records
from services.metadata import FieldDraft

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from uuid import UUID

    from bench.inside.stage import Stage
    from services.records import Written
    from tenants.context import Work

HEADS, LINES = 20, 50
_WARM = 30
PLAIN, SUMMED, REASONED = "no roll-up", "a sum", "a sum and a formula over it"
NUMBER, HEAD = "number_c", "headId_c"


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds of single writes: until they were committed, of this process's processor and of PostgreSQL's."""

    deed: str
    form: str
    took: Sequence[float]
    worked: Sequence[float]
    database: Sequence[float]


@dataclass(frozen=True, slots=True)
class Form:
    """An object whose records keep so much of their lines, and the object of those."""

    head: str
    name: str
    heads: tuple[UUID, ...]
    # One head's after the other's, and one that was made last.
    lines: tuple[UUID, ...]
    last: list[UUID]


async def form(stage: Stage, name: str, *, heads: int, lines: int, derived: Sequence[FieldDraft]) -> Form:
    """An object with lines that have a number, so many of them for each of its records, and what it derives of them."""
    head = await new_object(stage, name, [])
    line = await new_object(stage, f"{name}Line", [FieldDraft(Label(en="number"), "integer", name="number"), to(head)])
    for kept in derived:
        await derive(stage, head, kept)
    made = (await stage.write(lambda work: records.create(work, head, [{}] * heads))).ids
    whole: list[UUID] = []
    for each in made:
        whole += (await stage.write(partial(_lines, line, each, lines))).ids
    return Form(head, line, made, tuple(whole), [])


def to(head: str) -> FieldDraft:
    """The relation of lines to their head."""
    return FieldDraft(
        Label(en="head"), "relation", name="head", target=head, inverse_name="lines", inverse_label=Label(en="lines")
    )


async def derive(stage: Stage, head: str, field: FieldDraft) -> None:
    """Let records of an object keep something."""
    await define(stage, lambda work: metadata.add_field(work, head, field))


async def _lines(line: str, head: UUID, count: int, work: Work) -> Written:
    return await records.create(work, line, [{NUMBER: at, HEAD: head} for at in range(count)])


def derivations(kind: str) -> list[FieldDraft]:
    """The fields of a head that keeps so much."""
    summed = FieldDraft(
        Label(en="sum"), "rollUp", name="sum", options={"relation": "lines_c", "function": "sum", "field": NUMBER}
    )
    half = FieldDraft(Label(en="half"), "formula", name="half", options={"expression": "coalesce(sum_c, 0) / 2"})
    return {PLAIN: [], SUMMED: [summed], REASONED: [summed, half]}[kind]


async def measure(stage: Stage, rounds: int) -> list[Cost]:
    """Every form in turn within each round: one line changed, one made and deleted again, then all of one head changed."""
    forms = {
        kind: await form(stage, f"cost{at}", heads=HEADS, lines=LINES, derived=derivations(kind))
        for at, kind in enumerate((PLAIN, SUMMED, REASONED))
    }
    await analyzed(stage)
    deeds = {"changed": _change, "made": _make, "deleted": _delete, f"changed with {LINES - 1} others": _change_all}
    found: dict[tuple[str, str], list[tuple[float, float, float]]] = {
        (deed, kind): [] for deed in deeds for kind in forms
    }
    database = database_process()
    for n in range(-_WARM, rounds):
        for deed, done in deeds.items():
            for kind, each in forms.items():
                cost = await _timed(stage, database, done, each, n)
                if n >= 0:
                    found[deed, kind].append(cost)
    return [Cost(deed, kind, *zip(*each, strict=True)) for (deed, kind), each in found.items()]


async def _timed(
    stage: Stage, database: int, done: Callable[[Work, Form, int], Awaitable[None]], form: Form, n: int
) -> tuple[float, float, float]:
    before, used, began = processor.by_thread(database), processor_seconds(), time.perf_counter()
    await stage.write(lambda work: done(work, form, n))
    took, worked = time.perf_counter() - began, processor_seconds() - used
    return took * 1000, worked * 1000, processor.between(before, processor.by_thread(database)) / 1e6


async def _change(work: Work, form: Form, n: int) -> None:
    await records.update(work, form.name, [form.lines[n * 37 % len(form.lines)]], {NUMBER: 1000 + n})


async def _make(work: Work, form: Form, n: int) -> None:
    form.last[:] = (await records.create(work, form.name, [{NUMBER: n, HEAD: form.heads[n % len(form.heads)]}])).ids


async def _delete(work: Work, form: Form, _: int) -> None:
    await records.delete(work, form.name, form.last)


async def _change_all(work: Work, form: Form, n: int) -> None:
    first = n % len(form.heads) * LINES
    await records.update(work, form.name, form.lines[first : first + LINES], {NUMBER: 5000 + n})
