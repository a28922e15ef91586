"""GraphQL types of import templates; plain fields, no resolver."""

from __future__ import annotations

import strawberry


@strawberry.type
class ImportChoice:
    """One choice of a column: a cell holds its key or one of its words."""

    key: str
    label_zh: str
    label_en: str


@strawberry.type
class ImportColumn:
    """One column of a template."""

    field: str
    type: str
    heading: str = strawberry.field(description="What stands above the column, in the language of the request.")
    label_zh: str
    label_en: str
    required: bool
    unique: bool
    format_zh: str = strawberry.field(description="What a cell holds, in words.")
    format_en: str
    example: str
    pattern: str | None = strawberry.field(description="What a text has to look like; null where nothing is asked.")
    max_length: int | None
    target: str | None = strawberry.field(description="The object whose records a cell names.")
    choices: list[ImportChoice]


@strawberry.type
class ImportTemplate:
    """A sheet to fill, made for the caller: columns are the fields that he may write."""

    object: str
    file_name: str
    columns: list[ImportColumn]
    csv: str = strawberry.field(description="The sheet as CSV: headings, and a row of examples.")
