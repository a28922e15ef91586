"""Pages of a list, read again and again by people who see very different parts of it."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.inside.stage import ORIGIN, database_process
from bench.reads import processor
from services import query
from services.query.plan import (
    Connection,
    ConnectionPart,
    ConnectionRoot,
    Direction,
    Leaf,
    Nodes,
    OrderBy,
    Page,
    Parameter,
    Plan,
    Selection,
    Simple,
    ToOne,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bench.access.tenant import Shop
    from tenants.context import Principal
    from tenants.installation import Installation
    from tenants.placement import Placement

PAGE = 50
_WARM = 20
_MILLION = 1e6


def _plan(order: tuple[OrderBy, ...] = ()) -> Plan:
    leaves = ("id", "name", "level", "status", "region", "phone", "createdAt")
    owner = ToOne("owner", "owner", Selection("user", (Leaf("name", "name"),)))
    nodes = Nodes("nodes", Selection("customer", (*(Leaf(name, name) for name in leaves), owner)))
    more = Simple(
        "pageInfo", ConnectionPart.PAGE_INFO, members=(("hasNextPage", "hasNextPage"), ("endCursor", "endCursor"))
    )
    return Plan((ConnectionRoot("customers", Connection("customer", (nodes, more), Page(Parameter(0)), order=order)),))


NEWEST = _plan()
_PLANS: Mapping[str, Plan] = {"newest first": NEWEST, "by name": _plan((OrderBy(("name",), Direction.ASC),))}


@dataclass(frozen=True, slots=True)
class Listed:
    """One kind of page: milliseconds of PostgreSQL's processor, and those until the answer was there."""

    who: str
    order: str
    records: int
    worked: Sequence[float]
    took: Sequence[float]


async def measure(shop: Shop, rounds: int) -> list[Listed]:
    """Everybody in turn within each round, so that what the machine does beside it meets all of them."""
    stage, database = shop.stage, database_process()
    kinds = [(who, order) for who in shop.readers for order in _PLANS]
    found: dict[tuple[str, str], list[tuple[float, float]]] = {kind: [] for kind in kinds}
    records = {}
    for who, order in kinds:
        for _ in range(_WARM):
            await read_page(stage.installation, stage.placement, shop.readers[who], _PLANS[order])
        page = await read_page(stage.installation, stage.placement, shop.readers[who], _PLANS[order])
        records[who, order] = len(json.loads(page)["customers"]["nodes"])
    for _ in range(rounds):
        for who, order in kinds:
            before, began = processor.by_thread(database), time.perf_counter_ns()
            await read_page(stage.installation, stage.placement, shop.readers[who], _PLANS[order])
            took = time.perf_counter_ns() - began
            worked = processor.between(before, processor.by_thread(database))
            found[who, order].append((worked / _MILLION, took / _MILLION))
    return [Listed(*kind, records[kind], *zip(*found[kind], strict=True)) for kind in kinds]


async def read_page(installation: Installation, placement: Placement, reader: Principal, plan: Plan = NEWEST) -> bytes:
    """As the API does it: one round trip."""
    return await installation.transactions.read(
        placement, reader, ORIGIN, lambda work: query.read(work, plan, (PAGE,)), deferred=True
    )
