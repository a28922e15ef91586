"""GraphQL types of layouts; plain fields, no resolver."""

from __future__ import annotations

import strawberry


@strawberry.type
class LayoutCondition:
    """When something shows: for whoever draws the form."""

    text: str = strawberry.field(description="In the expression language, on the record that is shown.")
    tree: str = strawberry.field(description="The same as a tree, a JSON text.")


@strawberry.type
class LayoutField:
    """A field in its place."""

    field: str
    type: str = strawberry.field(description="Of the field; `lines` of a line table, `related` of a list of records.")
    label: str = strawberry.field(description="In the language of the request.")
    width: int = strawberry.field(description="How many columns of its section it takes.")
    level: str = strawberry.field(description="How far the caller reaches it: `masked`, `read` or `write`.")
    writable: bool = strawberry.field(description="Whether the caller may write it here.")
    required: bool
    visible_if: LayoutCondition | None


@strawberry.type
class LayoutSection:
    """Fields that stand together."""

    label: str = strawberry.field(description="In the language of the request.")
    columns: int
    visible_if: LayoutCondition | None
    fields: list[LayoutField]


@strawberry.type
class Layout:
    """The form of an object as the caller sees it."""

    id: strawberry.ID | None = strawberry.field(description="Null where it was made of the definitions.")
    object: str
    stage: str | None = strawberry.field(description="The stage that it is for; null where it is for all.")
    sections: list[LayoutSection]


@strawberry.type
class KeptLayout:
    """A layout as it is kept, for those who change it."""

    id: strawberry.ID
    version: int
    object: str
    role_id: strawberry.ID | None
    stage_field: str | None
    stage: str | None
    sections: str = strawberry.field(description="As `updateLayout` takes them, a JSON text.")
