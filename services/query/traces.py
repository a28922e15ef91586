"""What history and audit keep of a record's values, as the caller may see it: closed fields absent, masked ones masked,
ids of records out of sight empty, like the links themselves.

The values of a record out of sight are left out of an audit entry; a row of history about one is out of scope itself.
Of a job, what it found among all records of an object, as the values of a field, is there or not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema.metadata.types import Output
from services.permissions import Everyone, Level, Mask, Verb
from services.query.arguments import TracedFields
from services.query.compilation import Compilation, column
from services.query.names import HISTORY, JOB
from services.query.scopes import always_visible, is_about, is_there, reaches_all, record_is_seen, with_records
from services.query.text import masked_text, value_text
from tenants.sql import Fragment, constant, join, sql, value

if TYPE_CHECKING:
    from schema.metadata.fields import Field
    from services.permissions import ObjectRights

# How a field shows beside a text as its mask leaves it: as it is, as nothing, or as an id of an object (`to:customer`) whose
# records are looked for. What is not named does not show at all.
_OPEN, _EMPTY, _TO = "open", "empty", "to:"
# Lists of ids, those that went and those that came.
_TO_MANY = "links:"


def trace_text(c: Compilation, object_name: str, field_name: str, alias: str) -> Fragment:
    """The kept values as JSON text."""
    stored = column(alias, object_name, field_name)
    if object_name == HISTORY:
        # What a deletion unlinked stands there too, for whoever restores the record: it is no field, so it does not show.
        return value_text(Output.JSON, _opened(c, object_name, alias, stored))
    if object_name == JOB:
        return value_text(Output.JSON, _found(c, stored))
    shown = sql(
        "(SELECT CASE WHEN NOT d.x ? 'changes' OR NOT ({about}) THEN {told} "
        "WHEN {seen} THEN jsonb_set(d.x, ARRAY['changes'], {changes}) ELSE d.x - 'changes' END "
        "FROM (SELECT convert_from({stored}, 'UTF8')::jsonb -> 'details' AS x) d)",
        about=is_about(object_name, alias, with_records(c)),
        told=_told(c),
        seen=record_is_seen(c, object_name, alias),
        changes=_opened(c, object_name, alias, sql("(d.x -> 'changes')")),
        stored=stored,
    )
    return value_text(Output.JSON, shown)


def _found(c: Compilation, stored: Fragment) -> Fragment:
    """What a job found of the records of an object, for whoever reads the field that it looked at in every one of them."""
    marks = tuple(
        (thing.name, tuple((each.name, _OPEN) for each in thing.fields if rights.level(each.name) >= Level.READ))
        for thing in with_records(c)
        if Everyone() in (rights := c.rights.on(thing.name)).arms(Verb.READ)
    )
    return sql(
        "(CASE WHEN {fields} -> ({stored} ->> 'object') ->> ({stored} ->> 'field') = 'open' THEN {stored} END)",
        fields=value(TracedFields(marks, by_number=False), "jsonb"),
        stored=stored,
    )


def _told(c: Compilation) -> Fragment:
    """Details that are no record's, without the conditions of rules that touch a field closed to the caller.

    A condition stands there by itself, in what was before, or among the rules that went with a role.
    """
    return sql(
        "(SELECT CASE jsonb_typeof(b.x #> ARRAY['before', 'criteria_rule']) WHEN 'array' THEN jsonb_set(b.x, "
        "ARRAY['before', 'criteria_rule'], (SELECT coalesce(jsonb_agg({rule} ORDER BY r.n), jsonb_build_array()) "
        "FROM jsonb_array_elements(b.x #> ARRAY['before', 'criteria_rule']) WITH ORDINALITY r(x, n))) ELSE b.x END "
        "FROM (SELECT CASE jsonb_typeof(a.x -> 'before') WHEN 'object' THEN jsonb_set(a.x, ARRAY['before'], {before}) "
        "ELSE a.x END AS x FROM (SELECT {whole} AS x) a) b)",
        rule=_without_closed(c, sql("r.x")),
        before=_without_closed(c, sql("(a.x -> 'before')")),
        whole=_without_closed(c, sql("d.x")),
    )


def _without_closed(c: Compilation, said: Fragment) -> Fragment:
    """What is said of one rule; its condition only where every field of records in it is open."""
    fields = value(TracedFields(_marks(c), by_number=False), "jsonb")
    mark = sql("({fields} -> split_part(f.name, '.', 1) ->> split_part(f.name, '.', 2))", fields=fields)
    return sql(
        "(CASE WHEN EXISTS (SELECT 1 FROM jsonb_array_elements_text(CASE jsonb_typeof({said} -> 'fields') WHEN 'array' "
        "THEN {said} -> 'fields' ELSE jsonb_build_array() END) f(name) "
        "WHERE f.name LIKE '%.%' AND ({mark} = 'open' OR {mark} LIKE 'to:%') IS NOT TRUE) "
        "THEN {said} - ARRAY['filter', 'expression', 'condition'] ELSE {said} END)",
        said=said,
        mark=mark,
    )


def _opened(c: Compilation, object_name: str, alias: str, changes: Fragment) -> Fragment:
    """The changes of fields that are there and open to the caller. Those of a retired field are hidden like the field."""
    marks = _marks(c)
    used = sorted({mark for _, fields in marks for _, mark in fields} - {_OPEN, _EMPTY})
    by_number = object_name == HISTORY
    mark = sql(
        "({all} -> {about}::text ->> e.key)",
        all=value(TracedFields(marks, by_number), "jsonb"),
        about=column(alias, object_name, "objectNumber" if by_number else "objectName"),
    )
    return sql(
        "(SELECT coalesce(jsonb_object_agg(t.key, t.shown) FILTER (WHERE t.shown IS NOT NULL), jsonb_build_object()) "
        "FROM (SELECT e.key, CASE {mark} WHEN 'open' THEN e.value{masks} ELSE jsonb_build_array(NULL, NULL) END AS shown "
        "FROM jsonb_each({changes}) e WHERE {mark} IS NOT NULL) t)",
        mark=mark,
        changes=changes,
        masks=join("", (_marked(c, mark) for mark in used)),
    )


def _marked(c: Compilation, mark: str) -> Fragment:
    if mark.startswith(_TO_MANY):
        return _links(c, mark)
    return _linked(c, mark) if mark.startswith(_TO) else _masked(mark)


def _masked(mark: str) -> Fragment:
    """Old and new value as one kind of mask leaves them."""
    old, new = (masked_text(Output.TEXT, text, Mask(mark)) for text in (sql("(e.value ->> 0)"), sql("(e.value ->> 1)")))
    return sql(" WHEN {mark} THEN jsonb_build_array({old}::jsonb, {new}::jsonb)", mark=constant(mark), old=old, new=new)


def _linked(c: Compilation, mark: str) -> Fragment:
    """Old and new id, each as far as the record behind it may be seen. What an entry masked from the beginning is no id."""
    thing = c.shape.objects[mark.removeprefix(_TO)]
    return sql(
        " WHEN {mark} THEN (SELECT jsonb_agg(CASE WHEN length(v.x #>> ARRAY[]::text[]) <> 36 OR {seen} THEN v.x END ORDER BY v.n)"
        " FROM jsonb_array_elements(e.value) WITH ORDINALITY v(x, n))",
        mark=constant(mark),
        seen=is_there(
            c, thing, sql("CASE length(v.x #>> ARRAY[]::text[]) WHEN 36 THEN (v.x #>> ARRAY[]::text[])::uuid END")
        ),
    )


def _links(c: Compilation, mark: str) -> Fragment:
    """Links that went and that came, as far as the records behind them may be seen; of nothing but others not even that."""
    thing = c.shape.objects[mark.removeprefix(_TO_MANY)]
    return sql(
        " WHEN {mark} THEN (SELECT nullif(jsonb_agg(s.kept ORDER BY s.n), '[[], []]'::jsonb) FROM (SELECT o.n, "
        "coalesce((SELECT jsonb_agg(v.x ORDER BY v.n) FROM jsonb_array_elements(o.x) WITH ORDINALITY v(x, n) "
        "WHERE {seen}), jsonb_build_array()) AS kept FROM jsonb_array_elements(e.value) WITH ORDINALITY o(x, n)) s)",
        mark=constant(mark),
        seen=is_there(c, thing, sql("(v.x #>> ARRAY[]::text[])::uuid")),
    )


def _marks(c: Compilation) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    found = []
    for thing in with_records(c):
        rights = c.rights.on(thing.name)
        if not rights.arms(Verb.READ):
            continue
        shown = (each for each in thing.fields if rights.level(each.name) is not Level.NONE)
        marks = [(field.name, _mark(c, rights, field)) for field in shown]
        marks += [
            (each.name, _to_whom(c, each.object_name, _TO_MANY))
            for each in thing.link_fields
            if rights.level(each.name) >= Level.READ
        ]
        found.append((thing.name, tuple(marks)))
    return tuple(found)


def _mark(c: Compilation, rights: ObjectRights, field: Field) -> str:
    if rights.level(field.name) >= Level.READ:
        return _OPEN if field.relation is None else _to_whom(c, field.relation.target, _TO)
    if field.type.output is Output.SEALED:
        # That there was a value is told, as in the record itself; whatever the mask, it was never kept here.
        return Mask.FULL.value
    return rights.mask(field.name).value if field.type.output is Output.TEXT else _EMPTY


def _to_whom(c: Compilation, target: str, behind: str) -> str:
    thing = c.shape.objects[target]
    return _OPEN if always_visible(c, thing) or reaches_all(c, thing) else f"{behind}{target}"
