"""The same page of a list, of an object with few fields and of one with as many as there may be."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.forms.defining import new_object
from bench.inside.stage import ORIGIN, analyzed, database_process
from bench.reads import processor
from schema.metadata.fields import Label
from services import query, records
from services.metadata import FieldDraft
from services.query.plan import Connection, ConnectionRoot, Leaf, Nodes, Parameter, Plan, Selection
from services.query.plan import Page as Size
from tenants.context import SYSTEM

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.inside.stage import Stage

FEW, MANY = 25, 300
_RECORDS = 2_000
_PAGE = 50
_WARM = 20
_TYPES = ("text", "integer", "decimal", "date", "boolean")
_VALUES = ("客户要求", 12_345, "99.50", "2026-03-01", True)


@dataclass(frozen=True, slots=True)
class Page:
    """One object: milliseconds of PostgreSQL's processor for a page of it, and those until the answer was there."""

    fields: int
    worked: Sequence[float]
    took: Sequence[float]


async def measure(stage: Stage, rounds: int) -> list[Page]:
    """Both in turn within each round. A page shows the first 25 fields of either."""
    plans = {fields: await _filled(stage, fields) for fields in (FEW, MANY)}
    await analyzed(stage)
    database = database_process()
    found: dict[int, list[tuple[float, float]]] = {fields: [] for fields in plans}
    for plan in plans.values():
        for _ in range(_WARM):
            await _read(stage, plan)
    for _ in range(rounds):
        for fields, plan in plans.items():
            before, began = processor.by_thread(database), time.perf_counter()
            await _read(stage, plan)
            took = time.perf_counter() - began
            worked = processor.between(before, processor.by_thread(database))
            found[fields].append((worked / 1e6, took * 1000))
    return [Page(fields, *zip(*each, strict=True)) for fields, each in found.items()]


async def _filled(stage: Stage, fields: int) -> Plan:
    kinds = [(f"f{n}", _TYPES[n % len(_TYPES)], _VALUES[n % len(_VALUES)]) for n in range(fields)]
    name = await new_object(
        stage, f"wide{fields}", [FieldDraft(Label(en=each), kind, name=each) for each, kind, _ in kinds]
    )
    record = {f"{each}_c": value for each, _, value in kinds}
    for _ in range(_RECORDS // records.LARGEST_SET):
        await stage.write(lambda work: records.create(work, name, [record] * records.LARGEST_SET))
    shown = tuple(Leaf(f"{each}_c", f"{each}_c") for each, _, _ in kinds[:FEW])
    nodes = Nodes("nodes", Selection(name, (Leaf("id", "id"), *shown)))
    return Plan((ConnectionRoot("page", Connection(name, (nodes,), Size(Parameter(0)))),))


async def _read(stage: Stage, plan: Plan) -> bytes:
    """As the API does it: one round trip."""
    return await stage.installation.transactions.read(
        stage.placement, SYSTEM, ORIGIN, lambda work: query.read(work, plan, (_PAGE,)), deferred=True
    )
