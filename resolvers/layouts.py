"""Layouts over GraphQL: the one that applies to the caller, and those that are kept."""

# ruff: noqa: A002 - `object` is the name of the argument in the API
from __future__ import annotations

import json
from typing import TYPE_CHECKING

import strawberry

from resolvers.context import Info
from schema.types.layouts import KeptLayout, Layout, LayoutCondition, LayoutField, LayoutSection
from services import layouts, metadata

if TYPE_CHECKING:
    from schema.metadata.fields import Label
    from schema.metadata.registry import Registry
    from services.layouts import Arranged, Condition, Kept, Placed, Section
    from tenants.context import ReadWork
    from tenants.errors import Language


@strawberry.type
class LayoutsQuery:
    """How forms are arranged."""

    @strawberry.field(
        description="The layout of an object that applies to the caller, with the fields that he may read; null where he may "
        "not read the object."
    )
    async def layout(self, info: Info, object: str, stage: str | None = None) -> Layout | None:
        """That of a role before that of everybody, that of the stage before the one for all."""

        async def looked_up(work: ReadWork) -> tuple[Registry, Arranged | None]:
            return await metadata.registry(work), await layouts.layout_for(work, object, stage)

        registry, found = await info.context.read(looked_up)
        return None if found is None else _layout(registry, found, info.context.origin.language)

    @strawberry.field(description="Every layout of an object, for those who may define.")
    async def layouts(self, info: Info, object: str) -> list[KeptLayout] | None:
        """Oldest first."""
        return [_kept(each) for each in await info.context.read(lambda work: layouts.layouts_of(work, object))]


def _layout(registry: Registry, found: Arranged, language: Language) -> Layout:
    return Layout(
        id=None if found.id is None else strawberry.ID(str(found.id)),
        object=found.object_name,
        stage=found.stage or None,
        sections=[
            LayoutSection(
                label=section.label.text(language, ""),
                columns=section.columns,
                visible_if=_condition(section.visible_if),
                fields=[_field(registry, found, each, language) for each in section.fields],
            )
            for section in found.sections
        ],
    )


def _field(registry: Registry, found: Arranged, placed: Placed, language: Language) -> LayoutField:
    type_name, label, required = _piece(registry, found, placed.field)
    return LayoutField(
        field=placed.field,
        type=type_name,
        label=label.text(language, placed.field),
        width=placed.width,
        level=found.levels[placed.field].name.lower(),
        writable=placed.field in found.writable,
        required=required,
        visible_if=_condition(placed.visible_if),
    )


def _piece(registry: Registry, found: Arranged, name: str) -> tuple[str, Label, bool]:
    """Type, words, and whether it is required."""
    inverse = found.lists.get(name)
    if inverse is None:
        field = found.fields[name]
        return field.type_name, registry.names[found.object_name].fields[name].label, field.required
    object_name, field_name = inverse.decided_by
    words = registry.names[object_name].fields[field_name].inverse_label
    return "lines" if inverse.lines_by else "related", words, False


def _condition(given: Condition | None) -> LayoutCondition | None:
    return None if given is None else LayoutCondition(text=given.text, tree=json.dumps(given.tree, ensure_ascii=False))


def _kept(found: Kept) -> KeptLayout:
    return KeptLayout(
        id=strawberry.ID(str(found.id)),
        version=found.version,
        object=found.object_name,
        role_id=None if found.role_id is None else strawberry.ID(str(found.role_id)),
        stage_field=found.stage_field or None,
        stage=found.stage or None,
        sections=json.dumps([_said(each) for each in found.sections], ensure_ascii=False),
    )


def _said(section: Section) -> dict[str, object]:
    """A section as the input of `updateLayout` says it."""
    fields = [
        {"field": each.field, "width": each.width, "readOnly": each.read_only, **_text(each.visible_if)}
        for each in section.fields
    ]
    words = {"labelZh": section.label.zh, "labelEn": section.label.en}
    return {**words, "columns": section.columns, **_text(section.visible_if), "fields": fields}


def _text(condition: Condition | None) -> dict[str, str]:
    return {} if condition is None else {"visibleIf": condition.text}
