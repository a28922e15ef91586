"""[H2] A thousand tenants with metadata of their own in one process: what is kept of them does not grow with them."""

from __future__ import annotations

import gc
import tracemalloc
from typing import TYPE_CHECKING
from uuid import UUID

from schema.metadata.definitions import FieldDefinition, ObjectDefinition, assemble
from schema.metadata.fields import Field, Label
from schema.metadata.registry import Registry
from services.metadata.loading import shared, weight_of
from tenants.cache import TenantCache
from tenants.context import TenantId

if TYPE_CHECKING:
    from collections.abc import Iterator

KIB = 1024
CAPACITY = 8 * KIB
TENANTS = 1_000


def own_registry(number: int) -> Registry:
    """The platform's objects and one of the tenant's own, with a name that no other tenant has."""
    fields = tuple(
        FieldDefinition(
            UUID(int=place), Field(f"field{number}n{place}_c", "text"), place, f"f_{place}", Label(f"字段{place}", "")
        )
        for place in range(1, 25)
    )
    name = f"thing{number}_c"
    labels = Label(f"对象{number}", ""), Label(f"对象{number}", "")
    return shared(assemble((ObjectDefinition(UUID(int=number), 1_000, name, f"{name}s", "x_1", *labels, fields),), 1))


def kept_while(cache: TenantCache) -> Iterator[int]:
    """What the process has taken for the tenants so far, in kibibytes, after each hundred of them."""
    gc.collect()
    before = tracemalloc.get_traced_memory()[0]
    for number in range(TENANTS):
        made = own_registry(number)
        cache.put(Registry, TenantId(UUID(int=number)), 1, made, weight=weight_of(made))
        del made
        if number % 100 == 99:
            gc.collect()
            yield (tracemalloc.get_traced_memory()[0] - before) // KIB


def test_memory_for_a_thousand_tenants_levels_off() -> None:
    cache = TenantCache(CAPACITY)
    tracemalloc.start()
    try:
        curve = list(kept_while(cache))
    finally:
        tracemalloc.stop()

    assert cache.weight <= CAPACITY
    assert max(curve) < 1.25 * CAPACITY
    assert curve[-1] < 1.1 * curve[4]
