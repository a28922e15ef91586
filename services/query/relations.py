"""Relations to one record in SQL: joins for paths, and ids that read null when the record behind them is not visible."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.query.compilation import Compilation, column, table
from services.query.names import field_of, relation_by_id, relation_of
from services.query.scopes import TRUE, all_of, always_visible, visible
from tenants.sql import EMPTY, Fragment, ident, sql

if TYPE_CHECKING:
    from schema.metadata.fields import Field


def target_is_visible(c: Compilation, target: str, reference: Fragment) -> Fragment:
    """Whether the record behind a reference may be seen; TRUE where that needs no looking."""
    thing = c.shape.objects[target]
    if always_visible(c, thing):
        return TRUE
    alias = c.alias()
    return sql(
        "EXISTS (SELECT 1 FROM {table} {alias} WHERE {id} = {reference} AND {visible})",
        table=table(target),
        alias=ident(alias),
        id=column(alias, target, "id"),
        reference=reference,
        visible=all_of(visible(c, thing, alias)),
    )


def visible_id(c: Compilation, object_name: str, field: Field, alias: str) -> Fragment:
    """The id behind a relation, empty if its record is deleted or not to be seen."""
    reference = column(alias, object_name, field.name)
    if field.relation is None:
        return reference
    seen = target_is_visible(c, field.relation.target, reference)
    return reference if seen is TRUE else sql("(CASE WHEN {seen} THEN {id} END)", seen=seen, id=reference)


class Paths:
    """The joins that paths of an order or a grouping need; equal paths share a join."""

    def __init__(self, c: Compilation, object_name: str, alias: str) -> None:
        self._c = c
        self._ends: dict[tuple[str, ...], tuple[str, str]] = {(): (alias, object_name)}
        self.joins: Fragment = EMPTY

    def end(self, path: tuple[str, ...]) -> tuple[str, str, Field]:
        """Alias, object and field at the end of a path."""
        *relations, last = path
        alias, object_name = self._follow(tuple(relations))
        return alias, object_name, field_of(self._c.shape, object_name, last)

    def plain(self, path: tuple[str, ...], part: str = "") -> Fragment:
        """The value at the end of a path, as a column."""
        alias, object_name, field = self.end(path)
        if field.type.is_relation or relation_by_id(self._c.shape, object_name, path[-1]) is not None:
            return visible_id(self._c, object_name, field, alias)
        return column(alias, object_name, field.name, part)

    def _follow(self, relations: tuple[str, ...]) -> tuple[str, str]:
        if relations not in self._ends:
            alias, object_name = self._follow(relations[:-1])
            field, relation = relation_of(self._c.shape, object_name, relations[-1])
            self._ends[relations] = (self._join(alias, object_name, field.name, relation.target), relation.target)
        return self._ends[relations]

    def _join(self, alias: str, object_name: str, field_name: str, target: str) -> str:
        joined = self._c.alias()
        self.joins += sql(
            " LEFT JOIN {table} {alias} ON {on}",
            table=table(target),
            alias=ident(joined),
            on=all_of((
                sql(
                    "{id} = {reference}",
                    id=column(joined, target, "id"),
                    reference=column(alias, object_name, field_name),
                ),
                *visible(self._c, self._c.shape.objects[target], joined),
            )),
        )
        return joined
