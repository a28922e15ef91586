"""The designer's palette: which types of fields there are, with their properties as JSON Schema, and the limits."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import strawberry

from resolvers.context import Info
from schema.types.palette import Palette, PaletteLimit, PaletteType
from services import dictionaries, layouts, metadata, views

if TYPE_CHECKING:
    from schema.metadata.palette import Tool
    from tenants.errors import Language

_LIMITS = {
    **metadata.LIMITS,
    "dictionaries": (dictionaries.MOST_DICTIONARIES, "TOO_MANY_DICTIONARIES"),
    "layouts": (layouts.MOST_LAYOUTS, "TOO_MANY_LAYOUTS"),
    "savedViews": (views.MOST_VIEWS, "TOO_MANY_VIEWS"),
}


@strawberry.type
class PaletteQuery:
    """What a designer draws with."""

    @strawberry.field(
        description="Every type of field that may be chosen, with its properties, and the limits. For those who may define."
    )
    async def palette(self, info: Info) -> Palette | None:
        """In the order of the table of types."""
        found = await info.context.read(metadata.tools)
        language = info.context.origin.language
        limits = [PaletteLimit(name=name, max=most, code=code) for name, (most, code) in _LIMITS.items()]
        return Palette(types=[_type(each, language) for each in found], limits=limits)


def _type(tool: Tool, language: Language) -> PaletteType:
    kind = tool.kind
    return PaletteType(
        name=tool.name,
        label=tool.label.text(language, tool.name),
        output=kind.output.value if kind is not None else "record",
        filter=(kind.operators.value or None) if kind is not None else None,
        functions=[each.value for each in kind.functions] if kind is not None else [],
        sortable=kind is not None and kind.sortable,
        groupable=kind is not None and kind.groupable,
        unique=kind is not None and kind.may_be_unique,
        choices=kind is not None and kind.has_choices,
        computed=kind is not None and kind.computed,
        schema=json.dumps(tool.schema, ensure_ascii=False),
    )
