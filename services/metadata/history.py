"""The history of definitions: each publication with its number, who made it, and what it changed, kept for good.

It is written in the transaction that it tells of. A publication's rows lead back to the definitions before it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa

from schema.metadata.system_objects import SYSTEM_OBJECTS
from schema.tables.change_sets import PublicationKind, publication
from services.metadata.differences import Difference, RowChange, differences, row_changes
from services.metadata.gathering import gathered_by

if TYPE_CHECKING:
    from services.audit import Entry
    from services.metadata.snapshot import Snapshot
    from tenants.context import DefinitionWork, ReadWork, Work

_NUMBER = SYSTEM_OBJECTS["publication"][1].number


@dataclass(frozen=True, slots=True)
class Publication:
    """What went live together."""

    id: UUID
    number: int
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Cause:
    """What led to it, beyond one mutation."""

    kind: PublicationKind = PublicationKind.CHANGE
    change_set_id: UUID | None = None
    rolls_back_to: int | None = None


ONE_MUTATION = Cause()


async def keep(work: DefinitionWork, before: Snapshot, after: Snapshot, entries: Sequence[Entry]) -> None:
    """Keep one change of definitions; where changes are gathered they are kept together in the end."""
    if gathered_by(work) is None and (changes := row_changes(before, after)):
        await publish(work, changes, entries)


async def keep_row(work: Work, change: RowChange, entry: Entry) -> None:
    """Keep the change of something that stands beside the definitions, such as a layout."""
    gathered = gathered_by(work)
    if gathered is None:
        await publish(work, (change,), [entry])
    else:
        gathered.others.append(change)
        gathered.tell([entry])


async def publish(
    work: Work, changes: Sequence[RowChange], entries: Sequence[Entry], cause: Cause = ONE_MUTATION
) -> Publication:
    """Give what changed the next number."""
    made = Publication(work.ids.new(_NUMBER), await last_number(work) + 1, differences(changes))
    actions = [{"action": each.action, **each.details} for each in entries]
    row = {
        "id": made.id,
        "number": made.number,
        "metadata_version": work.versions.metadata + 1,
        "kind": cause.kind,
        "published_by_id": work.principal.user_id,
        "change_set_id": cause.change_set_id,
        "rolls_back_to": cause.rolls_back_to,
        "actions": _json(actions),
        "differences": [told(each) for each in made.differences],
        "undo": _json([asdict(each) for each in changes]),
        "created_at": work.now,
    }
    await work.session.execute(sa.insert(publication).values(**row))
    return made


async def last_number(work: ReadWork) -> int:
    """The number of the last publication; none before the first. `state` is locked, so nobody takes the next one."""
    found: int | None = await work.session.scalar(sa.select(sa.func.max(publication.c.number)))
    return found or 0


async def since(work: ReadWork, number: int) -> list[tuple[RowChange, ...]]:
    """What every publication after this one changed, the last one first."""
    rows = await work.session.rows(
        sa.select(publication.c.undo).where(publication.c.number > number).order_by(publication.c.number.desc())
    )
    return [restored(row["undo"]) for row in rows]


def restored(kept: Sequence[Mapping[str, Any]]) -> tuple[RowChange, ...]:
    """The row changes of a publication, out of their JSON."""
    return tuple(RowChange(**{**each, "id": UUID(each["id"])}) for each in kept)


def told(each: Difference) -> dict[str, Any]:  # Any: properties of any type
    """A difference as JSON, in the spelling of the API."""
    said: dict[str, Any] = {"kind": each.kind, "action": each.action, "object": each.object_name}
    said |= {"field": each.field_name} if each.field_name else {}
    said |= {"name": each.name} if each.name else {}
    said["properties"] = [asdict(one) for one in each.properties]
    plain: dict[str, Any] = _json(said)
    return plain


def _json(value: object) -> Any:  # Any: JSON
    return json.loads(json.dumps(value, default=str, ensure_ascii=False))
