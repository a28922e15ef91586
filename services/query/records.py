"""One record as text: its fields in the order of the selection, relations as correlated subselects."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from schema.metadata.types import Output
from services.permissions import Level
from services.query import plan as p
from services.query.aggregates import aggregate_text
from services.query.compilation import Compilation, column, table
from services.query.connections import connection_text
from services.query.definitions import tells, told_text
from services.query.files import files_text
from services.query.guard import UndecidedError
from services.query.labels import label_text
from services.query.names import MASKED_FIELDS, field_of, inverse_of, is_trace, relation_of
from services.query.parents import Parent
from services.query.places import address_text, point_text
from services.query.relations import visible_id
from services.query.scopes import all_of, visible
from services.query.several import several_text, visible_ids
from services.query.text import (
    NULL,
    Piece,
    concat,
    masked_text,
    money_text,
    names_text,
    object_text,
    or_null,
    value_text,
)
from services.query.traces import trace_text
from services.query.unsealing import sealed_text
from services.query.views import is_part, part_text
from tenants.sql import Fragment, ident, sql

if TYPE_CHECKING:
    from schema.metadata.fields import Field


def record_text(c: Compilation, selection: p.Selection, alias: str) -> Fragment:
    """The JSON object of the record behind an alias."""
    return object_text((item.key, _item(c, selection.object_name, item, alias)) for item in selection.items)


def _item(  # noqa: C901, PLR0911 - one return for each kind of item
    c: Compilation, object_name: str, item: p.Item, alias: str
) -> Piece:
    match item:
        case p.Leaf():
            return _leaf(c, object_name, item.field, alias)
        case p.Typename():
            return f'"{item.name}"'
        case p.Nothing():
            return "null"
        case p.IfPermitted():
            raise UndecidedError
        case p.MoneyLeaf():
            return _money(c, object_name, item, alias)
        case p.PartsLeaf():
            return _parts(c, object_name, item, alias)
        case p.ChoiceLabel():
            return _label(c, object_name, item, alias)
        case p.ToOne():
            return _to_one(c, object_name, item, alias)
        case p.Lookup():
            return _lookup(c, object_name, item, alias)
        case p.ToSeveral():
            return _several(c, object_name, item, alias)
        case p.ToMany():
            parent = Parent(inverse_of(c.shape, object_name, item.inverse), column(alias, object_name, "id"))
            return connection_text(c, item.connection, record_text, parent)
        case p.ChildAggregate():
            parent = Parent(inverse_of(c.shape, object_name, item.inverse), column(alias, object_name, "id"))
            return aggregate_text(c, item.aggregate, parent)


def _is_masked(c: Compilation, object_name: str, field_name: str) -> bool:
    return c.rights.on(object_name).level(field_name) is Level.MASKED


def _leaf(c: Compilation, object_name: str, name: str, alias: str) -> Piece:
    if name == MASKED_FIELDS:
        fields = c.shape.objects[object_name].fields
        return names_text(field.name for field in fields if _is_masked(c, object_name, field.name))
    field = field_of(c.shape, object_name, name)
    if is_trace(object_name, field.name):
        return trace_text(c, object_name, field.name, alias)
    if is_part(object_name, field.name):
        return part_text(c, field.name, alias)
    if _is_masked(c, object_name, field.name):
        return _masked(c, object_name, field, alias)
    if field.type.output is Output.RECORD:
        return value_text(Output.ID, visible_id(c, object_name, field, alias))
    several = field.type.has_several
    stored = visible_ids(c, object_name, field, alias) if several else column(alias, object_name, field.name)
    is_sealed, record_id = field.type.output is Output.SEALED, column(alias, object_name, "id")
    return sealed_text(stored, record_id, field.name) if is_sealed else value_text(field.type.output, stored)


def _masked(c: Compilation, object_name: str, field: Field, alias: str) -> Piece:
    if tells(object_name, field.name):
        return told_text(c, object_name, field, alias)
    # Of rich text its words: a tag tells nothing.
    shown = column(alias, object_name, field.name, field.type.compared)
    return masked_text(field.type.output, shown, c.rights.on(object_name).mask(field.name))


def _several(c: Compilation, object_name: str, item: p.ToSeveral, alias: str) -> Piece:
    field = field_of(c.shape, object_name, item.field)
    if _is_masked(c, object_name, field.name):
        return NULL
    return several_text(c, object_name, field, alias, text=lambda joined: record_text(c, item.selection, joined))


def _parts(c: Compilation, object_name: str, item: p.PartsLeaf, alias: str) -> Piece:
    if _is_masked(c, object_name, item.field):
        return NULL
    type_ = field_of(c.shape, object_name, item.field).type
    columns = {part: column(alias, object_name, item.field, part) for part in type_.columns}
    if type_.output is Output.FILES:
        return files_text(c, columns[""], item.parts)
    return (point_text if type_.output is Output.POINT else address_text)(columns, item.parts)


def _money(c: Compilation, object_name: str, item: p.MoneyLeaf, alias: str) -> Piece:
    if _is_masked(c, object_name, item.field):
        return NULL
    amount, currency = (column(alias, object_name, item.field, part) for part in ("", "currency"))
    return money_text(amount, currency, item.parts)


def _label(c: Compilation, object_name: str, item: p.ChoiceLabel, alias: str) -> Piece:
    if _is_masked(c, object_name, item.field):
        return NULL
    return label_text(object_name, item, column(alias, object_name, item.field))


def _to_one(c: Compilation, object_name: str, item: p.ToOne, alias: str) -> Piece:
    return _behind(c, (object_name, item.field, alias), lambda joined: record_text(c, item.selection, joined))


def _lookup(c: Compilation, object_name: str, item: p.Lookup, alias: str) -> Piece:
    if _is_masked(c, object_name, item.name):
        return NULL
    return _behind(
        c, (object_name, item.relation, alias), lambda joined: concat([_item(c, item.object_name, item.item, joined)])
    )


def _behind(c: Compilation, relation: tuple[str, str, str], write: Callable[[str], Fragment]) -> Piece:
    """What is written of the one record behind the relation of an object, of the record under an alias."""
    object_name, name, alias = relation
    field, to = relation_of(c.shape, object_name, name)
    if _is_masked(c, object_name, field.name):
        return NULL
    target, joined = to.target, c.alias()
    here = sql("{id} = {reference}", id=column(joined, target, "id"), reference=column(alias, object_name, field.name))
    seen = visible(c, c.shape.objects[target], joined)
    return or_null(
        sql(
            "(SELECT {text} FROM {table} {alias} WHERE {conditions})",
            text=write(joined),
            table=table(target),
            alias=ident(joined),
            conditions=all_of((here, *seen)),
        )
    )
