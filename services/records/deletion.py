"""Into the bin, and gone for good: the records named, and what their going does to those that point at them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from services.events import Kind
from services.permissions import Verb
from services.records import decided, head_rights, linking, locks, removal, rollups, scopes, statements, uniqueness
from services.records.locks import LockedRecord, Wanted
from services.records.reactions import WrittenSet, react
from services.records.statements import Life
from services.records.stored import key
from services.records.targets import Target, open_target, refuse_too_many
from services.records.trace import Deed
from services.records.writing import write_locked
from services.records.written import Written
from tenants.errors import Refused

if TYPE_CHECKING:
    from services.records.removal import Removal
    from tenants.context import Work
    from tenants.sql import Fragment


async def delete(
    work: Work,
    object_name: str,
    ids: Sequence[UUID],
    *,
    if_version: int | None = None,
    skip_missing: bool = False,
    in_bulk: bool = False,
) -> Written:
    """Move records to the bin, with everything that cascades; what only points at them loses the link.

    With `skip_missing` records that went out of reach since they were found are passed over.
    """
    refuse_too_many(len(ids))
    target = await open_target(work, object_name, Verb.DELETE, in_bulk=in_bulk)
    locked = await lock_named(target, ids, Life.LIVE, if_version=if_version, skip_missing=skip_missing)
    going = await removal.gather(target, tuple(locked.values()), Life.LIVE)
    await going.refuse_restricted(tuple(locked))
    for name, child in going.targets.items():
        await head_rights.refuse_lost(child, going.records[name], going.roots)
        await decided.refuse_lost_parts(child, going.records[name], going.roots)
    loose = going.loose_links()
    notes = linking.notes(loose)
    done = [await _delete(target, locked, going, notes, scopes.condition(target, Verb.DELETE))]
    for name, child in going.targets.items():
        along = {each: record for each, record in going.records[name].items() if each not in locked}
        done.append(await _delete(child, along, going, notes, scopes.EVERYWHERE))
    await linking.unlink(loose, Life.LIVE)
    for written in done:
        await react(work, written)
    return Written(tuple(locked))


async def destroy(
    work: Work, object_name: str, ids: Sequence[UUID], *, if_version: int | None = None, skip_missing: bool = False
) -> Written:
    """Take records away for good, with everything that cascades; their history stays.

    Live ones go through the bin, so that whoever reacts to a record that is no longer there reacts to deletions alone.
    """
    refuse_too_many(len(ids))
    target = await open_target(work, object_name, Verb.DELETE)
    locked = await lock_named(target, ids, Life.ANY, if_version=if_version, skip_missing=skip_missing)
    live = [each.id for each in locked.values() if each.deletion_id is None]
    if live:
        await delete(work, object_name, live)
        locked = await lock_named(target, tuple(locked), Life.ANY, if_version=None, skip_missing=False)
    going = await removal.gather(target, tuple(locked.values()), Life.ANY)
    await going.refuse_restricted(tuple(locked))
    for name, child in going.targets.items():
        await head_rights.refuse_lost(child, going.records[name], going.roots)
        await decided.refuse_lost_parts(child, going.records[name], going.roots)
    await linking.unlink(going.loose_links(), Life.ANY)
    done = []
    # Children first: nothing may point at a row that is taken away.
    for name, child in reversed(going.targets.items()):
        along = {each: record for each, record in going.records[name].items() if each not in locked}
        done.append(await _destroy(child, along, scopes.EVERYWHERE))
    done.append(await _destroy(target, locked, scopes.condition(target, Verb.DELETE)))
    for written in done:
        await react(work, written)
    return Written(tuple(locked))


async def lock_named(
    target: Target, ids: Sequence[UUID], life: Life, *, if_version: int | None, skip_missing: bool
) -> dict[UUID, LockedRecord]:
    """The records named, in their order, locked against everyone; or the reason why not."""
    heads = rollups.heads_over(target)
    wanted = Wanted(life, scopes.condition(target, Verb.DELETE), key_too=True, heads=heads)
    # Only those who come back ask whether their unique values are still free.
    fields = uniqueness.fields_of(uniqueness.rules_of(target)) if life is Life.DELETED else ()
    locked = await locks.lock(target, ids, fields, wanted)
    named = tuple(dict.fromkeys(ids))
    if not skip_missing:
        await locks.refuse_missing(target, named, locked, life)
    conflicts = locks.version_conflicts(named, locked, if_version)
    if conflicts:
        raise Refused(tuple(conflicts))
    return {each: locked[each] for each in named if each in locked}


async def _delete(
    target: Target,
    records: Mapping[UUID, LockedRecord],
    going: Removal,
    notes: Mapping[UUID, Mapping[str, object]],
    scope: Fragment,
) -> WrittenSet:
    deeds = [Deed(each.id, each.version + 1, notes=notes.get(each.id, {})) for each in records.values()]
    rows = [
        {"id": str(each.id), "version": each.version, key(0): str(going.roots[each.id])} for each in records.values()
    ]
    beside = rollups.beside(target, Kind.DELETED, deeds, records)
    template = statements.deletion(target.name, scope, beside.along)
    return await rollups.write_beside(target, template, beside, deeds, rows)


async def _destroy(target: Target, records: Mapping[UUID, LockedRecord], scope: Fragment) -> WrittenSet:
    deeds = [Deed(each.id, each.version + 1) for each in records.values()]
    rows = [{"id": str(each.id), "version": each.version} for each in records.values()]
    return await write_locked(target, statements.destruction(target.name, scope), Kind.DESTROYED, deeds, rows)
