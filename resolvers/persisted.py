"""Documents that a request names instead of sending them: trusted ones of the tenant, and automatic persisted queries.

What is remembered for automatic ones is the tenant's own: another tenant neither finds, replaces nor pushes it out.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from resolvers.refusals import PersistedQueryMismatch, PersistedQueryNotFound
from services import trusted_documents
from tenants.shape_cache import ShapeCache

if TYPE_CHECKING:
    from graphql import GraphQLError

    from resolvers.context import RequestContext
    from resolvers.operations import Request

_REMEMBERED_CHARACTERS = 8_000_000
_LONGEST_REMEMBERED = 64 * 1024
_OF_ANY_DOCUMENT = 300
# What a validation error names: a field of a type, an argument of a field, a member of an input.
_NAMED = (
    (re.compile(r"'([^']+)' on type '([^']+)'"), "{1}.{0}"),
    (re.compile(r"argument '([^']+)' on field '([^']+)'"), "{1}({0})"),
    (re.compile(r"Field '([^']+)' is not defined by type '([^']+)'"), "{1}.{0}"),
    (re.compile(r"Unknown type '([^']+)'"), "{0}"),
)


class PersistedDocuments:
    """Finds the text of what is named."""

    def __init__(self) -> None:
        self._automatic: ShapeCache[str] = ShapeCache("automatic_documents", _REMEMBERED_CHARACTERS)

    async def with_text(self, context: RequestContext, request: Request) -> Request:
        """The request with its text; a fault if nothing is known under its name."""
        if request.document_id is not None:
            return request._replace(text=await _trusted(context, request.document_id))
        if request.hash is None:
            return request
        key = (context.placement.tenant_id, request.hash)
        if not request.text:
            text = self._automatic.get(key)
            if text is None:
                raise PersistedQueryNotFound
            return request._replace(text=text)
        if hashlib.sha256(request.text.encode("utf-8", "replace")).hexdigest() != request.hash:
            raise PersistedQueryMismatch
        # Whoever is not signed in must not fill what others use.
        if context.is_signed_in and len(request.text) <= _LONGEST_REMEMBERED:
            weight = len(request.text) + _OF_ANY_DOCUMENT
            self._automatic.put(key, request.text, by=context.placement.tenant_id, weight=weight)
        return request


async def _trusted(context: RequestContext, key: str) -> str:
    known = trusted_documents.remembered(context.cache, context.placement.tenant_id, key)
    if known is not None:
        return known
    return await context.read(lambda work: trusted_documents.find(work, key))


def outdated_name(error: GraphQLError) -> str:
    """The coordinate that a document names and the schema has no more, or the complaint itself."""
    for pattern, form in _NAMED:
        found = pattern.search(error.message)
        if found is not None:
            return form.format(*found.groups())
    return error.message
