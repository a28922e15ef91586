"""What a change of type would come to, before anything is done: counts, examples, what it drops, what uses the field.

Counts are of all records, also those in the bin, because all are converted. Examples are records that the caller may
see. Only who may read the field asks.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from services import metadata, permissions, query
from services.metadata import Snapshot, Subject, Usage
from services.query.plan import (
    Compare,
    Connection,
    ConnectionRoot,
    IfPermitted,
    Leaf,
    MoneyLeaf,
    Nodes,
    Page,
    Parameter,
    Plan,
    Selection,
)
from services.type_changes import planning
from services.type_changes.changing import planned
from services.type_changes.groups import MOST_TRIED, Group, groups, require_readable, unfit
from tenants.errors import Forbidden, Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.type_changes.planning import Planned, TypeDraft
    from tenants.context import ReadWork

_EXAMPLES = 10
_CANDIDATES = 100


@dataclass(frozen=True, slots=True)
class Example:
    """A record whose value does not fit: the value as the caller may see it, and why."""

    record_id: str
    value: str | None
    code: str


@dataclass(frozen=True, slots=True)
class Preview:
    """Records by what becomes of their value. Not exact where there are more different values than are looked at."""

    fits: int
    unfit: int
    empty: int
    is_exact: bool
    examples: tuple[Example, ...]
    # Labels of the choices that there would be.
    choices: tuple[str, ...]
    dropped_options: tuple[str, ...]
    usages: tuple[Usage, ...]


async def preview(work: ReadWork, object_name: str, field_name: str, draft: TypeDraft) -> Preview:
    """Nothing is written; what the change itself would refuse is refused here too."""
    before = await _opened(work)
    source = planning.source_of(before, object_name, field_name)
    await require_readable(work, before.registry.shape, object_name, field_name)
    try:
        made = await planned(work, before, object_name, source, draft)
    except Refused as refused:
        # A query has no payload that could hold several.
        raise refused.violations[0].fault from None
    found = await groups(work, made.thing, source, most=MOST_TRIED)
    misfits = await unfit(found, made.sides)
    subject = Subject(before.registry, made.after.registry, object_name, field_name)
    empty, wrong = sum(each.count for each in found if each.stored is None), sum(each.count for each, _ in misfits)
    return Preview(
        fits=sum(each.count for each in found) - empty - wrong,
        unfit=wrong,
        empty=empty,
        is_exact=sum(each.count for each in found) == await metadata.records_in(work, made.thing.table),
        examples=await _examples(work, made, misfits),
        choices=tuple(each.label.text(work.settings.language, each.key) for each in made.choices),
        dropped_options=made.dropped,
        usages=await metadata.usages_of(work, subject),
    )


async def _opened(work: ReadWork) -> Snapshot:
    if not (await permissions.policy(work)).may_define:
        raise Forbidden
    return Snapshot(await metadata.definitions(work), work.versions.metadata)


async def _examples(work: ReadWork, made: Planned, unfit: Sequence[tuple[Group, str]]) -> tuple[Example, ...]:
    codes = {str(each.record_id): code for each, code in unfit if each.record_id is not None}
    asked = list(codes)[:_CANDIDATES]
    name = made.thing.name
    if not asked or not (await permissions.policy(work)).on(name).read:
        return ()
    leaf = (
        MoneyLeaf("value", made.sides.field.name, (("amount", "amount"), ("currency", "currency")))
        if made.sides.source.field.type_name == "currency"
        else Leaf("value", made.sides.field.name)
    )
    nodes = Nodes("nodes", Selection(name, (Leaf("id", "id"), IfPermitted("value", leaf))))
    connection = Connection(name, (nodes,), Page(Parameter(0)), filter=Compare("id", "in", Parameter(1)))
    plan = Plan((ConnectionRoot("records", connection),), is_conditional=True)
    answer = json.loads(await query.read(work, plan, (len(asked), asked)))
    seen = sorted(answer["records"]["nodes"], key=lambda record: asked.index(record["id"]))
    return tuple(Example(each["id"], _text(each["value"]), codes[each["id"]]) for each in seen[:_EXAMPLES])


def _text(shown: object) -> str | None:
    return shown if shown is None or isinstance(shown, str) else json.dumps(shown, ensure_ascii=False)
