"""GraphQL schemas by shape: the static one, and one joined with the records of each shape in use."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from graphql import GraphQLSchema

from resolvers.known_operations import kept_with
from resolvers.root import verb_shapes
from schema.sdl.builder import build
from schema.sdl.on_demand import SchemaOnDemand, build_on_demand
from schema.sdl.projections import WHOLE
from schema.sdl.words import RegistryWords
from tenants.cache import TenantCache
from tenants.shape_cache import ShapeCache

if TYPE_CHECKING:
    from schema.metadata.registry import Registry
    from schema.sdl.types import Words
    from services.projections import Projection as Projected
    from tenants.context import TenantId
    from tenants.errors import Language


# Room for more than a hundred schemas of ordinary size. None grows beyond an eighth: that of 60 objects with 25 fields takes,
# with its registry, less than 5 MB.
_KIBIBYTES = 30 * 1024


class Schemas:
    """Makes joined schemas and keeps those used last.

    A schema for validation is made type by type as documents name them, and takes some hundred kilobytes; one that has grown
    too large is begun again, in 1 ms. One for introspection has all its types and words, and is made beside the loop.
    """

    def __init__(self, static: GraphQLSchema, *, kibibytes: int = _KIBIBYTES, worded_capacity: int = 16) -> None:
        self.static = static
        self._joined: ShapeCache[SchemaOnDemand] = ShapeCache("schemas", kibibytes)
        self._worded = TenantCache(worded_capacity, name="worded_schemas")

    def joined(self, registry: Registry, *, by: TenantId, projection: Projected | None = None) -> SchemaOnDemand:
        """The schema that operations are validated and executed against: the whole one, or what a token knows of it.

        Whoever has one that is begun again goes on with it, and its types are gone with the last of them.
        """
        shape = registry.shape
        key = shape.hash if projection is None else projection.key
        found = self._joined.get(key)
        if found is None or not self._joined.weigh(key, found, _kibibytes(found)):
            seen = WHOLE if projection is None else projection
            found = build_on_demand(shape, self.static, verbs=verb_shapes(shape.objects), projection=seen)
            self._joined.put(key, found, by=by, weight=_kibibytes(found))
        return found

    @property
    def weight(self) -> int:
        """The kibibytes of those for validation."""
        return self._joined.weight

    def begun(self, key: str) -> SchemaOnDemand | None:
        """The schema of this key, if it is there, weighed if compiling or running an operation has made it grow."""
        found = self._joined.get(key)
        if found is not None and found.has_grown and not self._joined.weigh(key, found, _kibibytes(found)):
            return None
        return found

    def weigh(self, schema: GraphQLSchema, key: str) -> None:
        """An operation has made types of a schema: keep it as what it has grown to, or no longer. The static one does not grow."""
        if isinstance(schema, SchemaOnDemand):
            self._joined.weigh(key, schema, _kibibytes(schema))

    async def worded(
        self, registry: Registry, language: Language, projection: Projected, *, of: TenantId
    ) -> GraphQLSchema:
        """What of it is there for a caller, with the tenant's labels as descriptions: for introspection and the SDL."""
        key = (registry.version, language, projection.key)
        found = self._worded.get(GraphQLSchema, of, key)
        if found is None:
            words = RegistryWords(registry, language)
            found = await asyncio.to_thread(self._build, registry, words, projection)
            self._worded.put(GraphQLSchema, of, key, found)
        return found

    def _build(self, registry: Registry, words: Words, projection: Projected) -> GraphQLSchema:
        shape = registry.shape
        return build(shape, self.static, verbs=verb_shapes(shape.objects), words=words, projection=projection)


def _kibibytes(schema: SchemaOnDemand) -> int:
    """With what the variables of its operations are coerced by, which is gone with it."""
    return schema.weigh() + kept_with(schema).kibibytes
