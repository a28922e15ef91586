"""Which saved views name a field: told to whoever is about to change it. Private views are counted, never named."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from schema.tables.views import saved_view
from services import metadata, query
from services.metadata import Subject, Usage
from services.views.settings import setting_touches
from tenants.errors import Conflict, Invalid, Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from schema.metadata.registry import Shape
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
        is_broken = subject.is_gone or (_is_retyped(subject, needs) and await _works(work, subject, dict(row)))
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
    return subject.is_retyped and (subject.object_name, subject.field_name, True) in {
        query.place_of(each) for each in needs
    }


async def _works(work: ReadWork, subject: Subject, row: Mapping[str, Any]) -> bool:  # Any: JSON
    """Whether something that the field decides can be said as it is now; what is broken already cannot break."""
    decides = (subject.object_name, subject.field_name, True)
    decided = [name for name in (*_WHOLES, *_LISTS) for part in _parts(row[name]) if decides in part]
    if "filter" in decided and await _is_sayable(work, row):
        return True
    if "settings" in decided and _fits(subject.before.shape, row):
        return True
    return not {*decided} <= {*_WHOLES}


def _parts(kept: Any) -> Iterator[set[tuple[str, str, bool]]]:  # Any: JSON
    for part in kept if isinstance(kept, list) else [kept]:
        if isinstance(part, dict):
            yield {query.place_of(each) for each in part["needs"]}


async def _is_sayable(work: ReadWork, row: Mapping[str, Any]) -> bool:  # Any: JSON
    try:
        await query.spoken(work, row["object_name"], row["filter"]["shown"])
    except (Conflict, Invalid, Refused):
        return False
    return True


def _fits(shape: Shape, row: Mapping[str, Any]) -> bool:  # Any: JSON
    try:
        setting_touches(shape, row["object_name"], row["kind"], row["settings"]["shown"])
    except (Invalid, Refused):
        return False
    return True


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
