"""What every hand-written mutation has in its input and in its payload; generated ones have the same members."""

from __future__ import annotations

import strawberry

from schema.types.errors import InputError


@strawberry.input
class RepeatableInput:
    """The same id with the same input happens once."""

    client_mutation_id: str | None = None


@strawberry.type
class RepeatablePayload:
    """The id that came with the input, and what was wrong with it."""

    client_mutation_id: str | None = None
    errors: list[InputError]
