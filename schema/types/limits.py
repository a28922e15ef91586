"""GraphQL types of `limits`; plain fields, no resolver."""

from __future__ import annotations

import strawberry


@strawberry.type
class RequestLimit:
    """What one request may ask for at most."""

    name: str
    max: int
    code: str = strawberry.field(description="The error code of a request that goes beyond.")


@strawberry.type
class DefinitionLimit:
    """How much of something administrators may define at most."""

    name: str
    max: int
    code: str = strawberry.field(description="The error code of what goes beyond.")


@strawberry.type
class Budget:
    """What may be asked for over time. It fills up by `perSecond` until it is full."""

    of: str = strawberry.field(description="`principal` or `tenant`.")
    capacity: int
    per_second: int
    remaining: int


@strawberry.type
class Limits:
    """Every limit, and where the caller stands. Costs count the values that are asked for at most."""

    request: list[RequestLimit]
    definitions: list[DefinitionLimit]
    budgets: list[Budget]
