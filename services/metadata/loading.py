"""The registry of a tenant, read from its definition rows once for each metadata version.

Shapes are shared by content: tenants of equal shape hold the same object, and everything compiled for it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

import sqlalchemy as sa

from schema.metadata import rows
from schema.metadata.definitions import assemble
from schema.metadata.registry import Registry, Shape
from schema.tables.metadata import choice_option, field_definition, index_definition, object_definition, validation_rule
from services.metadata.gathering import gathered_by
from tenants.cache import TenantCache

if TYPE_CHECKING:
    from schema.metadata.definitions import ObjectDefinition
    from tenants.context import DefinitionWork, ReadWork

_shapes: WeakValueDictionary[str, Shape] = WeakValueDictionary()


async def registry(work: ReadWork) -> Registry:
    """The tenant's objects at the version that this unit of work goes by."""
    if (gathered := gathered_by(work)) is not None:
        return shared(gathered.now.registry)
    tenant, version = work.placement.tenant_id, work.versions.metadata
    found = work.cache.get(Registry, tenant, version)
    if found is None:
        found = shared(assemble(await definitions(work), version))
        work.cache.put(Registry, tenant, version, found, weight=weight_of(found))
    return found


async def definitions(work: ReadWork) -> tuple[ObjectDefinition, ...]:
    """Everything defined, retired things included, as the rows say now; where changes are gathered, with those."""
    if (gathered := gathered_by(work)) is not None:
        return gathered.now.objects
    return rows.definitions(
        await _all(work, object_definition),
        await _all(work, field_definition),
        await _all(work, choice_option),
        await _all(work, index_definition),
        await _all(work, validation_rule),
    )


async def _all(work: ReadWork, table: sa.Table) -> list[dict[str, object]]:
    return [dict(row) for row in await work.session.rows(sa.select(table))]


def afterwards(work: DefinitionWork) -> DefinitionWork:
    """The same work as it sees the definitions that it has changed itself; nothing of that stays in a cache of others."""
    return replace(work, cache=TenantCache(name="afterwards"))


def weight_of(made: Registry) -> int:
    """About how many kibibytes a registry takes that shares nothing: half of one for each field, and the objects."""
    return sum(2 + len(thing.fields) // 2 for thing in made.shape.objects.values())


def shared(made: Registry) -> Registry:
    """The registry over the one shape of its content."""
    return Registry(_shapes.setdefault(made.shape.hash, made.shape), made.names, made.version, made.rules)
