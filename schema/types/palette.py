"""GraphQL types of the designer's palette; plain fields, no resolver."""

from __future__ import annotations

import strawberry


@strawberry.type
class PaletteType:
    """One type of field to choose."""

    name: str = strawberry.field(description="What `type` of a new field says.")
    label: str = strawberry.field(description="In the language of the request.")
    output: str = strawberry.field(description="The GraphQL type in which it is read.")
    filter: str | None = strawberry.field(description="The input of its conditions; null where it has none.")
    functions: list[str] = strawberry.field(description="What aggregates compute of it.")
    sortable: bool
    groupable: bool
    unique: bool = strawberry.field(description="Whether it may be unique.")
    choices: bool = strawberry.field(description="Whether it offers choices.")
    computed: bool = strawberry.field(description="Whether the platform alone writes it.")
    schema: str = strawberry.field(description="JSON Schema of `field` in `addField`, a JSON text.")


@strawberry.type
class PaletteLimit:
    """How much there can be of something, and the code of what goes beyond it."""

    name: str
    max: int
    code: str


@strawberry.type
class Palette:
    """What a designer draws with."""

    types: list[PaletteType]
    limits: list[PaletteLimit]
