"""A role changes, and another process answers by what it says now: what its first request after that takes."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial
from itertools import chain, combinations, islice
from typing import TYPE_CHECKING

from bench.access.lists import read_page
from bench.access.tenant import WIDE
from bench.inside.stage import ORIGIN, database_process, processor_seconds
from bench.reads import processor
from services import roles
from tenants.context import SYSTEM
from tenants.installation import Installation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bench.access.tenant import Shop
    from tenants.context import DefinitionWork

# Whichever of these are closed, the rights are others than ever before, and the statement is made anew.
_FIELDS = ("phone", "email", "region", "address", "note", "website", "shortName")


@dataclass(frozen=True, slots=True)
class Changed:
    """Milliseconds of each change, of the request after it, and of the one after that; and what the first one worked.

    That is the processor time of its process and of PostgreSQL together.
    """

    change: Sequence[float]
    first: Sequence[float]
    worked: Sequence[float]
    second: Sequence[float]


async def measure(shop: Shop, times: int) -> Changed:
    """The reader's process has pools and caches of its own; nobody tells it of the change."""
    placement, reader, database = shop.stage.placement, shop.readers[WIDE], database_process()
    rows = []
    async with Installation.open(shop.stage.installation.settings) as other:
        for _ in range(5):
            await read_page(other, placement, reader)
        for fields in islice(_sets(), times):
            began = time.perf_counter()
            restrict = partial(_restrict, shop=shop, fields=fields)
            await shop.stage.installation.transactions.define(placement, SYSTEM, ORIGIN, restrict)
            changed, worked = time.perf_counter(), _processors(database)
            await read_page(other, placement, reader)
            read, worked = time.perf_counter(), _processors(database) - worked
            await read_page(other, placement, reader)
            again = time.perf_counter()
            rows.append(((changed - began) * 1000, (read - changed) * 1000, worked, (again - read) * 1000))
    return Changed(*zip(*rows, strict=True))


async def _restrict(work: DefinitionWork, *, shop: Shop, fields: Sequence[str]) -> None:
    """Mask these and no others; the fields are all selected or none of them is, as they come."""
    for field in _FIELDS:
        level = "masked" if field in fields else "read"
        said = {"object": "customer", "field": field, "level": level}
        await roles.restrict_role(work, shop.role_id, said, if_version=None)


def _processors(database: int) -> float:
    return processor_seconds() * 1000 + processor.nanoseconds(database) / 1e6


def _sets() -> Iterator[tuple[str, ...]]:
    return chain.from_iterable(combinations(_FIELDS, size) for size in range(1, len(_FIELDS)))
