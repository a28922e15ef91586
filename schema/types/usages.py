"""GraphQL types of what uses an object or a field; plain fields, no resolver."""

from __future__ import annotations

import strawberry


@strawberry.type
class Usage:
    """One thing that uses it, under the name by which an administrator finds it."""

    kind: str
    name: str
    id: strawberry.ID | None
    breaks: bool = strawberry.field(description="Whether it no longer does what it does now.")
