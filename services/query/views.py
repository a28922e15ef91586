"""Saved views as the caller sees them: his own and those that are shared with him, without what names closed fields.

Each part of a view keeps what it needs: objects, fields that are looked at, and fields that something is decided by. A
part that needs what is closed to the caller, or was retired, is left out, so that it looks as if it had never been said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from schema.metadata.types import Output
from services.permissions import Level, Verb
from services.query.compilation import Compilation, column, fixed_table
from services.query.membership import DEPARTMENTS, ME, ROLES, TEAMS
from services.query.text import value_text
from tenants.sql import Fragment, sql, value

if TYPE_CHECKING:
    from services.query.arguments import Circumstances

SAVED_VIEW: Final = "savedView"
# Parts that are kept one by one, and those that are kept whole.
_LISTS = frozenset({"columns", "orderBy", "groupBy"})
_WHOLES = frozenset({"filter", "settings"})
# Ends the name of a field that decides something: a masked one shows, and decides nothing.
_DECIDES = "="


@dataclass(frozen=True, slots=True)
class Closed:
    """What is closed to the caller, in the spelling of needs."""

    needs: tuple[str, ...]

    def found_in(self, _: Circumstances) -> object:
        """The needs."""
        return list(self.needs)


def is_part(object_name: str, field_name: str) -> bool:
    """Whether a field holds parts of a view."""
    return object_name == SAVED_VIEW and field_name in _LISTS | _WHOLES


def need(object_name: str, field_name: str = "", *, decides: bool = False) -> str:
    """One need of a part: an object, a field that is looked at, or one that something is decided by."""
    return f"{object_name}.{field_name}{_DECIDES if decides else ''}" if field_name else object_name


def place_of(needed: str) -> tuple[str, str, bool]:
    """The object and the field of a need, and whether something is decided by it."""
    object_name, _, field_name = needed.removesuffix(_DECIDES).partition(".")
    return object_name, field_name, needed.endswith(_DECIDES)


def part_text(c: Compilation, field_name: str, alias: str) -> Fragment:
    """A part of a view as JSON text: what of it may be told."""
    stored = column(alias, SAVED_VIEW, field_name)
    if field_name in _WHOLES:
        whole = sql(
            "(SELECT CASE WHEN NOT ({stored} -> 'needs' ?| {closed}) THEN {stored} -> 'shown' END)",
            stored=stored,
            closed=_closed(c),
        )
        return value_text(Output.JSON, whole)
    some = sql(
        "(SELECT coalesce(jsonb_agg(e.part -> 'shown' ORDER BY e.place), jsonb_build_array())"
        " FROM jsonb_array_elements({stored}) WITH ORDINALITY AS e (part, place) WHERE NOT (e.part -> 'needs' ?| {closed}))",
        stored=stored,
        closed=_closed(c),
    )
    return value_text(Output.JSON, some)


def view_is_seen(c: Compilation, alias: str) -> Fragment:
    """Whether a view is the caller's own, or shared with him, and of an object that he may read."""
    return sql(
        "(NOT ({object} = ANY ({closed})) AND ({owner} = {me} OR {shared} ->> 'everybody' = 'true'"
        " OR {shared} -> 'roleIds' ?| ARRAY(SELECT r.id::text FROM ({roles}) r (id))"
        " OR {shared} -> 'departmentIds' ?| ARRAY(SELECT d.id::text FROM ({departments}) d (id))"
        " OR {shared} -> 'teamIds' ?| ARRAY(SELECT g.id::text FROM ({teams}) g (id))))",
        object=column(alias, SAVED_VIEW, "objectName"),
        closed=_closed(c),
        owner=column(alias, SAVED_VIEW, "owner"),
        me=ME,
        shared=column(alias, SAVED_VIEW, "sharedWith"),
        roles=ROLES,
        departments=DEPARTMENTS,
        teams=TEAMS,
    )


def closed_to(c: Compilation) -> Fragment:
    """The needs that are closed to the caller."""
    return value(Closed(tuple(_needs_closed(c))), "text[]")


def _closed(c: Compilation) -> Fragment:
    return sql("({closed} || {gone})", closed=closed_to(c), gone=_GONE)


def _needs_closed(c: Compilation) -> Iterator[str]:
    for thing in c.shape.objects.values():
        rights = c.rights.on(thing.name)
        if not rights.arms(Verb.READ):
            yield need(thing.name)
            continue
        for field in thing.fields:
            yield from _of_field(thing.name, field.name, rights.level(field.name))


def _of_field(object_name: str, field_name: str, level: Level) -> Iterable[str]:
    if level < Level.MASKED:
        yield need(object_name, field_name)
    if level < Level.READ:
        yield need(object_name, field_name, decides=True)


# Objects and fields that were retired since a view was saved.
_GONE = sql(
    "ARRAY(SELECT o.name FROM {object} o WHERE o.state <> 'live' UNION ALL SELECT o.name || '.' || f.name || e.sign"
    " FROM {field} f JOIN {object} o ON o.id = f.object_id CROSS JOIN (VALUES (''), ('=')) e (sign)"
    " WHERE f.state NOT IN ('live', 'building'))",
    object=fixed_table("object_definition"),
    field=fixed_table("field_definition"),
)
