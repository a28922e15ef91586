"""The registry of a tenant, read from its definition rows once for each metadata version.

Shapes are shared by content: tenants of equal shape hold the same object, and everything compiled for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

import sqlalchemy as sa

from schema.metadata import rows
from schema.metadata.definitions import assemble
from schema.metadata.registry import Registry, Shape
from schema.tables.metadata import choice_option, field_definition, index_definition, object_definition

if TYPE_CHECKING:
    from schema.metadata.definitions import ObjectDefinition
    from tenants.context import ReadWork

_shapes: WeakValueDictionary[str, Shape] = WeakValueDictionary()


async def registry(work: ReadWork) -> Registry:
    """The tenant's objects at the version that this unit of work goes by."""
    tenant, version = work.placement.tenant_id, work.versions.metadata
    found = work.cache.get(Registry, tenant, version)
    if found is None:
        found = shared(assemble(await definitions(work), version))
        work.cache.put(Registry, tenant, version, found)
    return found


async def definitions(work: ReadWork) -> tuple[ObjectDefinition, ...]:
    """Everything defined, retired things included, as the rows say now."""
    read = work.session.rows
    return rows.definitions(
        await read(sa.select(object_definition)),
        await read(sa.select(field_definition)),
        await read(sa.select(choice_option)),
        await read(sa.select(index_definition)),
    )


def shared(made: Registry) -> Registry:
    """The registry over the one shape of its content."""
    return Registry(_shapes.setdefault(made.shape.hash, made.shape), made.names, made.version)
