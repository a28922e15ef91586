"""What the definitions themselves use of each other: titles, unique rules, relations, line tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.metadata.drafting import TITLES
from services.metadata.usage import Usage, provide_usages

if TYPE_CHECKING:
    from collections.abc import Iterable

    from services.metadata.usage import Subject
    from tenants.context import ReadWork

TITLE, UNIQUE, RELATION, LINES = "titleField", "uniqueRule", "relation", "lineTable"


async def titles(_: ReadWork, subject: Subject) -> Iterable[Usage]:
    """The object whose records are called by the field."""
    thing = subject.before.shape.objects.get(subject.object_name)
    if thing is None or not subject.field_name or thing.title_field != subject.field_name:
        return []
    changed = subject.changed
    return [Usage(TITLE, thing.name, breaks=changed is None or changed.type_name not in TITLES)]


async def unique_rules(_: ReadWork, subject: Subject) -> Iterable[Usage]:
    """Rules over the field, alone or together with others."""
    thing, field = subject.before.shape.objects.get(subject.object_name), subject.field
    if thing is None or field is None:
        return []
    rules = [each.fields for each in thing.indexes if each.is_unique and field.name in each.fields]
    rules += [(field.name,)] if field.is_unique else []
    return [Usage(UNIQUE, ", ".join(each), breaks=subject.is_gone) for each in rules]


async def relations(_: ReadWork, subject: Subject) -> Iterable[Usage]:
    """Fields of other objects that point at the object."""
    thing = subject.before.shape.objects.get(subject.object_name)
    if thing is None or subject.field_name:
        return []
    return [
        Usage(RELATION, ".".join(each.decided_by), breaks=subject.is_gone)
        for each in thing.inverses
        if each.decided_by[0] != thing.name
    ]


async def line_tables(_: ReadWork, subject: Subject) -> Iterable[Usage]:
    """The relation whose lines the field orders: without it they would be lines that nobody can write with their head."""
    thing = subject.before.shape.objects.get(subject.object_name)
    if thing is None or not subject.field_name:
        return []
    breaks = subject.is_gone or subject.is_retyped
    return [
        Usage(LINES, f"{thing.name}.{each.name}", breaks=breaks, keeps=breaks)
        for each in thing.fields
        if each.relation is not None and each.relation.lines_by == subject.field_name
    ]


provide_usages(TITLE, titles)
provide_usages(UNIQUE, unique_rules)
provide_usages(RELATION, relations)
provide_usages(LINES, line_tables)
