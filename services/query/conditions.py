"""Filters in SQL. A condition may be NULL where SQL says unknown; `not` and `every` mind that."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from schema.metadata.types import Operators, Output
from services.query import plan as p
from services.query.arguments import Operand
from services.query.binder import family_of
from services.query.compilation import Compilation, column, table
from services.query.names import field_of, inverse_of, relation_of
from services.query.operators import OFFERED, SQL_LIST_TYPES, SQL_TYPES, Operator, Reading
from services.query.parents import Parent
from services.query.relations import target_is_visible
from services.query.scopes import FALSE, TRUE, all_of, visible
from services.query.several import visible_ids
from tenants.sql import Fragment, ident, join, sql, value

if TYPE_CHECKING:
    from schema.metadata.fields import Field

_NEGATIVE = frozenset({"ne", "notIn"})
_POSITIVE = {"ne": "eq", "notIn": "in"}


def condition_sql(  # noqa: PLR0911 - one return for each kind of condition
    c: Compilation, condition: p.Condition, object_name: str, alias: str
) -> Fragment:
    """One condition on the record behind an alias."""
    match condition:
        case p.Compare():
            return _compare(c, condition, object_name, alias)
        case p.IsEmpty():
            return _is_empty(c, field_of(c.shape, object_name, condition.field), object_name, alias)
        case p.Follows():
            return _follows(c, condition, object_name, alias)
        case p.Quantified():
            return _quantified(c, condition, object_name, alias)
        case p.And():
            return _joined(c, condition.conditions, object_name, alias, every=True)
        case p.Or():
            return _joined(c, condition.conditions, object_name, alias, every=False)
        case p.Not():
            inner = condition_sql(c, condition.condition, object_name, alias)
            return sql("(({inner}) IS NOT TRUE)", inner=inner)


def _joined(
    c: Compilation, conditions: tuple[p.Condition, ...], object_name: str, alias: str, *, every: bool
) -> Fragment:
    if not conditions:
        return TRUE if every else FALSE
    parts = [condition_sql(c, each, object_name, alias) for each in conditions]
    return sql("({all})", all=join(" AND " if every else " OR ", parts))


def _compare(c: Compilation, compare: p.Compare, object_name: str, alias: str) -> Fragment:
    field = field_of(c.shape, object_name, compare.field)
    if field.relation is not None and compare.operator in _NEGATIVE:
        positive = p.Compare(compare.field, _POSITIVE[compare.operator], compare.operand)
        return sql("({inner}) IS NOT TRUE", inner=_compare(c, positive, object_name, alias))
    written = _operator(c, compare, object_name, alias)
    if field.relation is None:
        return written
    seen = target_is_visible(c, field.relation.target, column(alias, object_name, field.name))
    return written if seen is TRUE else sql("({written} AND {seen})", written=written, seen=seen)


def _operator(c: Compilation, compare: p.Compare, object_name: str, alias: str) -> Fragment:
    field = field_of(c.shape, object_name, compare.field)
    family = family_of(field, compare.part)
    part = compare.part if compare.part and compare.part in field.type.columns else field.type.compared
    compared = column(alias, object_name, field.name, part)
    if field.type.output is Output.RECORDS:
        compared = visible_ids(c, object_name, field, alias)
    operator: Operator = OFFERED[family][compare.operator]
    type_ = (SQL_LIST_TYPES if operator.reading is Reading.MANY else SQL_TYPES)[family]
    asked = Operand(compare.operand.position, object_name, field.name, family, compare.operator, criterion=c.criterion)
    parameters = tuple(value(replace(asked, index=index), type_) for index in range(operator.reading.parameters))
    if family is Operators.POINT:
        parameters = (column(alias, object_name, field.name, "longitude"), *parameters)
    return operator.write(compared, parameters)


def _is_empty(c: Compilation, field: Field, object_name: str, alias: str) -> Fragment:
    stored = column(alias, object_name, field.name)
    if field.relation is not None:
        seen = target_is_visible(c, field.relation.target, stored)
        return sql("{id} IS NULL", id=stored) if seen is TRUE else sql("NOT {seen}", seen=seen)
    match field.type.output:
        case Output.RECORDS:
            return sql("{seen} IS NULL", seen=visible_ids(c, object_name, field, alias))
        case Output.TEXT:
            return sql("({stored} IS NULL OR {stored} = '')", stored=stored)
        case Output.TEXT_LIST:
            return sql("({stored} IS NULL OR {stored} = ARRAY[]::text[])", stored=stored)
        case _:
            return sql("{stored} IS NULL", stored=stored)


def _follows(c: Compilation, follows: p.Follows, object_name: str, alias: str) -> Fragment:
    field, relation = relation_of(c.shape, object_name, follows.field)
    target = relation.target
    joined = c.alias()
    here = sql("{id} = {reference}", id=column(joined, target, "id"), reference=column(alias, object_name, field.name))
    within = condition_sql(c.testing_others(tests=False), follows.condition, target, joined)
    return _exists(c, target, joined, (here, within))


def _quantified(c: Compilation, quantified: p.Quantified, object_name: str, alias: str) -> Fragment:
    inverse = inverse_of(c.shape, object_name, quantified.inverse)
    child = c.alias()
    mine = Parent(inverse, column(alias, object_name, "id")).leads_to(child)
    inner = condition_sql(c.testing_others(tests=False), quantified.condition, inverse.object_name, child)
    if quantified.quantifier == "every":
        inner = sql("({inner}) IS NOT TRUE", inner=inner)
    exists = _exists(c, inverse.object_name, child, (mine, inner))
    return exists if quantified.quantifier == "some" else sql("NOT {exists}", exists=exists)


def _exists(c: Compilation, object_name: str, alias: str, conditions: tuple[Fragment, ...]) -> Fragment:
    seen = visible(c.testing_others(tests=False), c.shape.objects[object_name], alias)
    exists = sql(
        "EXISTS (SELECT 1 FROM {table} {alias} WHERE {conditions})",
        table=table(object_name),
        alias=ident(alias),
        conditions=all_of((*conditions, *seen)),
    )
    return sql("({exists}) IS TRUE", exists=exists) if c.tests_others else exists
