"""Publishes a change set: its steps become one change of definitions in one transaction, or nothing of it happens.

Live definitions may have moved since the draft; the steps are run against what is live now, and what no longer fits is
told of each of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa

from schema.tables.change_sets import ChangeSetState, PublicationKind, change_set, publication
from services import metadata, pilots
from services.change_sets import difference
from services.change_sets.errors import ChangeSetEmpty, PublicationNotFound
from services.change_sets.keeping import draft, note
from services.change_sets.rehearsing import differences_of, run_all
from services.identity import access
from services.metadata import Cause, Difference, Gathering
from services.pilots import CoordinateDraft
from tenants.errors import Refused, Violation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.pilots import PilotDraft
    from tenants.context import DefinitionWork, ReadWork

# Of what stands in the way of a pilot.
_MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class Published:
    """A publication, and the jobs that finish what takes long."""

    id: UUID
    number: int
    differences: tuple[Difference, ...]
    job_ids: tuple[UUID, ...] = ()
    # That keeps what is new to a group.
    pilot_id: UUID | None = None


async def publish_change_set(
    work: DefinitionWork, set_id: UUID, *, if_version: int | None = None, pilot: PilotDraft | None = None
) -> Published:
    """Let everything in a change set be live with the commit; with a pilot, for its group alone until it is released."""
    row = await draft(work, set_id, if_version=if_version)
    gathering = metadata.gather(work, await metadata.opened(work), rehearses=False)
    _, violations = await run_all(gathering, row["steps"])
    if violations:
        raise Refused(violations)
    if pilot is not None:
        _refuse_others(gathering)
    published = await settle(gathering, Cause(PublicationKind.CHANGE_SET, change_set_id=set_id))
    await work.session.execute(
        sa
        .update(change_set)
        .where(change_set.c.id == set_id)
        .values(state=ChangeSetState.PUBLISHED, version=change_set.c.version + 1, updated_at=work.now)
    )
    await note(work, "changeSet.published", set_id, {"name": row["name"], "publication": published.number})
    return published if pilot is None else replace(published, pilot_id=await _piloted(gathering, published, pilot))


def _refuse_others(work: Gathering) -> None:
    """What is there already is nobody's to hide."""
    found = difference.others(differences_of(work))
    if found:
        wrong = (Violation(("pilot",), pilots.NotAdditive(name=each.coordinate)) for each in found[:_MOST_NAMED])
        raise Refused(tuple(wrong))


async def _piloted(work: Gathering, published: Published, draft: PilotDraft) -> UUID | None:
    """A pilot over everything that came with a publication, which nobody has seen yet."""
    coordinates = tuple(map(_coordinate, difference.added(published.differences)))
    found, pilot_id = metadata.Findings(), None
    with found.at("pilot"):
        pilot_id = (await pilots.start_pilot(work, replace(draft, coordinates=coordinates), is_new=True)).id
    found.settle()
    return pilot_id


def _coordinate(each: Difference) -> CoordinateDraft:
    if each.kind in {"object", "field"}:
        return CoordinateDraft(each.object_name, each.field_name)
    return CoordinateDraft(layout_id=each.id) if each.kind == metadata.LAYOUT else CoordinateDraft(rule_id=each.id)


async def settle(gathering: Gathering, cause: Cause) -> Published:
    """Make what was gathered, and keep it as one publication."""
    made = await metadata.publish_gathered(gathering, cause)
    if made is None:
        raise ChangeSetEmpty
    return Published(made.id, made.number, made.differences, tuple(gathering.gathered.jobs.values()))


async def find_publication(
    work: ReadWork, publication_id: UUID, job_ids: Sequence[UUID] = (), pilot_id: UUID | None = None
) -> Published:
    """A publication as it is kept: for a mutation that was sent twice."""
    await access.require_definitions(work)
    row = await work.session.row(sa.select(publication).where(publication.c.id == publication_id))
    if row is None:
        raise PublicationNotFound
    changes = metadata.restored(row["undo"])
    return Published(row["id"], row["number"], metadata.differences(changes), tuple(job_ids), pilot_id)
