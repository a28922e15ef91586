"""Which records a connection or an aggregate ranges over: table, visibility, the parent they hang on, and the filter."""

from __future__ import annotations

from dataclasses import dataclass

from schema.metadata.objects import Object
from services.permissions import Verb
from services.query import plan as p
from services.query.compilation import Compilation, table
from services.query.conditions import condition_sql
from services.query.parents import Parent
from services.query.scopes import Life, there, visible
from services.query.searching import met_by_index
from tenants.sql import Fragment, ident, sql


@dataclass(frozen=True, slots=True)
class Source:
    """Records under an alias, and the conditions they meet."""

    thing: Object
    alias: str
    name: Fragment
    table: Fragment
    conditions: tuple[Fragment, ...]


def unscoped(c: Compilation, object_name: str, *, filter_: p.Condition | None) -> Source:
    """The live records that the plan asks for, whoever may see them; the caller's arms are put to them one by one."""
    thing, alias = c.shape.objects[object_name], c.alias()
    asked = () if filter_ is None else (condition_sql(c, filter_, object_name, alias),)
    name = table(object_name)
    return Source(
        thing, alias, name, sql("{name} {alias}", name=name, alias=ident(alias)), (*there(thing, alias), *asked)
    )


def source(
    c: Compilation,
    object_name: str,
    *,
    filter_: p.Condition | None,
    parent: Parent | None,
    trashed: bool = False,
    search: p.Parameter | None = None,
) -> Source:
    """The records that the caller may see and the plan asks for."""
    thing, alias = c.shape.objects[object_name], c.alias()
    conditions = []
    if parent is not None:
        conditions.append(parent.leads_to(alias))
    if trashed:
        conditions += visible(c, thing, alias, life=Life.DELETED, verb=Verb.DELETE)
    else:
        conditions += visible(c, thing, alias)
    if filter_ is not None:
        conditions.append(condition_sql(c, filter_, object_name, alias))
    if search is not None:
        conditions.append(met_by_index(c, object_name, alias, search))
    name = table(object_name)
    return Source(thing, alias, name, sql("{name} {alias}", name=name, alias=ident(alias)), tuple(conditions))
