"""The values of roll-ups, computed from scratch by one statement.

Asked after a write on the many side, in the statement that locks the records that keep them, and when a field is filled.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final, LiteralString
from uuid import UUID

from schema.metadata.by_shape import ByShape
from schema.metadata.results import fitted
from schema.metadata.types import Function
from schema.metadata.values import Money
from services import expressions
from services.expressions import Node
from services.metadata import formulas
from tenants.clock import zone_or_utc
from tenants.sql import SCHEMA, Fragment, Slot, ident, join, render, sql, type_name, value

if TYPE_CHECKING:
    import asyncpg

    from schema.metadata.registry import Registry, Shape
    from services.metadata.rollups import RollUp
    from tenants.context import ReadWork
    from tenants.sql import Template

_ZONE: Final = "zone"
# The driver takes the first and the last day and moment of Python for the infinite ones, so that days travel as texts.
_IN_WORDS: Final = frozenset({"date", "timestamptz", "date[]", "timestamptz[]"})
_ALIAS: Final = "record"


async def roll_up_values(
    work: ReadWork, registry: Registry, wanted: Sequence[RollUp], ids: Collection[UUID]
) -> dict[UUID, dict[str, object]]:
    """The values of some roll-ups of one object, for these of its records, of what is there now."""
    if not wanted:
        return {each: {} for each in ids}
    template = _template(registry.shape, tuple(wanted))
    values = {"ids": sorted(ids), **roll_up_parameters(work, template.parameters)}
    rows = await work.session.fetch(template.bound(work.session.schema, values, registry.physical))
    return {row["id"]: roll_ups_in(wanted, row) for row in rows}


def roll_up_parameters(work: ReadWork, keys: Iterable[Hashable]) -> dict[Hashable, object]:
    """Those of the values that a statement asks for which the conditions of roll-ups need."""
    return {
        key: key.found(work) if isinstance(key, _Settled) else zone_or_utc(work.settings.zone).key
        for key in keys
        if isinstance(key, _Settled) or key == _ZONE
    }


def roll_ups_in(wanted: Sequence[RollUp], row: asyncpg.Record) -> dict[str, object]:
    """The values of roll-ups, by field name, in a row with their columns."""
    return {
        each.field.name: _value(each, row[f"s{at}"], row[f"c{at}"] if each.is_money else None)
        for at, each in enumerate(wanted)
    }


def _value(roll_up: RollUp, raw: object, currency: str | None) -> object:
    if raw is not None and roll_up.is_money:
        assert isinstance(raw, Decimal)
        assert currency is not None, "an amount comes with its currency"
        raw = Money(raw, currency)
    return fitted(roll_up.field, raw)


@dataclass(frozen=True, slots=True)
class _Settled:
    """A part of a condition that is the same for every record; `part` of money is amount or currency."""

    node: Node
    type: str
    part: str

    def found(self, work: ReadWork) -> object:
        answer = expressions.closure(self.node)({}, formulas.circumstance(work))
        if isinstance(answer, Money):
            return answer.amount if self.part == "amount" else answer.currency
        return [_in_words(each) for each in answer] if isinstance(answer, list) else _in_words(answer)


class _Alone:
    """The surroundings of a condition that looks at one record and at nobody's rights."""

    def alias(self) -> str:
        return _ALIAS

    def seen(self, object_name: str, alias: str) -> Fragment | None:  # noqa: ARG002 - all of them
        return None

    def settled(self, node: Node, type_: LiteralString, part: str = "") -> Fragment:
        key = _Settled(node, type_, part)
        if type_ not in _IN_WORDS:
            return value(key, type_)
        return sql(
            "{words}::{type}", words=value(key, "text[]" if type_.endswith("[]") else "text"), type=type_name(type_)
        )

    def department(self) -> Fragment:
        return sql("NULL::uuid")

    def zone(self) -> Fragment:
        return value(_ZONE, "text")


def _in_words(answer: object) -> object:
    return answer.isoformat() if isinstance(answer, date) else answer


_templates: ByShape[Template] = ByShape()


def _template(shape: Shape, together: tuple[RollUp, ...]) -> Template:
    key = (together[0].object_name, *(each.field.name for each in together))
    return _templates.get(shape, key, lambda: render(_statement(together)))


def _statement(together: tuple[RollUp, ...]) -> Fragment:
    """One row for each record, computed of all that point at it."""
    return sql(
        "SELECT wanted.id, {columns} FROM unnest({ids}) AS wanted (id){sums}",
        ids=value("ids", "uuid[]"),
        columns=roll_up_columns(together),
        sums=roll_up_tables(together, sql("wanted.id")),
    )


def roll_up_tables(wanted: Sequence[RollUp], head: Fragment, lines: Fragment | None = None) -> Fragment:
    """What follows a table of heads so that each row has the columns of these roll-ups beside it.

    `lines` stands for the records of the many side where they are not what their table shows.
    """
    by_relation: defaultdict[tuple[str, str], list[tuple[int, RollUp]]] = defaultdict(list)
    for at, each in enumerate(wanted):
        by_relation[each.child, each.relation].append((at, each))
    return join(
        "",
        (
            sql(
                " CROSS JOIN LATERAL (SELECT {values} FROM {lines} AS {alias}"
                " WHERE {alias}.{relation} = {head} AND {alias}.deleted_at IS NULL) AS {found}",
                values=join(", ", (each for at, roll_up in together for each in _columns(at, roll_up))),
                lines=lines or sql("{schema}.{table}", schema=SCHEMA, table=ident(Slot(child))),
                alias=ident(_ALIAS),
                relation=ident(Slot(child, relation)),
                head=head,
                found=ident(f"found_{number}"),
            )
            for number, ((child, relation), together) in enumerate(by_relation.items())
        ),
    )


def roll_up_columns(wanted: Sequence[RollUp]) -> Fragment:
    """The columns that `roll_up_tables` adds."""
    names = [name for at, each in enumerate(wanted) for name in ([f"s{at}", f"c{at}"] if each.is_money else [f"s{at}"])]
    return join(", ", map(ident, names))


def _columns(at: int, roll_up: RollUp) -> list[Fragment]:
    chosen = sql("")
    if roll_up.condition is not None:
        condition = expressions.expression_sql(roll_up.condition, roll_up.child, _ALIAS, _Alone())
        chosen = sql(" FILTER (WHERE {condition})", condition=condition)
    if roll_up.of is None:
        return [sql("count(*){chosen} AS {name}", chosen=chosen, name=ident(f"s{at}"))]
    found = _AGGREGATES[roll_up.function](_column(roll_up), chosen)
    if not roll_up.is_money:
        return [sql("{found} AS {name}", found=found, name=ident(f"s{at}"))]
    currency = _column(roll_up, "currency")
    # Amounts of several currencies have no sum, and none of them is the largest.
    alone = sql(
        "CASE WHEN min({currency}){chosen} = max({currency}){chosen} THEN {found} END",
        currency=currency,
        chosen=chosen,
        found=found,
    )
    return [
        sql("{alone} AS {name}", alone=alone, name=ident(f"s{at}")),
        sql("min({currency}){chosen} AS {name}", currency=currency, chosen=chosen, name=ident(f"c{at}")),
    ]


def _column(roll_up: RollUp, part: str = "") -> Fragment:
    assert roll_up.of is not None
    column = ident(Slot(roll_up.child, roll_up.of.name, part))
    return sql("{alias}.{column}", alias=ident(_ALIAS), column=column)


_AGGREGATES: Mapping[str, Callable[[Fragment, Fragment], Fragment]] = {
    Function.SUM: lambda x, chosen: sql("sum({x}){chosen}", x=x, chosen=chosen),
    Function.MIN: lambda x, chosen: sql("min({x}){chosen}", x=x, chosen=chosen),
    Function.MAX: lambda x, chosen: sql("max({x}){chosen}", x=x, chosen=chosen),
    # Ten decimals, half away from zero, like the means of aggregates.
    Function.AVG: lambda x, chosen: sql(
        "round((sum({x}){chosen} + 0e-30) / nullif(count({x}){chosen}, 0), 10)", x=x, chosen=chosen
    ),
}
