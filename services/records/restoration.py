"""Out of the bin: the records named, exactly what their deletion took along, and the links that it emptied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from services.events import Kind
from services.permissions import Verb
from services.records import crowding, decided, head_rights, linking, locks, scopes, statements, uniqueness
from services.records.deletion import lock_named
from services.records.dependents import taken_along
from services.records.locks import LockedRecord
from services.records.reactions import WrittenSet, react
from services.records.statements import Life
from services.records.targets import Target, open_target, refuse_too_many
from services.records.trace import Deed
from services.records.uniqueness import Claim
from services.records.writing import write_locked
from services.records.written import Written
from tenants.errors import Refused

if TYPE_CHECKING:
    from tenants.context import Work
    from tenants.sql import Fragment


async def restore(
    work: Work,
    object_name: str,
    ids: Sequence[UUID],
    *,
    if_version: int | None = None,
    skip_missing: bool = False,
    in_bulk: bool = False,
) -> Written:
    """Take records back out of the bin. A unique value that was taken meanwhile refuses the whole."""
    refuse_too_many(len(ids))
    target = await open_target(work, object_name, Verb.DELETE, in_bulk=in_bulk)
    named = await lock_named(target, ids, Life.DELETED, if_version=if_version, skip_missing=skip_missing)
    await head_rights.refuse_lost(target, named, ())
    await head_rights.refuse_headless(target, tuple(named))
    await crowding.refuse_returning(target, named)
    done = [await _restore(target, named, scopes.condition(target, Verb.DELETE), named)]
    count = len(named)
    for child in taken_along(target).values():
        fields = uniqueness.fields_of(uniqueness.rules_of(child))
        found = await locks.lock_deleted_with(child, named, fields)
        count += len(found)
        refuse_too_many(count)
        done.append(await _restore(child, {each.id: each for each in found}, scopes.EVERYWHERE, named))
    returned = {each for written in done for each in written.ids}
    for written in done:
        thing = target.beside(written.object_name)
        await head_rights.refuse_lost(thing, written.ids, returned)
        await decided.refuse_lost_parts(thing, written.ids, returned)
    await linking.relink(target, [each for written in done for each in written.ids])
    for written in done:
        await react(work, written)
    return Written(tuple(named))


async def _restore(
    target: Target, records: Mapping[UUID, LockedRecord], scope: Fragment, named: Sequence[UUID] | Mapping[UUID, object]
) -> WrittenSet:
    positions = {each: at for at, each in enumerate(named)}
    rules = uniqueness.rules_of(target)
    claims = [
        Claim((positions.get(each.id, positions.get(each.deletion_id or each.id, 0)),), each.values, each.id)
        for each in records.values()
    ]
    taken = await uniqueness.taken(target, uniqueness.built(rules), claims)
    clashing = uniqueness.clashes(target, rules, claims)
    if taken.violations or clashing.violations:
        raise Refused((*taken.violations, *clashing.violations), taken.duplicates)
    deeds = [Deed(each.id, each.version + 1) for each in records.values()]
    rows = [{"id": str(each.id), "version": each.version} for each in records.values()]
    async with uniqueness.still_free(target, rules, claims):
        return await write_locked(target, statements.restoration(target.name, scope), Kind.RESTORED, deeds, rows)
