"""Random history of records, and what of it a caller must see: that of records in sight, and of them the open fields."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from schema.metadata.objects import ObjectKind
from schema.metadata.secrets import HIDDEN
from schema.metadata.types import Output
from services.permissions import Level, Mask, Verb
from tests.services.query.fuzz.answers import masked
from tests.services.query.world import ALICE, record_id

if TYPE_CHECKING:
    from schema.metadata.fields import Field
    from schema.metadata.registry import Registry
    from tests.services.query.fuzz.rights import Caller
    from tests.services.query.fuzz.rows import Rows
    from tests.services.query.world import World

# Records that are gone for good have ids behind all others.
_GONE = 900
_TEXTS = ("acme", "+8613800138000", "li.lei@qq.com", "华夏科技", "N-0007", "110101199003071234")


@dataclass(frozen=True)
class Trace:
    """One row of history; changes are by the name of the field."""

    id: UUID
    object_name: str
    record_id: UUID
    version: int
    changes: Mapping[str, Sequence[Any]]


def make_histories(seed: int, before: Registry, rows: Rows) -> list[Trace]:
    rng = random.Random(f"histories {seed}")  # noqa: S311 - repeatable
    found: list[Trace] = []
    for thing in before.shape.objects.values():
        if thing.kind is ObjectKind.SYSTEM:
            continue
        gone = [record_id(before.names[thing.name].number, _GONE + place) for place in range(rng.randint(0, 2))]
        for each in [*(each.id for each in rows[thing.name]), *gone]:
            for version in range(1, rng.choice((1, 1, 2, 3))):
                fields = rng.sample(thing.fields, rng.randint(0, len(thing.fields)))
                changes = {field.name: [_value(rng, field, rows), _value(rng, field, rows)] for field in fields}
                found.append(Trace(UUID(int=8000 + len(found)), thing.name, each, version, changes))
    return found


def _value(rng: random.Random, field: Field, rows: Rows) -> Any:
    """Some JSON; what is masked like a text must be one, and what stands for a link is an id or masked already."""
    if rng.random() < 0.2:
        return None
    if field.relation is not None:
        return rng.choice([*(str(each.id) for each in rows[field.relation.target]), str(record_id(1, _GONE)), "***"])
    if field.type.output is Output.SEALED:
        return HIDDEN
    return rng.choice(_TEXTS) if field.type.output is Output.TEXT else rng.choice((7, [1, "a"], {"amount": "5"}, True))


@dataclass(frozen=True)
class Kept:
    """Where traces are read: a system object, its order, and what it tells of each."""

    name: str
    plural: str
    order: str
    members: str


HISTORY = Kept("recordHistory", "recordHistories", "id", "recordId version changes")
AUDIT = Kept("auditEntry", "auditEntries", "seq", "recordId recordVersion details")


def question(rng: random.Random, traces: Sequence[Trace], kept: Kept) -> tuple[str, list[Trace]]:
    """All of them or those of one record, and the rows that are meant."""
    chosen = list(traces)
    given = ""
    if traces and rng.random() < 0.5:
        one = rng.choice(traces).record_id
        chosen, given = [each for each in traces if each.record_id == one], f'filter: {{recordId: {{eq: "{one}"}}}}'
    return (
        f"{{ {kept.plural}({given} orderBy: [{{{kept.order}: ASC}}] first: 1000) {{ totalCount nodes {{ {kept.members} }} }} "
        f"{kept.plural}Aggregate{f'({given})' if given else ''} {{ count }} }}"
    ), chosen


def seen(caller: Caller, traces: Sequence[Trace], registry: Registry, kept: Kept) -> list[dict[str, Any]]:
    """The nodes in their order. Of records out of sight there is no history, and an audit entry without their values."""
    if kept is AUDIT:
        return [_entry(caller, each, registry) for each in traces]
    return [_node(caller, each, registry) for each in traces if _is_seen(caller, each)]


def _is_seen(caller: Caller, trace: Trace) -> bool:
    name = trace.object_name
    return _is_known(caller, name, trace.record_id)


def _is_known(caller: Caller, name: str, record_id: UUID) -> bool:
    """Whether the caller sees a record, or all there ever were of its object."""
    if not caller.may(name, Verb.READ):
        return False
    if name == "user" or (caller.has_all(name, Verb.READ) and caller.has_all(name, Verb.DELETE)):
        return True
    alive = {each.id for each in caller.judge.live(name)}
    return record_id in alive | {each.id for each in caller.judge.deleted(name)}


def _node(caller: Caller, trace: Trace, registry: Registry) -> dict[str, Any]:
    names = registry.names[trace.object_name].fields
    changes = {str(names[name].number): change for name, change in _changes(caller, trace, registry).items()}
    return {"recordId": str(trace.record_id), "version": trace.version, "changes": changes}


def _entry(caller: Caller, trace: Trace, registry: Registry) -> dict[str, Any]:
    told = {"changes": _changes(caller, trace, registry)} if _is_seen(caller, trace) else {}
    return {"recordId": str(trace.record_id), "recordVersion": trace.version, "details": told}


def _changes(caller: Caller, trace: Trace, registry: Registry) -> dict[str, list[Any]]:
    names = registry.names[trace.object_name].fields
    return {
        name: [_shown(caller, trace.object_name, name, each) for each in change]
        for name, change in trace.changes.items()
        if name in names and caller.level(trace.object_name, name) is not Level.NONE
    }


def _shown(caller: Caller, object_name: str, name: str, value: Any) -> Any:
    field = caller.judge.field(object_name, name)
    relation = field.relation
    if caller.level(object_name, name) is not Level.MASKED:
        is_open = relation is None or value in (None, "***") or _is_known(caller, relation.target, UUID(value))
        return value if is_open else None
    mask = Mask.FULL if field.type.output is Output.SEALED else caller.mask(object_name, name)
    return masked(mask, value) if isinstance(value, str) and relation is None else None


async def store_histories(world: World, traces: Sequence[Trace]) -> None:
    """Written as the write path keeps them: by the numbers of fields, and by their names in the audit."""
    await world.connection.executemany(
        "INSERT INTO t_query.audit_entry (id, seq, principal_kind, principal_id, action, object_name, record_id, "
        "record_version, body) VALUES ($1, $2, 'user', $3, 'updated', $4, $5, $6, $7)",
        [
            (
                each.id,
                place,
                ALICE,
                each.object_name,
                each.record_id,
                each.version,
                json.dumps({"details": {"changes": each.changes}}).encode(),
            )
            for place, each in enumerate(traces)
        ],
    )
    await world.connection.executemany(
        "INSERT INTO t_query.record_history (id, object_number, record_id, version, verb, principal_id, changes) "
        "VALUES ($1, $2, $3, $4, 'updated', $5, $6)",
        [
            (
                each.id,
                world.registry.names[each.object_name].number,
                each.record_id,
                each.version,
                ALICE,
                json.dumps({
                    str(world.registry.names[each.object_name].fields[name].number): change
                    for name, change in each.changes.items()
                }),
            )
            for each in traces
        ],
    )
