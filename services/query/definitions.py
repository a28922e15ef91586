"""What definitions say of fields, as the caller sees it: rules, formulas and offers without what names closed fields.

To whom something is closed these columns are masked, so that nothing is decided by them; what they show is made here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from services.permissions import TELLING
from services.query.compilation import Compilation, column, fixed_table
from services.query.text import value_text
from services.query.views import closed_to
from tenants.sql import Fragment, sql

if TYPE_CHECKING:
    from schema.metadata.fields import Field

# The tree that says which fields a column is about.
_TREES: Final = {
    "requiredIf": "requiredIfTree",
    "visibleIf": "visibleIfTree",
    "readOnlyIf": "readOnlyIfTree",
    "expression": "tree",
}


def tells(object_name: str, field_name: str) -> bool:
    """Whether a column says something about fields."""
    return field_name in TELLING.get(object_name, ())


def told_text(c: Compilation, object_name: str, field: Field, alias: str) -> Fragment:
    """A column as JSON text, as far as what it is about is open."""
    stored = column(alias, object_name, field.name)
    match field.name:
        case "options":
            shown = sql(
                "(CASE WHEN EXISTS (SELECT 1 FROM jsonb_array_elements_text(CASE jsonb_typeof({stored} -> 'reads')"
                " WHEN 'array' THEN {stored} -> 'reads' ELSE jsonb_build_array() END) r (name)"
                " WHERE r.name || '=' = ANY ({closed}) OR split_part(r.name, '.', 1) = ANY ({closed}))"
                " THEN {stored} - ARRAY['expression', 'tree', 'reads', 'relation', 'field', 'filter'] ELSE {stored} END)",
                stored=stored,
                closed=closed_to(c),
            )
        case "offered" | "offeredBy":
            by = column(alias, object_name, "offeredBy")
            shown = sql(
                "(CASE WHEN NOT ({closed} && ARRAY[{of}, {of} || '.' || {by} || '=']) THEN {stored} END)",
                stored=stored,
                closed=closed_to(c),
                of=_object(object_name, alias),
                by=by,
            )
        case "fields":
            shown = sql(
                "ARRAY(SELECT f.name FROM unnest({stored}) WITH ORDINALITY f (name, place)"
                " WHERE NOT ({closed} && ARRAY[{of}, {of} || '.' || f.name]) ORDER BY f.place)",
                stored=stored,
                closed=closed_to(c),
                of=_object(object_name, alias),
            )
        case _:
            shown = _of_tree(c, stored, column(alias, object_name, _TREES.get(field.name, field.name)))
    return value_text(field.type.output, shown)


def _of_tree(c: Compilation, stored: Fragment, tree: Fragment) -> Fragment:
    """Fields stand in a tree as pairs of names, whether a path leads there or a question about many does."""
    return sql(
        "(CASE WHEN NOT EXISTS (SELECT 1 FROM jsonb_path_query({tree},"
        """ 'strict $.** ? (@.type() == "array" && @[0].type() == "string" && @[1].type() == "string")') s (pair)"""
        " WHERE {closed} && ARRAY[s.pair ->> 0, (s.pair ->> 0) || '.' || (s.pair ->> 1) || '=']) THEN {stored} END)",
        tree=tree,
        stored=stored,
        closed=closed_to(c),
    )


def _object(object_name: str, alias: str) -> Fragment:
    return sql(
        "(SELECT o.name::text FROM {objects} o WHERE o.id = {id})",
        objects=fixed_table("object_definition"),
        id=column(alias, object_name, "object"),
    )
