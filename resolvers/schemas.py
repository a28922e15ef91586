"""GraphQL schemas by shape: the static one, and one joined with the records of each shape in use."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from graphql import GraphQLSchema

from resolvers.root import verb_shapes
from schema.sdl.builder import build
from schema.sdl.words import RegistryWords
from tenants.cache import TenantCache
from tenants.shape_cache import ShapeCache

if TYPE_CHECKING:
    from schema.metadata.registry import Registry
    from schema.sdl.types import Words
    from tenants.context import TenantId
    from tenants.errors import Language


class Schemas:
    """Makes joined schemas, beside the event loop, and keeps those used last: one takes some megabytes."""

    def __init__(self, static: GraphQLSchema, *, capacity: int = 64, worded_capacity: int = 16) -> None:
        self.static = static
        self._joined: ShapeCache[GraphQLSchema] = ShapeCache("schemas", capacity)
        self._worded = TenantCache(worded_capacity, name="worded_schemas")
        self._under_way: dict[str, asyncio.Task[GraphQLSchema]] = {}

    async def joined(self, registry: Registry, *, by: TenantId) -> GraphQLSchema:
        """The schema that operations are validated and executed against."""
        shape_hash = registry.shape.hash
        found = self._joined.get(shape_hash)
        if found is not None:
            return found
        if shape_hash not in self._under_way:
            # Requests that come in meanwhile wait for the same one.
            task = asyncio.create_task(asyncio.to_thread(self._build, registry))
            task.add_done_callback(lambda _: self._under_way.pop(shape_hash))
            self._under_way[shape_hash] = task
        return self._joined.put(shape_hash, await asyncio.shield(self._under_way[shape_hash]), by=by)

    async def worded(self, registry: Registry, language: Language, *, of: TenantId) -> GraphQLSchema:
        """The same schema with the tenant's labels as descriptions, for introspection and the printed SDL."""
        key = (registry.version, language)
        found = self._worded.get(GraphQLSchema, of, key)
        if found is None:
            found = await asyncio.to_thread(self._build, registry, RegistryWords(registry, language))
            self._worded.put(GraphQLSchema, of, key, found)
        return found

    def _build(self, registry: Registry, words: Words | None = None) -> GraphQLSchema:
        shape = registry.shape
        return build(shape, self.static, verbs=verb_shapes(shape.objects), words=words)
