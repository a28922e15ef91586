"""Makes what was gathered: many verbs become one change of definitions, with one set of statements and one new version."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from schema.metadata.objects import ObjectState
from services.metadata.changing import change, reshape
from services.metadata.differences import row_changes
from services.metadata.history import ONE_MUTATION, Cause, Publication, publish
from services.metadata.store import save

if TYPE_CHECKING:
    from services.metadata.gathering import Gathering
    from services.metadata.snapshot import Snapshot
    from tenants.context import DefinitionWork


async def carry_out(work: Gathering) -> None:
    """Make what was gathered since the tables last stood as the definitions say."""
    gathered = work.gathered
    if gathered.now is gathered.before:
        return
    after, entries, fills = gathered.now, tuple(gathered.entries), frozenset(gathered.fills)
    gathered.entries.clear()
    gathered.fills.clear()
    with gathered.at_once():
        before = await _with_tables(work, gathered.before, after)
        done = await change(work, before, after, entries, fills=fills)
    gathered.made(done.snapshot)
    gathered.jobs |= done.jobs


async def publish_gathered(work: Gathering, cause: Cause = ONE_MUTATION) -> Publication | None:
    """Make it, and keep all of it as one publication; nothing where nothing was gathered."""
    gathered = work.gathered
    if gathered.now is gathered.first and not gathered.others and not gathered.told:
        return None
    await carry_out(work)
    changes = (*row_changes(gathered.first, gathered.now), *gathered.others)
    return await publish(work, changes, gathered.told, cause)


async def _with_tables(work: DefinitionWork, before: Snapshot, after: Snapshot) -> Snapshot:
    """Objects that are new and retired already get their tables first: whoever brings them back expects those.

    Those that come back do so as they were: what they lose at the same time has indexes that nobody would look for.
    """
    known, middle = {each.id: each for each in before.objects}, before
    for each in after.objects:
        was = known.get(each.id)
        if was is None and each.is_retired:
            middle = middle.with_object(replace(each, state=ObjectState.LIVE))
        elif was is not None and was.is_retired and not each.is_retired:
            middle = middle.with_object(replace(was, state=ObjectState.LIVE))
    if middle is not before:
        await reshape(work, before, middle)
        await save(work, before, middle)
    return middle
