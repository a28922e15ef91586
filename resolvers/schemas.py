"""GraphQL schemas by shape: the static one, and one joined with the records of each shape in use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql import GraphQLSchema

from resolvers.caches import ShapeCache
from resolvers.root import verb_shapes
from schema.sdl.builder import build
from schema.sdl.words import RegistryWords

if TYPE_CHECKING:
    from schema.metadata.registry import Registry
    from tenants.cache import TenantCache
    from tenants.context import TenantId
    from tenants.errors import Language


class Schemas:
    """Makes joined schemas and keeps those used last. One with a tenant's words is kept with the tenant's data."""

    def __init__(self, static: GraphQLSchema, *, capacity: int = 64) -> None:
        self.static = static
        self._joined: ShapeCache[GraphQLSchema] = ShapeCache(capacity)

    def joined(self, registry: Registry, *, by: TenantId) -> GraphQLSchema:
        """The schema that operations are validated and executed against."""
        shape = registry.shape
        return self._joined.get(shape.hash) or self._joined.put(
            shape.hash, build(shape, self.static, verbs=verb_shapes(shape.objects)), by=by
        )

    def worded(self, registry: Registry, language: Language, cache: TenantCache, *, of: TenantId) -> GraphQLSchema:
        """The same schema with the tenant's labels as descriptions, for introspection and the printed SDL."""
        key = (registry.version, language)
        found = cache.get(GraphQLSchema, of, key)
        if found is None:
            shape = registry.shape
            words = RegistryWords(registry, language)
            found = build(shape, self.static, verbs=verb_shapes(shape.objects), words=words)
            cache.put(GraphQLSchema, of, key, found)
        return found
