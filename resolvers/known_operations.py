"""Operations that this process has let through before, by text, name and schema: what nearly every request asks again.

An entry holds a document, nothing of the request, of the tenant that asked first, or of a schema, which would live on with
it. How variables are coerced is kept with the schema whose types it uses, and goes with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import ReferenceType, finalize, ref

from resolvers.coercion import Coercers
from tenants.shape_cache import ShapeCache

if TYPE_CHECKING:
    from graphql import GraphQLSchema, OperationDefinitionNode

    from resolvers.coercion import Variables
    from resolvers.documents import ParsedDocument
    from tenants.context import TenantId

# Like the documents themselves, which are much larger than their texts, and most of which are in both caches.
_REMEMBERED_CHARACTERS = 2_000_000
_OF_ANY_OPERATION = 200
_VARIABLES_OF_A_SCHEMA = 1024
# How many members of inputs, with what coerces them, take a kibibyte.
_COERCERS_IN_A_KIBIBYTE = 7
_EXTENSION = "kezhi.variables"


@dataclass(frozen=True, slots=True)
class KnownOperation:
    """An operation that was let through once."""

    document: ParsedDocument
    node: OperationDefinitionNode
    # Its document asks more than everybody may ask anyhow.
    is_untrusted: bool


class KnownOperations:
    """Those of one process. Only texts that came with their requests are kept: who may use another is asked each time."""

    def __init__(self, *, characters: int = _REMEMBERED_CHARACTERS) -> None:
        self._kept: ShapeCache[KnownOperation] = ShapeCache("known_operations", characters)

    def find(self, text: str, name: str | None, schema_key: str) -> KnownOperation | None:
        """The operation of this name in a text, if it was valid for the schema."""
        return self._kept.get((text, name, schema_key))

    def keep(self, operation: KnownOperation, name: str | None, schema_key: str, *, by: TenantId) -> None:
        """Remember one that is valid for the schema, if its document is short enough."""
        if operation.document.is_lasting:
            text = operation.document.text
            self._kept.put((text, name, schema_key), operation, by=by, weight=len(text) + _OF_ANY_OPERATION)


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept with one schema, and with which: a schema that is built upon another begins with its extensions."""

    of: ReferenceType[GraphQLSchema]
    # How variables of operations are coerced, by text and name.
    variables: ShapeCache[Variables]
    # What they are coerced by, for all operations of the schema.
    coercers: Coercers

    @property
    def kibibytes(self) -> int:
        """About the memory of both."""
        return self.variables.weight + self.coercers.members // _COERCERS_IN_A_KIBIBYTE


def kept_with(schema: GraphQLSchema) -> Kept:
    """What is there as long as the schema is."""
    kept: Kept | None = schema.extensions.get(_EXTENSION)
    if kept is None or kept.of() is not schema:
        kept = Kept(ref(schema), ShapeCache("variables", _VARIABLES_OF_A_SCHEMA), Coercers())
        schema.extensions = {**schema.extensions, _EXTENSION: kept}
        finalize(schema, kept.coercers.take_apart).atexit = False
    return kept
