"""The moment in which a field becomes what its values were brought to: definitions, masks, trace, the order of a change.

Before it everybody meets the old field, after it the new one; the old column stays until the time of grace is over.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

import asyncpg
import sqlalchemy as sa

from schema.metadata import ddl
from schema.metadata.errors import ValuesNotUnique
from schema.metadata.physical import tables_of
from schema.metadata.types import FIELD_TYPES
from schema.tables.type_changes import TypeChangeState, type_change
from services import metadata
from services.audit import Entry
from services.type_changes import filling as fillings
from services.type_changes import sides
from services.type_changes.errors import ValuesNotConvertible
from services.type_changes.masking import close_masks
from services.type_changes.planning import exchanged
from tenants.errors import Refused, Violation

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from services.metadata import Snapshot
    from services.type_changes.filling import Filling
    from services.type_changes.ways_back import Change
    from tenants.context import DefinitionWork


@dataclass(frozen=True, slots=True)
class Order:
    """A change as it is ordered: its id, what it fills, whether values that do not fit stay behind, what it takes back."""

    id: UUID
    filling: Filling
    clears: bool
    # The last one first.
    undoes: tuple[Change, ...] = ()
    # Rules go back to what they were as well.
    rolls_back: bool = False
    # Values become choices, also those that are written while a job is under way.
    makes_choices: bool = False


def row_of(order: Order) -> dict[str, object]:
    """The row of an order, before anything of it is done."""
    said = {
        "makesChoices": order.makes_choices,
        "undoes": [str(each["id"]) for each in order.undoes],
        "rollsBack": order.rolls_back,
    }
    return {
        "id": order.id,
        "object_id": order.filling.thing.id,
        "field_id": order.filling.target.id,
        "state": TypeChangeState.CONVERTING,
        "source": sides.kept(order.filling.sides.source),
        "target": {**sides.kept(order.filling.target), **said},
        "clears": order.clears,
        "undoes_id": order.undoes[-1]["id"] if order.undoes else None,
    }


async def settle(work: DefinitionWork, before: Snapshot, middle: Snapshot, order: Order) -> int:
    """From `middle`, whose columns are filled, to the new definition; how many values stayed behind."""
    filling = order.filling
    final = exchanged(before, before.by_name[filling.thing.name], filling.target)
    cleared = await fillings.unfit(work, filling)
    if cleared and not order.clears:
        raise Refused((Violation(("type",), ValuesNotConvertible(count=cleared)),))
    async with unique_or_refused():
        await metadata.refuse_duplicates(work, final, filling.thing, filling.target)
        await metadata.reshape(work, middle, final)
    names = {"object": filling.thing.name, "field": filling.target.name}
    types = {"from": filling.sides.source.field.type_name, "to": filling.target.field.type_name}
    masks = {"masksClosed": True} if await close_masks(work, filling.thing.name, filling.sides) else {}
    entry = Entry(
        "field.typeChanged" if not order.undoes else "field.typeRestored",
        "fieldDefinition",
        filling.target.id,
        details={**names, **types, "cleared": cleared, **masks},
    )
    await metadata.record(work, before, final, [entry])
    kept_until = work.now + metadata.GRACE
    await _mark(work, order.id, state=TypeChangeState.DONE, cleared=cleared, kept_until=kept_until)
    if order.undoes:
        # The others lead back to what the field was in between, should somebody go there.
        await forget(work, order.undoes[-1], TypeChangeState.UNDONE)
    return cleared


async def forget(work: DefinitionWork, change: Mapping[str, Any], state: TypeChangeState) -> None:
    """Give up the column that a change keeps beside that of the field, for good."""
    side = change["target"] if state is TypeChangeState.FAILED else change["source"]
    snapshot = metadata.Snapshot(await metadata.definitions(work), work.versions.metadata)
    table = next(each.table for each in snapshot.objects if each.id == change["object_id"])
    standing = tables_of(snapshot.registry).get(table)
    again = [] if standing is None else ddl.missing_indexes(standing)
    drop = ddl.drop_columns(table, side["column"], FIELD_TYPES[side["type"]])
    await metadata.run(work, [drop, *again], [table])
    await _mark(work, change["id"], state=state, kept_until=None)


async def _mark(work: DefinitionWork, change_id: object, **values: object) -> None:
    changed = {**values, "version": type_change.c.version + 1, "updated_at": work.now}
    await work.session.execute(sa.update(type_change).where(type_change.c.id == change_id).values(**changed))


@asynccontextmanager
async def unique_or_refused() -> AsyncIterator[None]:
    """A unique rule over several fields is built with what the values became."""
    try:
        yield
    except asyncpg.UniqueViolationError:
        raise ValuesNotUnique(count=1, examples="–") from None
