"""Which saved views name a field: told to whoever is about to change it. Private views are counted, never named."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from schema.tables.views import saved_view
from services import metadata, query
from services.metadata import Subject, Usage

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tenants.context import ReadWork

SHARED, PRIVATE = "savedView", "privateSavedView"
_WHOLES, _LISTS = ("filter", "settings"), ("order_by", "group_by", "columns")


async def usages(work: ReadWork, subject: Subject) -> Iterable[Usage]:
    """The shared views by name, and how many private ones there are."""
    found: list[Usage] = []
    private, breaks = 0, False
    for row in await work.session.rows(perhaps_naming(subject)):
        needs = [*_needs(dict(row))]
        if not subject.is_named_by([(row["object_name"], ""), *(query.place_of(each)[:2] for each in needs)]):
            continue
        is_broken = subject.is_gone or _is_retyped(subject, needs)
        if row["shared_with"] is None:
            private, breaks = private + 1, breaks or is_broken
        else:
            found.append(Usage(SHARED, row["name"], row["id"], breaks=is_broken))
    return [*found, Usage(PRIVATE, str(private), breaks=breaks)] if private else found


def _needs(row: Mapping[str, Any]) -> Iterator[str]:  # Any: JSON
    parts = [row[name] for name in _WHOLES] + [part for name in _LISTS for part in row[name] or ()]
    for part in parts:
        if isinstance(part, dict):
            yield from part["needs"]


def _is_retyped(subject: Subject, needs: Iterable[str]) -> bool:
    """Whether something is decided by a field that is about to be of another type: operands may not fit it."""
    if subject.field is None or subject.changed is None or subject.field.type_name == subject.changed.type_name:
        return False
    return (subject.object_name, subject.field_name, True) in {query.place_of(each) for each in needs}


def perhaps_naming(subject: Subject) -> sa.Select[tuple[object, ...]]:
    """The views in which the name stands as something that a part needs, and few others: everybody may keep hundreds."""
    views, name = saved_view.c, subject.object_name
    needs = (name,) if not subject.field_name else (f"{name}.{subject.field_name}", f"{name}.{subject.field_name}=")
    wanted = [f'"{need}"' for need in needs] + ([] if subject.field_name else [f'"{name}.'])
    parts = (sa.cast(views[part], sa.Text) for part in (*_WHOLES, *_LISTS))
    named = [part.contains(each, autoescape=True) for part in parts for each in wanted]
    of_object = [] if subject.field_name else [views.object_name == name]
    return sa.select(saved_view).where(sa.or_(*of_object, *named))


metadata.provide_usages(SHARED, usages)
