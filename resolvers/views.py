"""Which saved view of an object comes first: a computed answer. The views themselves are read like records."""

# ruff: noqa: A002 - `object` is the name of the argument in the API
from __future__ import annotations

import strawberry

from resolvers.context import Info
from services import views


@strawberry.type
class ViewsQuery:
    """Saved views, beside what is read of them as records."""

    @strawberry.field(
        description="The id of the saved view of an object that comes first for the caller, if one was named."
    )
    async def default_view(self, info: Info, object: str) -> strawberry.ID | None:
        """That of a role before that of everybody."""
        found = await info.context.read(lambda work: views.default_view(work, object))
        return None if found is None else strawberry.ID(str(found))
