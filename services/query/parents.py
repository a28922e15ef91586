"""What the many side of a record is in SQL: those whose relation points at it, or those that links lead to."""

from __future__ import annotations

from dataclasses import dataclass

from schema.metadata.objects import Inverse, Link
from services.query.compilation import column
from tenants.sql import SCHEMA, Fragment, ident, sql

_SOURCE, _TARGET = sql("source_id"), sql("target_id")


@dataclass(frozen=True, slots=True)
class Parent:
    """The record whose children are meant: what this inverse of the one with this id leads to."""

    inverse: Inverse
    id: Fragment

    def leads_to(self, alias: str) -> Fragment:
        """The condition on a child behind an alias."""
        inverse = self.inverse
        if inverse.link is None:
            reference = column(alias, inverse.object_name, inverse.field_name)
            return sql("{reference} = {id}", reference=reference, id=self.id)
        near, far = (_TARGET, _SOURCE) if inverse.link.is_backward else (_SOURCE, _TARGET)
        return sql(
            "{child} IN (SELECT link.{far} FROM {links} AS link WHERE link.{near} = {id})",
            child=column(alias, inverse.object_name, "id"),
            far=far,
            near=near,
            links=links(inverse.link),
            id=self.id,
        )


def links(link: Link) -> Fragment:
    """The table of a many-to-many field."""
    return sql("{schema}.{table}", schema=SCHEMA, table=ident(link.table))
