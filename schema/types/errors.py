"""The one type of what is wrong with an input; generated payloads and hand-written ones share it."""

from __future__ import annotations

import strawberry


@strawberry.type
class InputError:
    """One thing wrong with the input."""

    path: list[str] = strawberry.field(description="Where in the input; rows of a set by their index.")
    code: str
    message: str
