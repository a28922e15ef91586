"""Aggregates as one text expression: groups in order, each with its measures; money is a list with one sum per currency.

Records are read once. With money, grouping sets give a row for each whole group and one for each of its currencies,
and a second grouping puts them together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from schema.metadata.types import Function, Output
from services.query import plan as p
from services.query.arguments import Operand, PageSize, Zone
from services.query.compilation import Compilation, column, of
from services.query.labels import label_text
from services.query.measures import COUNT, HAVING_FAMILIES, answer_of, measures
from services.query.names import path_end
from services.query.operators import OFFERED, SQL_LIST_TYPES, SQL_TYPES, Reading
from services.query.paging import position_of_choice
from services.query.parents import Parent
from services.query.relations import Paths
from services.query.scopes import all_of
from services.query.sources import source
from services.query.text import Piece, concat, money_text, object_text, value_text
from tenants.sql import EMPTY, Fragment, ident, integer, join, sql, value

_WHOLE = "whole"
# What groups are sorted by, and which way.
Ordered: TypeAlias = tuple[Fragment, Callable[[Fragment], Fragment]]


def _rising(term: Fragment) -> Fragment:
    return sql("{term} ASC NULLS LAST", term=term)


def _falling(term: Fragment) -> Fragment:
    return sql("{term} DESC NULLS LAST", term=term)


_FUNCTIONS: Mapping[str, Callable[[Fragment], Fragment]] = {
    Function.SUM: lambda x: sql("sum({x})", x=x),
    # The rounding of the expression language: 10 decimals, half away from zero. Alone, PostgreSQL's own mean of large
    # numbers has fewer; the zero says how many are wanted before the last is rounded.
    Function.AVG: lambda x: sql("round((sum({x}) + 0e-30) / count({x}), 10)", x=x),
    Function.MIN: lambda x: sql("min({x})", x=x),
    Function.MAX: lambda x: sql("max({x})", x=x),
    Function.COUNT_DISTINCT: lambda x: sql("count(DISTINCT {x})", x=x),
}
# Plain timestamps: with a zone attached, truncating would be slower and depend on the session's zone.
_BUCKETS: Mapping[str, Callable[[Fragment], Fragment]] = {
    "DAY": lambda at: sql("{at}::date", at=at),
    "WEEK": lambda at: sql("date_trunc('week', {at}::timestamp)::date", at=at),
    "MONTH": lambda at: sql("date_trunc('month', {at}::timestamp)::date", at=at),
    "QUARTER": lambda at: sql("date_trunc('quarter', {at}::timestamp)::date", at=at),
    "YEAR": lambda at: sql("date_trunc('year', {at}::timestamp)::date", at=at),
}


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure with the kind of its answer and, for money, the number of its currency column."""

    measure: p.Measure
    output: Output
    name: str
    currency: int | None = None


def aggregate_text(c: Compilation, aggregate: p.Aggregate, parent: Parent | None = None) -> Fragment:
    """A scalar subselect with the JSON list of groups."""
    groups, rows = c.alias(), c.alias()
    measured = _measured(c, aggregate)
    text = object_text((node.key, _node(c, aggregate, measured, node, groups)) for node in aggregate.nodes)
    ordered = _order(c, aggregate, measured, groups)
    positions = [sql("{term} AS {name}", term=term, name=ident(f"o{i}")) for i, (term, _) in enumerate(ordered)]
    again = [direction(of(rows, f"o{i}")) for i, (_, direction) in enumerate(ordered)]
    chosen = sql(
        "SELECT {text} AS j{positions} FROM ({groups}) {alias}{having}{order} LIMIT {limit}",
        text=text,
        positions=join("", (sql(", {each}", each=each) for each in positions)),
        groups=_collected(c, aggregate, measured, parent),
        alias=ident(groups),
        having=_having(aggregate, measured, groups),
        order=sql(" ORDER BY {terms}", terms=join(", ", (direction(term) for term, direction in ordered)))
        if ordered
        else EMPTY,
        limit=value(PageSize(aggregate.size.position if aggregate.size else None), "integer"),
    )
    within = sql(" ORDER BY {terms}", terms=join(", ", again)) if again else EMPTY
    listed = sql("coalesce(string_agg({text}, ','{within}), '')", text=of(rows, "j"), within=within)
    return sql(
        "(SELECT {list} FROM ({chosen}) {rows})", list=concat(["[", listed, "]"]), chosen=chosen, rows=ident(rows)
    )


# --- what is measured -------------------------------------------------------------------------------------------------


def _measured(c: Compilation, aggregate: p.Aggregate) -> dict[p.Measure, Measured]:
    found: dict[p.Measure, Measured] = {}
    currencies: dict[str, int] = {}
    for index, measure in enumerate(measures(aggregate)):
        output = answer_of(c.shape, aggregate.object_name, measure)
        currency = currencies.setdefault(measure.field, len(currencies)) if output is Output.MONEY else None
        found[measure] = Measured(measure, output, f"m{index}", currency)
    return found


def _currency_fields(measured: Mapping[p.Measure, Measured]) -> dict[int, str]:
    return {each.currency: each.measure.field for each in measured.values() if each.currency is not None}


# --- rows, groups -----------------------------------------------------------------------------------------------------


def _base(
    c: Compilation, aggregate: p.Aggregate, measured: Mapping[p.Measure, Measured], parent: Parent | None
) -> Fragment:
    """One row for each record: group keys, currencies and measured values under names of our own."""
    given = source(c, aggregate.object_name, filter_=aggregate.filter, parent=parent, search=aggregate.search)
    paths = Paths(c, aggregate.object_name, given.alias)
    selected = [
        sql("{key} AS {name}", key=_group_value(c, aggregate, key, paths), name=ident(f"g{index}"))
        for index, key in enumerate(aggregate.group_by)
    ]
    for index, field in _currency_fields(measured).items():
        currency = column(given.alias, aggregate.object_name, field, "currency")
        selected.append(sql("{currency} AS {name}", currency=currency, name=ident(f"c{index}")))
    for each in measured.values():
        if each.measure.function != COUNT:
            stored = paths.plain((each.measure.field,))
            selected.append(sql("{value} AS {name}", value=stored, name=ident(f"v{each.name[1:]}")))
    return sql(
        "SELECT {selected} FROM {table}{joins} WHERE {conditions}",
        selected=join(", ", selected),
        table=given.table,
        joins=paths.joins,
        conditions=all_of(given.conditions),
    )


def _group_value(c: Compilation, aggregate: p.Aggregate, key: p.GroupKey, paths: Paths) -> Fragment:
    stored = paths.plain(key.path)
    if not key.granularity:
        return stored
    _, field = path_end(c.shape, aggregate.object_name, key.path)
    if field.type.output is Output.DATETIME:
        zone = value(Zone(key.zone.position if key.zone else None), "text")
        stored = sql("({at} AT TIME ZONE {zone})", at=stored, zone=zone)
    return _BUCKETS[key.granularity](stored)


def _collected(
    c: Compilation, aggregate: p.Aggregate, measured: Mapping[p.Measure, Measured], parent: Parent | None
) -> Fragment:
    """One row for each group: its keys, and a column for each measure (for money, a list as text)."""
    base, rows = _base(c, aggregate, measured, parent), c.alias()
    keys = [f"g{index}" for index in range(len(aggregate.group_by))]
    currencies = _currency_fields(measured)
    selected = [of(rows, key) for key in keys]
    selected += [
        sql("{value} AS {name}", value=_function(each, rows), name=ident(each.name)) for each in measured.values()
    ]
    if not currencies:
        grouped = sql(" GROUP BY {keys}", keys=join(", ", (of(rows, key) for key in keys))) if keys else EMPTY
        return sql(
            "SELECT {selected} FROM ({base}) {rows}{grouped}",
            selected=join(", ", selected),
            base=base,
            rows=ident(rows),
            grouped=grouped,
        )
    return _by_currency(c, measured, base=base, rows=rows, keys=keys, selected=selected)


def _by_currency(
    c: Compilation,
    measured: Mapping[p.Measure, Measured],
    *,
    base: Fragment,
    rows: str,
    keys: Sequence[str],
    selected: Sequence[Fragment],
) -> Fragment:
    currencies = [f"c{index}" for index in _currency_fields(measured)]
    own = [of(rows, key) for key in keys]
    sets = [sql("({keys})", keys=join(", ", own))]
    sets += [sql("({keys})", keys=join(", ", [*own, of(rows, currency)])) for currency in currencies]
    level = sql(
        "GROUPING({all}) AS {name}", all=join(", ", (of(rows, each) for each in currencies)), name=ident(_WHOLE)
    )
    split = sql(
        "SELECT {selected} FROM ({base}) {rows} GROUP BY GROUPING SETS ({sets})",
        selected=join(", ", [*selected, *(of(rows, each) for each in currencies), level]),
        base=base,
        rows=ident(rows),
        sets=join(", ", sets),
    )
    part = c.alias()
    put_together = [of(part, key) for key in keys]
    put_together += [
        sql("{value} AS {name}", value=_reunited(each, part, len(currencies)), name=ident(each.name))
        for each in measured.values()
    ]
    for number, name in enumerate(currencies):
        listed = _over_currencies(of(part, name), number, part, len(currencies))
        put_together.append(sql("{list} AS {name}", list=listed, name=ident(name)))
    grouped = sql(" GROUP BY {keys}", keys=join(", ", (of(part, key) for key in keys))) if keys else EMPTY
    return sql(
        "SELECT {selected} FROM ({split}) {part}{grouped}",
        selected=join(", ", put_together),
        split=split,
        part=ident(part),
        grouped=grouped,
    )


def _reunited(each: Measured, part: str, currencies: int) -> Fragment:
    """A measure of a whole group, out of its rows: the one without a currency, or a list over its currencies."""
    if each.currency is not None:
        return _over_currencies(of(part, each.name), each.currency, part, currencies)
    return sql(
        "max({measure}) FILTER (WHERE {level} = {all})",
        measure=of(part, each.name),
        level=of(part, _WHOLE),
        all=integer(2**currencies - 1),
    )


def _over_currencies(listed: Fragment, number: int, part: str, currencies: int) -> Fragment:
    return sql(
        "array_agg({listed} ORDER BY {currency}) FILTER (WHERE {level} = {own} AND {currency} IS NOT NULL)",
        listed=listed,
        currency=of(part, f"c{number}"),
        level=of(part, _WHOLE),
        own=integer(2**currencies - 1 - 2 ** (currencies - 1 - number)),
    )


def _function(each: Measured, rows: str) -> Fragment:
    if each.measure.function == COUNT:
        return sql("count(*)")
    if each.measure.function == Function.AVG and each.output is Output.DURATION:
        return sql("round((sum({x}) + 0e-30) / count({x}), 6)", x=of(rows, f"v{each.name[1:]}"))
    return _FUNCTIONS[each.measure.function](of(rows, f"v{each.name[1:]}"))


# --- text, having, order ----------------------------------------------------------------------------------------------


def _node(
    c: Compilation, aggregate: p.Aggregate, measured: Mapping[p.Measure, Measured], node: p.AggregateNode, groups: str
) -> Piece:
    if node.measure is not None:
        return _measure_text(measured[node.measure], node, groups)
    if node.group is not None:
        key = aggregate.group_by[node.group]
        if node.label is not None:
            object_name, _ = path_end(c.shape, aggregate.object_name, key.path)
            return label_text(object_name, node.label, of(groups, f"g{node.group}"))
        return value_text(_group_output(c, aggregate, key), of(groups, f"g{node.group}"))
    if node.name:
        return f'"{node.name}"'
    return object_text((child.key, _node(c, aggregate, measured, child, groups)) for child in node.children)


def _group_output(c: Compilation, aggregate: p.Aggregate, key: p.GroupKey) -> Output:
    if key.granularity:
        return Output.DATE
    _, field = path_end(c.shape, aggregate.object_name, key.path)
    return Output.ID if field.type.output is Output.RECORD else field.type.output


def _measure_text(each: Measured, node: p.AggregateNode, groups: str) -> Piece:
    if each.currency is None:
        return value_text(each.output, of(groups, each.name))
    return _money_list(each, node, groups)


def _money_list(each: Measured, node: p.AggregateNode, groups: str) -> Piece:
    parts = [
        (child.key, child.name if child.name in {"amount", "currency"} else "__typename") for child in node.children
    ]
    listed = sql(
        "coalesce((SELECT string_agg({money}, ',' ORDER BY u.c) FROM unnest({amounts}, {currencies}) u(a, c)), '')",
        money=money_text(sql("u.a"), sql("u.c"), parts),
        amounts=of(groups, each.name),
        currencies=of(groups, f"c{each.currency}"),
    )
    return concat(["[", listed, "]"])


def _having(aggregate: p.Aggregate, measured: Mapping[p.Measure, Measured], groups: str) -> Fragment:
    if not aggregate.having:
        return EMPTY
    conditions = (_holds(aggregate, measured[having.measure], having, groups) for having in aggregate.having)
    return sql(" WHERE {conditions}", conditions=all_of(conditions))


def _holds(aggregate: p.Aggregate, each: Measured, having: p.Having, groups: str) -> Fragment:
    family = HAVING_FAMILIES[each.output]
    operator = OFFERED[family][having.operator]
    type_ = (SQL_LIST_TYPES if operator.reading is Reading.MANY else SQL_TYPES)[family]
    field = having.measure.field or "id"
    parameters = tuple(
        value(Operand(having.operand.position, aggregate.object_name, field, family, having.operator, index), type_)
        for index in range(operator.reading.parameters)
    )
    return operator.write(of(groups, each.name), parameters)


def _order(
    c: Compilation, aggregate: p.Aggregate, measured: Mapping[p.Measure, Measured], groups: str
) -> list[Ordered]:
    """Terms with their direction; the group keys come last, so that the order is always the same."""
    terms: list[Ordered] = []
    for order in aggregate.order:
        direction = _falling if order.direction is p.Direction.DESC else _rising
        if isinstance(order.by, int):
            terms.append((_key_term(c, aggregate, order.by, groups), direction))
        else:
            terms.append((of(groups, measured[order.by].name), direction))
    chosen = {order.by for order in aggregate.order}
    rest = (index for index in range(len(aggregate.group_by)) if index not in chosen)
    return [*terms, *((_key_term(c, aggregate, index, groups), _rising) for index in rest)]


def _key_term(c: Compilation, aggregate: p.Aggregate, index: int, groups: str) -> Fragment:
    object_name, field = path_end(c.shape, aggregate.object_name, aggregate.group_by[index].path)
    return position_of_choice(object_name, field, of(groups, f"g{index}"))
