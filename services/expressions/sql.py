"""A checked expression as SQL on the record behind an alias. Who may be looked at, and where values come from, is given.

What is the same for every record is one parameter, found in Python when the statement is bound: `now() - days(7)` is a
moment, which an index can be searched for.
"""

from __future__ import annotations

from typing import LiteralString, Protocol

from services.expressions.fragments import MoneySql, Sql
from services.expressions.functions import FUNCTIONS
from services.expressions.tree import Call, ListOf, Node, Path, Quantified, Step, is_settled
from services.expressions.types import OWN_ID, SQL_LIST_TYPES, SQL_TYPES, Kind, Type
from tenants.sql import SCHEMA, Fragment, Slot, ident, join, sql, type_name


class Surroundings(Protocol):
    """What the statement around an expression gives."""

    def alias(self) -> str:
        """A fresh alias."""

    def seen(self, object_name: str, alias: str) -> Fragment | None:
        """What holds for records that may be looked at; nothing where that is all of them."""

    def settled(self, node: Node, type_: LiteralString, part: str = "") -> Fragment:
        """The parameter of a node that is the same for every record; `part` of money is amount or currency."""

    def department(self) -> Fragment:
        """The department of the current user."""

    def zone(self) -> Fragment:
        """The name of the tenant's zone."""


def expression_sql(node: Node, object_name: str, alias: str, around: Surroundings) -> Fragment:
    """An expression that answers anything but money."""
    return _Writer(((object_name, alias),), around).plain(node)


class _Writer:
    def __init__(self, scopes: tuple[tuple[str, str], ...], around: Surroundings) -> None:
        self._scopes = scopes
        self._around = around

    def node(self, node: Node) -> Sql:
        if is_settled(node):
            return self._settled(node)
        match node:
            case Path():
                return self._path(node)
            case ListOf():
                items = [self.plain(each) for each in node.items]
                assert node.type.item is not None
                return sql(
                    "ARRAY[{items}]::{type}", items=join(", ", items), type=type_name(SQL_LIST_TYPES[node.type.item])
                )
            case Call():
                return self._call(node)
            case Quantified():
                return self._quantified(node)
            case _:
                return self._around.department()

    def plain(self, node: Node) -> Fragment:
        written = self.node(node)
        return written.checked if isinstance(written, MoneySql) else written

    def _settled(self, node: Node) -> Sql:
        if node.type.kind is Kind.MONEY:
            amount = self._around.settled(node, "numeric", "amount")
            return MoneySql(amount, (self._around.settled(node, "text", "currency"),))
        return self._around.settled(node, _sql_type(node.type))

    def _call(self, node: Call) -> Sql:
        overload = FUNCTIONS[node.function].overload([each.type for each in node.arguments])
        assert overload is not None
        given = [self.node(each) for each in node.arguments]
        return overload.writer(*given, self._around.zone()) if overload.zoned else overload.writer(*given)

    # --- fields -------------------------------------------------------------------------------------------------------

    def _path(self, path: Path) -> Sql:
        _, alias = self._scopes[path.scope]
        *hops, last = path.steps
        if path.type.kind is Kind.MONEY:
            amount, currency = (self._value(alias, hops, last, part) for part in ("", "currency"))
            return MoneySql(amount, (sql("{currency}::text", currency=currency),))
        if path.type.kind is Kind.RECORD and path.type.of and last.field_name != OWN_ID:
            # A link to a record that may not be looked at, or is deleted, is empty.
            return self._id_behind(alias, path.steps, path.type.of)
        value = self._value(alias, hops, last)
        match path.type.kind:
            case Kind.NUMBER:
                return sql("{value}::numeric", value=value)
            case Kind.LIST:
                # ANY would take a bare subselect for a set of rows.
                return sql("{value}::text[]", value=value)
            case _:
                return value

    def _id_behind(self, alias: str, hops: tuple[Step, ...], target: str) -> Fragment:
        """The id of the record behind relations; where all records may be looked at, the last of them tells."""
        *before, last = hops
        if self._around.seen(target, alias) is None:
            return self._value(alias, before, last)
        return self._value(alias, list(hops), Step(target, OWN_ID))

    def _value(self, alias: str, hops: list[Step], last: Step, part: str = "") -> Fragment:
        """A column, or a subselect of it from behind relations; empty where one of them leads nowhere."""
        if not hops:
            return _column(alias, last, part)
        first, *others = hops
        joined, target = self._around.alias(), (others[0] if others else last).object_name
        here = sql("{id} = {reference}", id=_column(joined, Step(target, OWN_ID)), reference=_column(alias, first))
        return sql(
            "(SELECT {value} FROM {table} {alias} WHERE {there})",
            value=self._value(joined, others, last, part),
            table=_table(target),
            alias=ident(joined),
            there=self._with_seen(here, target, joined),
        )

    def _quantified(self, node: Quantified) -> Fragment:
        _, alias = self._scopes[node.outer]
        child, target = self._around.alias(), node.child.object_name
        parent = self._value(alias, list(node.owner), Step(node.parent, OWN_ID))
        mine = sql("{reference} = {parent}", reference=_column(child, node.child), parent=parent)
        inside = _Writer((*self._scopes[: node.scope], (target, child)), self._around)
        condition = inside.plain(node.condition)
        if node.quantifier == "all":
            condition = sql("({condition}) IS NOT TRUE", condition=condition)
        found = sql(
            "EXISTS (SELECT 1 FROM {table} {alias} WHERE {mine} AND {condition})",
            table=_table(target),
            alias=ident(child),
            mine=self._with_seen(mine, target, child),
            condition=condition,
        )
        return sql("(NOT {found})", found=found) if node.quantifier == "all" else found

    def _with_seen(self, condition: Fragment, object_name: str, alias: str) -> Fragment:
        seen = self._around.seen(object_name, alias)
        return condition if seen is None else sql("{condition} AND {seen}", condition=condition, seen=seen)


def _column(alias: str, step: Step, part: str = "") -> Fragment:
    return sql("{alias}.{name}", alias=ident(alias), name=ident(Slot(step.object_name, step.field_name, part)))


def _table(object_name: str) -> Fragment:
    return sql("{schema}.{table}", schema=SCHEMA, table=ident(Slot(object_name)))


def _sql_type(type_: Type) -> LiteralString:
    if type_.kind is Kind.LIST:
        assert type_.item is not None
        return SQL_LIST_TYPES[type_.item]
    return SQL_TYPES[type_.kind]
