"""Expressions answered for records whoever asks: what rules look at behind relations, and whom they find false.

Like a criterion they judge the record, not the caller: what stands in them ranges over all live records. So nothing that is
found here is told to a caller, but whether a rule holds and, to those who define, how many records break it.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias
from uuid import UUID

from services.query.arguments import Circumstances, found
from services.query.compilation import Compilation, Variant, column, table
from services.query.criteria import criteria_sql
from services.query.expressions import expression_sql
from services.query.guard import guard_scope
from services.query.scopes import all_of, visible
from tenants.sql import Fragment, ident, integer, join, render, sql, value

if TYPE_CHECKING:
    import asyncpg

    from schema.metadata.registry import Registry
    from services.expressions import Node
    from services.permissions import Policy
    from tenants.context import ReadWork

Known: TypeAlias = "tuple[Registry, Policy]"
_IDS = "ids"


async def values_behind(
    work: ReadWork, known: Known, object_name: str, nodes: Sequence[Node], ids: Collection[UUID]
) -> dict[UUID, tuple[object, ...]]:
    """What expressions answer on these records; who is not there, or in the bin, is left out."""
    c = _compilation(known, object_name).seeing_all()
    alias = c.alias()
    answers = (
        sql("{answer} AS {name}", answer=expression_sql(c, node, object_name, alias), name=ident(f"v{at}"))
        for at, node in enumerate(nodes)
    )
    here = column(alias, object_name, "id")
    written = sql(
        "SELECT {columns} FROM {table} {alias} WHERE {there}",
        columns=join(", ", (sql("{id} AS id", id=here), *answers)),
        table=table(object_name),
        alias=ident(alias),
        there=all_of((sql("{id} = ANY ({ids})", id=here, ids=value(_IDS, "uuid[]")), *_there(c, object_name, alias))),
    )
    rows = await _fetched(work, known, written, {_IDS: sorted(ids)})
    return {row["id"]: tuple(row[f"v{at}"] for at in range(len(nodes))) for row in rows}


async def count_false(work: ReadWork, known: Known, object_name: str, node: Node) -> int:
    """How many live records a condition is false of; where it is unknown it is not."""
    c = _compilation(known, object_name).seeing_all()
    alias = c.alias()
    written = sql(
        "SELECT count(*) AS found FROM {table} {alias} WHERE {false}",
        table=table(object_name),
        alias=ident(alias),
        false=_false(c, object_name, alias, node),
    )
    (row,) = await _fetched(work, known, written, {})
    return int(row["found"])


async def false_ids(work: ReadWork, known: Known, object_name: str, node: Node, *, most: int) -> tuple[UUID, ...]:
    """The newest of those that the caller may see, newest first."""
    c = _compilation(known, object_name)
    alias = c.alias()
    written = sql(
        "SELECT {id} AS id FROM {table} {alias} WHERE {chosen} ORDER BY {made} DESC, {id} DESC LIMIT {most}",
        id=column(alias, object_name, "id"),
        table=table(object_name),
        alias=ident(alias),
        chosen=all_of((_false(c.seeing_all(), object_name, alias, node), *_there(c, object_name, alias))),
        made=column(alias, object_name, "createdAt"),
        most=integer(most),
    )
    return tuple(row["id"] for row in await _fetched(work, known, written, {}))


def _compilation(known: Known, object_name: str) -> Compilation:
    registry, policy = known
    rights = guard_scope(registry.shape, policy, object_name)
    return Compilation(registry.shape, rights, Variant(), criteria_sql)


def _false(c: Compilation, object_name: str, alias: str, node: Node) -> Fragment:
    false = sql("({answer}) IS FALSE", answer=expression_sql(c, node, object_name, alias))
    return all_of((false, *_there(c, object_name, alias)))


def _there(c: Compilation, object_name: str, alias: str) -> tuple[Fragment, ...]:
    return visible(c, c.shape.objects[object_name], alias)


async def _fetched(
    work: ReadWork, known: Known, written: Fragment, given: Mapping[Hashable, object]
) -> Sequence[asyncpg.Record]:
    registry, policy = known
    template, circumstances = render(written), Circumstances(work, registry, (), {}, policy.criteria)
    values = {key: given[key] if key in given else found(key, circumstances) for key in template.parameters}
    return await work.session.fetch(template.bound(work.session.schema, values, registry.physical))
