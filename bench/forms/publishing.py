"""Fifty changes of a form, drafted together and published as one."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from bench.forms.defining import define, new_object
from schema.metadata.fields import Label
from services import change_sets, records
from services.metadata import FieldDraft

if TYPE_CHECKING:
    from bench.inside.stage import Stage
    from services.change_sets import Step

CHANGES = 50
_TYPES = ("text", "integer", "decimal", "date", "boolean")
_RECORDS = 1_000


async def measure(stage: Stage, rounds: int) -> list[float]:
    """Seconds until the changes were committed, of forms with some records."""
    return [await _published(stage, n) for n in range(rounds)]


async def _published(stage: Stage, n: int) -> float:
    name = await new_object(stage, f"form{n}", [FieldDraft(Label(en="name"), "text", name="name")])
    await stage.write(lambda work: records.create(work, name, [{"name_c": "客户"}] * _RECORDS))
    drafted = await define(stage, lambda work: change_sets.create_change_set(work, name, _steps(name)))
    began = time.perf_counter()
    await define(stage, lambda work: change_sets.publish_change_set(work, drafted.id))
    return time.perf_counter() - began


def _steps(name: str) -> list[Step]:
    return [
        {
            "addField": {
                "object": name,
                "field": {"label": {"en": f"n{n}"}, "name": f"n{n}", "type": _TYPES[n % len(_TYPES)]},
            }
        }
        for n in range(CHANGES)
    ]
