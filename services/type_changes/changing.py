"""The verbs: change the type of a field, and take that back. Small tables are gone over at once, large ones by a job."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa

from schema.metadata.conversions import Sides
from schema.metadata.fields import FieldState
from schema.metadata.naming import opaque
from schema.metadata.system_objects import SYSTEM_OBJECTS
from schema.tables.metadata import field_definition
from schema.tables.type_changes import TypeChangeState, type_change
from services import audit, field_rules, jobs, metadata
from services.audit import Entry
from services.metadata import MOST_CHOICES, Snapshot, Subject, UsedElsewhere
from services.type_changes import filling as fillings
from services.type_changes import planning, sides
from services.type_changes.errors import ChoicesWouldTell, InUse, NothingToUndo, ValuesNotConvertible
from services.type_changes.filling import Filling
from services.type_changes.groups import MOST_TRIED, are_open, groups, require_readable, unfit
from services.type_changes.messages import ConvertField
from services.type_changes.planning import Planned, Reading, TypeDraft
from services.type_changes.settling import Order, row_of, settle, unique_or_refused
from services.type_changes.ways_back import steps_back, way_back
from tenants.clock import zone_or_utc
from tenants.errors import Refused, Violation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schema.metadata.definitions import FieldDefinition
    from services.metadata import Usage
    from services.type_changes.ways_back import Change
    from tenants.context import DefinitionWork, ReadWork

_FIELD = SYSTEM_OBJECTS["fieldDefinition"][1].number
_MOST_VALUES = 4 * MOST_CHOICES
_MOST_NAMES = 10
# Rules go back with a publication as the type does.
RULES = field_rules.KIND
# No field is called so: for a while the new columns stand beside the field whose name they will have.
_BESIDE = "+"


@dataclass(frozen=True, slots=True)
class TypeChanged:
    """The field, the change itself, and the job that finishes it where there is one."""

    id: UUID
    object_name: str
    field_name: str
    field_id: UUID
    job_id: UUID | None = None
    cleared: int = 0


async def change_type(
    work: DefinitionWork,
    object_name: str,
    field_name: str,
    draft: TypeDraft,
    *,
    clears: bool = False,
    confirms: bool = False,
    if_version: int | None = None,
) -> TypeChanged:
    """Let a field be of another type from now on, its values converted. Everything that it was is kept for a time."""
    before = await metadata.opened(work)
    source = planning.source_of(before, object_name, field_name)
    await metadata.require_version(work, field_definition, source.id, if_version)
    if metadata.has_columns(work, before.by_name[object_name].table, (source.column,)):
        await require_readable(work, before.registry.shape, object_name, field_name)
    made = await planned(work, before, object_name, source, draft)
    await _refuse_breaking(work, before, made, confirms=confirms)
    makes_choices = planning.makes_choices(source, draft)
    order = Order(work.ids.new(0), Filling(made.thing, made.sides), clears, makes_choices=makes_choices)
    return await _carry_out(work, before, order)


async def undo_type_change(
    work: DefinitionWork, object_name: str, field_name: str, *, clears: bool = False, confirms: bool = False
) -> TypeChanged:
    """Bring back what a field was before its last change: its own values, and those written since as far as they fit."""
    before = await metadata.opened(work)
    source = planning.source_of(before, object_name, field_name)
    change = await _last_change(work, source)
    made = _undone(work, before, object_name, source, change)
    await _refuse_breaking(work, before, made, confirms=confirms)
    return await _taken_back(work, before, made, (change,), clears=clears)


async def way_to(work: ReadWork, field: FieldDefinition, column: str) -> tuple[Change, ...] | None:
    """The changes to take back so that a field is what it was in a column: none where it is, None where no way is left."""
    return way_back(await last_changes(work, field.id), field.column, column)


async def take_back(
    work: DefinitionWork, object_name: str, field_name: str, way: Sequence[Change], *, clears: bool
) -> TypeChanged:
    """Bring back what a field was before all of these changes at once, for one who rolls back.

    Rules that are about to be what they were as well do not stand in the way.
    """
    before = await metadata.opened(work)
    source = planning.source_of(before, object_name, field_name)
    made = _undone(work, before, object_name, source, way[-1])
    await _refuse_breaking(work, before, made, confirms=True, spares=RULES)
    return await _taken_back(work, before, made, way, clears=clears, rolls_back=True)


async def planned(
    work: ReadWork, before: Snapshot, object_name: str, source: FieldDefinition, draft: TypeDraft
) -> Planned:
    """What was asked for, checked against definitions; choices made of values only where all may read those."""
    thing, values = before.by_name[object_name], []
    if planning.makes_choices(source, draft):
        if not await are_open(work, thing, source):
            raise Refused((Violation(("choices",), ChoicesWouldTell()),))
        stands = metadata.has_columns(work, thing.table, (source.column,))
        found = await groups(work, thing, source, most=_MOST_VALUES) if stands else []
        values = [each.stored for each in found if each.stored is not None]
    return planning.planned(
        before, object_name, source, draft, reading=reading_of(work), new_id=work.ids.new, values=values
    )


def reading_of(work: ReadWork) -> Reading:
    """What the tenant reads values by; the zone of whoever asks is no matter."""
    return Reading(zone_or_utc(work.settings.zone), work.settings.currency, work.settings.language, work.now)


async def last_changes(work: ReadWork, field_id: UUID) -> list[Change]:
    """The changes of a field, the last one first."""
    table = type_change
    rows = await work.session.rows(
        sa.select(table).where(table.c.field_id == field_id).order_by(table.c.created_at.desc(), table.c.id.desc())
    )
    return [dict(row) for row in rows]


async def refuse_kept(work: ReadWork, subject: Subject, *, spares: str = "") -> tuple[Usage, ...]:
    """What uses the field, where nothing does that keeps its type: what is computed of it, rules, and what opens records."""
    usages = await metadata.usages_of(work, subject)
    keeping = [each for each in usages if (each.keeps and each.kind != spares) or each.kind == metadata.DERIVED_FIELD]
    if keeping:
        raise UsedElsewhere(users=", ".join(each.name for each in keeping[:_MOST_NAMES]))
    return usages


async def _refuse_breaking(
    work: DefinitionWork, before: Snapshot, made: Planned, *, confirms: bool, spares: str = ""
) -> None:
    subject = Subject(before.registry, made.after.registry, made.thing.name, made.sides.field.name)
    usages = await refuse_kept(work, subject, spares=spares)
    broken = [each for each in usages if each.breaks]
    if broken and not confirms:
        raise InUse(names=", ".join(f"{each.kind} {each.name}" for each in broken[:_MOST_NAMES]))


async def _last_change(work: ReadWork, source: FieldDefinition) -> Change:
    """The change that made the column."""
    for change in await last_changes(work, source.id):
        if change["state"] == TypeChangeState.DONE and change["target"]["column"] == source.column:
            return change
    raise NothingToUndo


async def _taken_back(
    work: DefinitionWork,
    before: Snapshot,
    made: Planned,
    way: Sequence[Change],
    *,
    clears: bool,
    rolls_back: bool = False,
) -> TypeChanged:
    filling = Filling(made.thing, made.sides, steps_back(made.sides, way))
    return await _carry_out(work, before, Order(work.ids.new(0), filling, clears, tuple(way), rolls_back))


def _undone(work: ReadWork, before: Snapshot, object_name: str, source: FieldDefinition, change: Change) -> Planned:
    back = sides.as_it_was(source, {**change["source"], "column": opaque("f", work.ids.new(_FIELD))})
    reading = reading_of(work)
    both = Sides(source, back, reading.zone, reading.currency, reading.language)
    thing = before.by_name[object_name]
    return Planned(thing, both, planning.exchanged(before, thing, back), ())


async def _carry_out(work: DefinitionWork, before: Snapshot, order: Order) -> TypeChanged:
    filling = order.filling
    done = TypeChanged(order.id, filling.thing.name, filling.target.name, filling.target.id)
    if (gathered := metadata.gathered_by(work)) is not None and gathered.rehearses:
        cleared = await _rehearsed(work, order)
        gathered.take(planning.exchanged(before, filling.thing, filling.target))
        return replace(done, cleared=cleared)
    await work.session.execute(sa.insert(type_change).values(**row_of(order)))
    middle = before.with_field(filling.thing.name, filling.target.in_state(FieldState.BUILDING))
    if await metadata.is_long(work, filling.table):
        return replace(done, job_id=await _begin(work, before, order))
    async with unique_or_refused():
        await metadata.reshape(work, before, middle)
        await fillings.fill(work, filling)
    return replace(done, cleared=await settle(work, before, middle, order))


async def _rehearsed(work: DefinitionWork, order: Order) -> int:
    """How many values would stay behind; of a column that is only to be, nothing is known before it is tried."""
    filling = order.filling
    source = filling.sides.source
    if not metadata.has_columns(work, filling.table, (source.column,)):
        return 0
    if filling.back:
        left = await fillings.unfit_of_undo(work, filling)
    else:
        found = await groups(work, filling.thing, source, most=MOST_TRIED)
        left = sum(each.count for each, _ in await unfit(found, filling.sides))
    if left and not order.clears:
        raise Refused((Violation(("type",), ValuesNotConvertible(count=left)),))
    return left


async def _begin(work: DefinitionWork, before: Snapshot, order: Order) -> UUID:
    """Make room for what the values become; whoever writes before the exchange writes to the old column."""
    filling = order.filling
    beside = replace(filling.target, id=order.id, field=replace(filling.target.field, name=_BESIDE))
    middle = before.with_field(filling.thing.name, beside.in_state(FieldState.BUILDING))
    await metadata.reshape(work, before, middle)
    job_id = await jobs.ask(work, lambda job_id: ConvertField(order.id, job_id))
    await work.session.execute(sa.update(type_change).where(type_change.c.id == order.id).values(job_id=job_id))
    names = {"object": filling.thing.name, "field": filling.target.name}
    types = {"from": filling.sides.source.field.type_name, "to": filling.target.field.type_name}
    entry = Entry("field.typeChangeBegan", "fieldDefinition", filling.target.id, details={**names, **types})
    await audit.append(work, [entry])
    return job_id
