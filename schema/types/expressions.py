"""GraphQL types of `validateExpression`; plain fields, no resolver."""

from __future__ import annotations

import strawberry


@strawberry.type
class ExpressionError:
    """One thing wrong with a text."""

    code: str
    message: str
    position: int = strawberry.field(description="Characters before it, from 0.")
    line: int = strawberry.field(description="From 1.")
    column: int = strawberry.field(description="From 1.")


@strawberry.type
class ExpressionDependency:
    """A field that the answer depends on."""

    object: str
    field: str


@strawberry.type
class ExpressionValidation:
    """What a text means, or everything that is wrong with it."""

    text: str | None = strawberry.field(description="The same expression as it would be printed.")
    type: str | None = strawberry.field(description="What it answers, such as `boolean` or `record of user`.")
    words: str | None = strawberry.field(description="What it says, in the language of the request.")
    dependencies: list[ExpressionDependency] | None
    errors: list[ExpressionError]
