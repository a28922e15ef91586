"""Which layouts place a field, or look at it in a condition: told to whoever is about to change it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from schema.tables.layouts import layout
from services import expressions, metadata
from services.expressions import ExpressionOutdated
from services.layouts.sections import restored
from services.metadata import Subject, Usage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from schema.metadata.registry import Shape
    from services.layouts.sections import Condition, Section
    from tenants.context import ReadWork

KIND = "layout"


async def usages(work: ReadWork, subject: Subject) -> Iterable[Usage]:
    """The layouts, each by its object and its stage."""
    found = []
    for row in await work.session.rows(sa.select(layout)):
        name, sections = row["object_name"], restored(row["sections"])
        looked_at = {each for one in _conditions(sections) for each in _places(subject.before.shape, name, one)}
        if row["stage_field"]:
            looked_at.add((name, row["stage_field"]))
        placed = {_place(subject.before.shape, name, each.field) for section in sections for each in section.fields}
        if subject.is_named_by({(name, ""), *placed, *looked_at}):
            breaks = subject.is_gone or (_is_retyped(subject) and subject.is_named_by(looked_at))
            found.append(Usage(KIND, " ".join(filter(None, (name, row["stage"]))), row["id"], breaks=breaks))
    return found


def _place(shape: Shape, object_name: str, name: str) -> tuple[str, str]:
    """Lists of related records are there because of the field that leads from them to the record."""
    inverse = shape.inverse(object_name, name) if object_name in shape.objects else None
    return (object_name, name) if inverse is None else inverse.decided_by


def _conditions(sections: Iterable[Section]) -> Iterator[Condition]:
    for section in sections:
        for condition in (section.visible_if, *(each.visible_if for each in section.fields)):
            if condition is not None:
                yield condition


def _places(shape: Shape, object_name: str, condition: Condition) -> Iterator[tuple[str, str]]:
    try:
        node = expressions.restored(condition.tree, shape, object_name)
    except ExpressionOutdated:
        return
    yield from ((each.object_name, each.field_name) for each in expressions.dependencies(node))


def _is_retyped(subject: Subject) -> bool:
    field, changed = subject.field, subject.changed
    return field is not None and changed is not None and field.type_name != changed.type_name


metadata.provide_usages(KIND, usages)
