"""Where a line stands that comes to its head by itself: behind the others. Asked by every write that brings some.

The head is locked against other writers before its lines are looked at, so that no two of them get one number.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING
from uuid import UUID

from services.records import statements
from services.records.stored import columns_of
from tenants.sql import ident, render, sql, value

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from schema.metadata.fields import Field
    from services.records.lock_statements import Headed
    from services.records.relations import Draft
    from services.records.targets import Target
    from tenants.sql import Template

_TEMPLATES = 256


def heads_over(target: Target, names: Collection[str]) -> tuple[Headed, ...]:
    """What is to be locked before lines that another of these fields gives to another head."""
    return tuple((to, field.name) for field, to, _ in _to_heads(target) if field.name in names)


def looked_at(target: Target, names: Collection[str]) -> frozenset[str]:
    """The fields that say where lines stand that come to another head."""
    return frozenset(position for field, _, position in _to_heads(target) if field.name in names)


def joined(target: Target, drafts: Sequence[Draft]) -> set[UUID]:
    """The heads that lines come to by themselves."""
    return {head for field, _, position in _to_heads(target) for _, head in _coming(drafts, field, position)}


async def placed(target: Target, drafts: Sequence[Draft]) -> list[Draft]:
    """The drafts in which every line that comes to a head has its number there, in the order in which they are given."""
    done = list(drafts)
    for field, _, position in _to_heads(target):
        coming = _coming(done, field, position)
        last = Counter(await _last(target, field, position, sorted({head for _, head in coming})))
        for at, head in coming:
            last[head] += 1
            done[at] = replace(
                done[at], values={**done[at].values, position: last[head]}, kept=done[at].kept | {position}
            )
    return done


def _coming(drafts: Sequence[Draft], field: Field, position: str) -> list[tuple[int, UUID]]:
    """Those that come without their number; whoever writes them with their head gives it."""
    return [
        (at, head)
        for at, draft in enumerate(drafts)
        if position not in draft.kept and isinstance(head := draft.values.get(field.name), UUID)
    ]


def _to_heads(target: Target) -> Iterator[tuple[Field, str, str]]:
    """The relations of lines to their heads, with what these are and the field that orders them."""
    for field in target.to_heads:
        relation = field.relation
        if relation is not None and relation.lines_by in target.stored_fields:
            yield field, relation.target, relation.lines_by


async def _last(target: Target, field: Field, position: str, heads: Sequence[UUID]) -> Mapping[UUID, int]:
    if not heads:
        return {}
    session = target.work.session
    template = _counted(target.name, field, target.stored_fields[position])
    bound = template.bound(session.schema, {"heads": heads}, target.registry.physical)
    return {row["head"]: row["last"] for row in await session.fetch(bound)}


@lru_cache(_TEMPLATES)
def _counted(object_name: str, relation: Field, position: Field) -> Template:
    (head,), (place,) = columns_of((relation,)), columns_of((position,))
    return render(
        sql(
            # Lines that were there before they were ordered have no number, and still stand before this one.
            "SELECT record.{head} AS {head_key}, greatest(max(record.{place}), count(*))::bigint AS last"
            " FROM {table} AS record WHERE record.{head} = ANY({heads}) AND record.deleted_at IS NULL"
            " GROUP BY record.{head}",
            head=statements.column(object_name, head),
            head_key=ident("head"),
            place=statements.column(object_name, place),
            table=statements.table(object_name),
            heads=value("heads", "uuid[]"),
        )
    )
