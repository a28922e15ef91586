"""Whose lines may be written: those of a head that the caller may change. Asked by every write of a line by itself.

A line is part of its head, so a head that is only read keeps its lines as they are. One that comes into being, goes or
comes back together with its lines asks nothing more of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING
from uuid import UUID

from schema.metadata.errors import RelationNotFound
from services.permissions import Verb
from services.records import locks, relations, scopes, statements
from services.records.errors import ObjectNotWritable
from services.records.locks import Wanted
from services.records.statements import Life
from tenants.errors import Refused, Violation

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from schema.metadata.fields import Field
    from services.records.locks import LockedRecord
    from services.records.relations import Draft
    from services.records.targets import Target


def looked_at(target: Target) -> frozenset[str]:
    """The fields that say whose lines these are."""
    return frozenset(field.name for field in target.to_heads)


async def refuse_new(target: Target, drafts: Iterable[Draft], along_with: Collection[UUID]) -> None:
    """Nothing is added to a head that the caller may not change, unless it came into being with its lines."""
    drafts = tuple(drafts)
    for field in target.to_heads:
        await _require(target, field, {draft.values.get(field.name) for draft in drafts}.difference(along_with))


async def refuse_changed(target: Target, drafts: Mapping[UUID, Draft], locked: Mapping[UUID, LockedRecord]) -> None:
    """No line of such a head changes, leaves it or comes to it."""
    for field in target.to_heads:
        held = {locked[each].values[field.name] for each in drafts}
        await _require(target, field, held | {draft.values.get(field.name) for draft in drafts.values()})


async def refuse_lost(target: Target, ids: Collection[UUID], along_with: Collection[UUID]) -> None:
    """No line of such a head goes away or comes back, but along with the head."""
    for field in target.to_heads:
        heads = set((await _heads(target, field, ids)).values())
        await _require(target, field, heads.difference(along_with))


async def refuse_headless(target: Target, named: Sequence[UUID]) -> None:
    """A line does not come back while its head lies in the bin: it would belong to nothing that anybody sees."""
    for field in target.to_heads:
        heads = await _heads(target, field, named)
        asked = set(heads.values())
        there = await relations.present(target, {_head_of(target, field).name: asked} if asked else {})
        lost = [each for each in named if each in heads and heads[each] not in there]
        if lost:
            raise Refused(tuple(Violation((named.index(each),), RelationNotFound()) for each in lost))


def _head_of(target: Target, field: Field) -> Target:
    assert field.relation is not None, "only a relation leads to a head"
    return target.beside(field.relation.target)


async def _heads(target: Target, field: Field, ids: Collection[UUID]) -> dict[UUID, UUID]:
    found = await locks.lock(target, ids, (field,), Wanted(Life.ANY))
    return {each: head for each, record in found.items() if isinstance(head := record.values[field.name], UUID)}


async def _require(target: Target, field: Field, heads: Collection[object]) -> None:
    head = _head_of(target, field)
    ids = {each for each in heads if isinstance(each, UUID)}
    if not ids or (scopes.is_everyone(head, Verb.READ) and scopes.is_everyone(head, Verb.UPDATE)):
        return
    # Looked at and not locked: heads are locked before their lines, and these are locked already.
    template = statements.visible(head.name, Life.ANY, scopes.condition(head, Verb.UPDATE))
    values: dict[Hashable, object] = {**scopes.values(head), "ids": sorted(ids)}
    bound = template.bound(target.work.session.schema, values, target.registry.physical)
    if len(await target.work.session.fetch(bound)) < len(ids):
        raise ObjectNotWritable(object=head.name)
