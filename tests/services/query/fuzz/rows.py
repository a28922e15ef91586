"""Random records of every object of a random registry, and their way into the database."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from schema.metadata import ddl
from schema.metadata.companions import columns
from schema.metadata.objects import ObjectKind
from schema.metadata.record_fields import RECORD_FIELD_NAMES
from schema.metadata.types import Output
from tests.services.query.fuzz.files import store_files
from tests.services.query.fuzz.secrets import RING
from tests.services.query.fuzz.values import make
from tests.services.query.world import ALICE, BOB, CAROL, SCHEMA, record_id

if TYPE_CHECKING:
    from schema.metadata.fields import Field
    from schema.metadata.registry import Registry
    from tests.services.query.world import World

PEOPLE = (ALICE, BOB, CAROL, UUID(int=14), UUID(int=15))
_HEADS = 3
FIRST = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Record:
    """One row: values by field name, relations and links as ids, and the companions that the write path keeps."""

    object_name: str
    id: UUID
    values: Mapping[str, Any]
    companions: Mapping[str, Mapping[str, object]]

    @property
    def is_deleted(self) -> bool:
        return self.values["deletedAt"] is not None


Rows = Mapping[str, Sequence[Record]]


def make_rows(seed: int, registry: Registry) -> Rows:
    rng = random.Random(f"rows {seed}")  # noqa: S311 - repeatable
    things = [each for each in registry.shape.objects.values() if each.kind is not ObjectKind.SYSTEM]
    ids = {
        each.name: [record_id(registry.names[each.name].number, at) for at in range(rng.randint(0, 25))]
        for each in things
    }
    ids["user"] = list(PEOPLE)
    found = {
        each.name: [_record(rng, registry, each.name, at, ids) for at in range(len(ids[each.name]))] for each in things
    }
    return {**found, "user": [_user(place, each) for place, each in enumerate(PEOPLE)]}


def _user(place: int, user: UUID) -> Record:
    values = {
        "id": user, "version": 1, "createdAt": FIRST, "updatedAt": FIRST + timedelta(days=place), "deletedAt": None,
        "email": f"p{place}@x.cn", "name": ("Alice", "白鹭", "Carol", "Dave", "林一")[place], "title": (None, "Boss", "", "boss", None)[place] or None,
        "state": "active",
    }  # fmt: skip
    return Record("user", user, values, {"name": {"sort": ("alice", "bai lu", "carol", "dave", "lin yi")[place]}})


def _record(rng: random.Random, registry: Registry, name: str, place: int, ids: Mapping[str, Sequence[UUID]]) -> Record:
    values: dict[str, Any] = {
        "id": ids[name][place],
        "version": rng.randint(1, 3),
        "createdAt": FIRST + timedelta(minutes=place // 2),
        "updatedAt": FIRST + timedelta(days=1, seconds=rng.randint(0, 3)),
        "deletedAt": FIRST + timedelta(days=2) if rng.random() < 0.15 else None,
    }
    companions: dict[str, Mapping[str, object]] = {}
    for field in registry.shape.objects[name].fields:
        if field.name in values:
            continue
        offered = ids.get(field.relation.target, ()) if field.relation is not None else ()
        if rng.random() < 0.2 or (field.relation is not None and not offered):
            values[field.name] = None
        elif field.relation is not None:
            # Few heads, so that each has several lines.
            values[field.name] = rng.choice(offered[:_HEADS] if field.relation.lines_by else offered)
        else:
            values[field.name] = make(rng, field, place)
        if field.relation is None:
            kept = columns(field, values[field.name])
            companions[field.name] = {**kept, **_as_kept(field, values["id"], kept[""])}
    for field in registry.shape.objects[name].links:
        assert field.relation is not None
        offered = ids.get(field.relation.target, ())
        values[field.name] = rng.sample(offered, min(len(offered), rng.randint(0, 4)))
    return Record(name, ids[name][place], values, companions)


def _as_kept(field: Field, record: UUID, value: Any) -> Mapping[str, object]:
    """What goes to the database in place of a value: JSON as text, and a secret sealed to where it stands."""
    match field.type.output:
        case Output.JSON:
            return {"": json.dumps(value)}
        case Output.FILES if value is not None:
            return {"": [each.id for each in value]}
        case Output.SEALED if value is not None:
            return {"": RING.seal(value, f"{field.name}:{record}")}
        case _:
            return {}


async def store(world: World, rows: Rows) -> None:
    """Tables of the shape with the records in them; the transaction of the test takes all of it away."""
    for statement in ddl.changes(None, world.registry):
        await world.connection.control(statement.text(SCHEMA))
    # Records may point at later ones, so links come last.
    for name, records in rows.items():
        if name != "user":
            await _insert(
                world, name, [replace(each, values={**each.values, **_links(world, each, None)}) for each in records]
            )
    for name, records in rows.items():
        for each in records if name != "user" else ():
            await _link(world, each)
            await _link_many(world, each)
    for thing in world.registry.shape.objects.values():
        for field in thing.fields:
            if field.type.output is Output.FILES:
                held = [(each.id, one) for each in rows[thing.name] for one in each.values[field.name] or ()]
                await store_files(world, thing.name, field.name, held)


def _links(world: World, record: Record, link: UUID | None) -> dict[str, Any]:
    fields = world.registry.shape.objects[record.object_name].fields
    return {each.name: link for each in fields if each.relation is not None and each.name not in RECORD_FIELD_NAMES}


async def _link(world: World, record: Record) -> None:
    names = world.registry.names[record.object_name]
    links = {names.fields[name].column: record.values[name] for name in _links(world, record, None)}
    if links:
        places = ", ".join(f"{column} = ${place}" for place, column in enumerate(links, 2))
        await world.connection.execute(
            f"UPDATE {SCHEMA}.{names.table} SET {places} WHERE id = $1",  # noqa: S608 - fixed names
            record.id,
            *links.values(),
        )


async def _link_many(world: World, record: Record) -> None:
    for field in world.registry.shape.objects[record.object_name].links:
        table = world.registry.names[record.object_name].fields[field.name].column
        await world.connection.executemany(
            f"INSERT INTO {SCHEMA}.{table} (source_id, target_id) VALUES ($1, $2)",  # noqa: S608 - fixed names
            [(record.id, each) for each in record.values[field.name]],
        )


async def _insert(world: World, name: str, records: Sequence[Record]) -> None:
    names = world.registry.names[name]
    linked = {each.name for each in world.registry.shape.objects[name].links}
    rows = [
        {
            names.fields[field].column + (f"_{part}" if part else ""): stored
            for field, value in each.values.items()
            if field not in linked
            for part, stored in each.companions.get(field, {"": value}).items()
        }
        for each in records
    ]
    if rows:
        columns_ = tuple(rows[0])
        places = ", ".join(f"${place}" for place in range(1, len(columns_) + 1))
        await world.connection.executemany(
            f"INSERT INTO {SCHEMA}.{names.table} ({', '.join(columns_)}) VALUES ({places})",  # noqa: S608 - fixed names
            [tuple(row[each] for each in columns_) for row in rows],
        )
