"""Imports over GraphQL: the template to fill."""

# ruff: noqa: A002 - `object` is the name of the argument in the API
from __future__ import annotations

import strawberry

from resolvers.context import Info
from schema.types.imports import ImportChoice, ImportColumn, ImportTemplate
from services import imports
from services.imports import Column


@strawberry.type
class ImportsQuery:
    """What is asked before something is imported."""

    @strawberry.field(
        description="The columns of a sheet for an object, with forms, examples and choices in both languages: those fields that the "
        "caller may write. Null where he may write none."
    )
    async def import_template(self, info: Info, object: str) -> ImportTemplate | None:
        """In the order of the form."""
        found = await info.context.read(lambda work: imports.template_of(work, object))
        if found is None:
            return None
        title = found.label.text(info.context.origin.language, object)
        columns = [_column(each) for each in found.columns]
        return ImportTemplate(object=object, file_name=f"{title}.csv", columns=columns, csv=found.csv)


def _column(column: Column) -> ImportColumn:
    field = column.field
    pattern, longest = field.option("pattern"), field.option("maxLength")
    return ImportColumn(
        field=field.name,
        type=field.type_name,
        heading=column.heading,
        label_zh=column.label.zh,
        label_en=column.label.en,
        required=field.required,
        unique=field.is_unique,
        format_zh=column.form.zh,
        format_en=column.form.en,
        example=column.example,
        pattern=None if pattern is None else str(pattern),
        max_length=longest if isinstance(longest, int) else None,
        target=field.relation.target if field.relation is not None else None,
        choices=[ImportChoice(key=key, label_zh=label.zh, label_en=label.en) for key, label in column.choices],
    )
