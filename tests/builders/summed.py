"""Heads that keep every kind of roll-up of their lines, and what they hold beside the same from scratch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from services import metadata
from tests.builders.derived import add, family

if TYPE_CHECKING:
    from uuid import UUID

    from tenants.context import ReadWork
    from tests.builders.derived import Family
    from tests.builders.tenants import Tenant

FUNCTIONS: dict[str, dict[str, object]] = {
    "all_c": {"function": "count"},
    "done_c": {"function": "count", "filter": "done_c && number_c > 1"},
    "sum_c": {"function": "sum", "field": "number_c"},
    "mean_c": {"function": "avg", "field": "number_c", "scale": 3},
    "last_c": {"function": "max", "field": "day_c"},
    "dear_c": {"function": "sum", "field": "amount_c", "filter": "day_c > date('2026-01-15')"},
}


async def everything(tenant: Tenant, name: str) -> Family:
    made = await family(tenant, name)
    for field, options in FUNCTIONS.items():
        await add(tenant, made.head, field.removesuffix("_c"), "rollUp", relation="lines_c", **options)
    return made


async def held(made: Family, head: UUID) -> dict[str, Any]:  # Any: values of any type
    """What a head holds, and the same from scratch."""

    async def compute(work: ReadWork) -> dict[UUID, dict[str, object]]:
        known = await metadata.registry(work)
        return await metadata.roll_up_values(work, known, metadata.roll_ups_of(known.shape, made.head), [head])

    scratch = (await made.tenant.read(compute))[head]
    dear: Any = scratch["dear_c"]
    names = [*FUNCTIONS, "dear_c.currency"]
    found = dict(zip(names, await made.value(head, *names), strict=True))
    assert found == {
        **scratch,
        "dear_c": None if dear is None else dear.amount,
        "dear_c.currency": None if dear is None else dear.currency,
    }
    return found
