"""[A2 A5] Random changes of an object with data in it: the database is as the registry says, values survive, writers go on.

`--operations` is how many sequences are tried, `--seed` where they begin.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from schema.metadata import conversions
from schema.metadata.fields import Label
from schema.metadata.physical import tables_of
from schema.tables.type_changes import TypeChangeState, type_change
from services import metadata, records, type_changes
from services.metadata import FieldChange, FieldDraft, ObjectDraft
from services.type_changes import TypeDraft
from tenants.errors import Fault
from tenants.sql import SCHEMA, ident, render, sql
from tests.builders.metadata import columns_of, indexes_of, registry_of

if TYPE_CHECKING:
    from schema.metadata.definitions import FieldDefinition, ObjectDefinition
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

SEQUENCES, STEPS = 6, 12
SAMPLES = {
    "text": ("5", "甲", "2026-03-01", "138 0013 8000", None), "integer": ("5", "70", None),
    "decimal": ("5.5", "7", None), "date": ("2026-03-01", None), "boolean": (True, False, None), "tags": (["a", "b"], None),
}  # fmt: skip


@dataclass
class Workshop:
    """One object under a designer's hands, while somebody else writes to it."""

    tenant: Tenant
    random: Random
    name: str
    refused: set[str] = field(default_factory=set)
    done: int = 0

    async def definition(self) -> ObjectDefinition:
        return next(each for each in await self.tenant.read(metadata.definitions) if each.name == self.name)

    async def any_field(self, *, retired: bool = False) -> FieldDefinition | None:
        found = [each for each in (await self.definition()).fields if each.is_retired is retired]
        return self.random.choice(found) if found else None

    async def attempt(self, verb: Callable[[], Awaitable[object]]) -> bool:
        """A refusal is an answer; anything else is a defect."""
        try:
            await verb()
        except Fault as fault:
            self.refused.add(fault.code)
            return False
        self.done += 1
        return True


async def add(shop: Workshop) -> None:
    kind = shop.random.choice(sorted(SAMPLES))
    unique = kind == "text" and shop.random.random() < 0.2
    draft = FieldDraft(Label("值"), kind, is_unique=unique, is_indexed=kind != "tags" and shop.random.random() < 0.3)
    await shop.attempt(
        lambda: shop.tenant.define(lambda work: metadata.add_field(work, shop.name, draft), person="admin")
    )


async def retire_and_restore(shop: Workshop) -> None:
    if (found := await shop.any_field()) is None:
        return
    before = await stored(shop, found)
    define = shop.tenant.define
    if await shop.attempt(
        lambda: define(lambda work: metadata.retire_field(work, shop.name, found.name), person="admin")
    ):
        await define(lambda work: metadata.restore_field(work, shop.name, found.name), person="admin")
    after = await stored(shop, found)
    assert {each: after[each] for each in before} == before


async def index(shop: Workshop) -> None:
    if (found := await shop.any_field()) is not None:
        change = FieldChange(is_indexed=not found.field.is_indexed)
        await shop.attempt(
            lambda: shop.tenant.define(
                lambda work: metadata.update_field(work, shop.name, found.name, change), person="admin"
            )
        )


async def change_and_undo(shop: Workshop) -> None:
    """What nobody wrote to meanwhile is what it was."""
    if (found := await shop.any_field()) is None or not (ways := conversions.offered(found.field.type_name)):
        return
    draft, versions, before = TypeDraft(shop.random.choice(ways)), await versions_of(shop), await stored(shop, found)
    define = shop.tenant.define
    changed = await shop.attempt(
        lambda: define(
            lambda work: type_changes.change_type(work, shop.name, found.name, draft, clears=True, confirms=True),
            person="admin",
        )
    )
    if changed and shop.random.random() < 0.5:
        await define(
            lambda work: type_changes.undo_type_change(work, shop.name, found.name, clears=True, confirms=True),
            person="admin",
        )
        now = next(each for each in (await shop.definition()).fields if each.id == found.id)
        after, later = await stored(shop, now), await versions_of(shop)
        untouched = [each for each in before if later.get(each) == versions.get(each)]
        assert {each: after[each] for each in untouched} == {each: before[each] for each in untouched}
        assert now.field.type_name == found.field.type_name


async def write(shop: Workshop) -> None:
    fields = [each for each in (await shop.definition()).fields if not each.is_retired]
    given = {
        each.name: shop.random.choice(SAMPLES[each.field.type_name])
        for each in fields
        if each.field.type_name in SAMPLES
    }
    await shop.attempt(lambda: shop.tenant.write(lambda work: records.create(work, shop.name, [given]), person="admin"))


OPERATIONS = (add, retire_and_restore, index, change_and_undo, change_and_undo, write, write)


async def stored(shop: Workshop, found: FieldDefinition) -> dict[object, object]:
    table = (await shop.definition()).table
    text = sql("SELECT id, {c} AS value FROM {schema}.{t}", schema=SCHEMA, c=ident(found.column), t=ident(table))
    rows = await shop.tenant.read(lambda work: work.session.fetch(render(text).bound(work.session.schema, {})))
    return {row["id"]: row["value"] for row in rows}


async def versions_of(shop: Workshop) -> dict[object, object]:
    table = (await shop.definition()).table
    text = sql("SELECT id, version FROM {schema}.{t}", schema=SCHEMA, t=ident(table))
    rows = await shop.tenant.read(lambda work: work.session.fetch(render(text).bound(work.session.schema, {})))
    return {row["id"]: row["version"] for row in rows}


async def require_as_the_registry_says(shop: Workshop) -> None:
    """Columns are those of the fields, retired ones too, and those that changes of types keep; indexes are exactly all."""
    thing = await shop.definition()
    wanted = tables_of(await registry_of(shop.tenant))[thing.table]
    kept = await shop.tenant.read(
        lambda work: work.session.rows(
            sa.select(type_change).where(
                type_change.c.object_id == thing.id, type_change.c.state == TypeChangeState.DONE
            )
        )
    )
    columns = await columns_of(shop.tenant, thing.table)
    bases = {each.column for each in thing.fields} | {row["source"]["column"] for row in kept}
    assert wanted.columns.keys() <= columns.keys()
    assert {"_".join(each.split("_")[:2]) for each in columns if each.startswith("f_")} == bases
    there = {each for each in await indexes_of(shop.tenant, thing.table) if not each.endswith("pkey")}
    assert there ^ wanted.indexes.keys() == set()


async def keep_writing(shop: Workshop, stop: asyncio.Event) -> None:
    """Somebody else, who sees the old shape or the new one."""
    while not stop.is_set():
        await write(shop)


async def test_random_changes_lose_nothing_and_break_nobody(company: Tenant, request: pytest.FixtureRequest) -> None:
    sequences = request.config.getoption("--operations") or SEQUENCES
    first = request.config.getoption("--seed") or 0
    done = 0

    for seed in range(first, first + sequences):
        draft = ObjectDraft(Label("工件"), name=f"piece{seed}")
        made = await company.define(lambda work, draft=draft: metadata.create_object(work, draft), person="admin")  # type: ignore[misc]  # bound now
        shop = Workshop(company, Random(seed), made.object_name)  # noqa: S311 - a sequence that can be tried again
        other = Workshop(company, Random(~seed), made.object_name)  # noqa: S311 - as above
        stop = asyncio.Event()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(keep_writing(other, stop))
            for _ in range(STEPS):
                await shop.random.choice(OPERATIONS)(shop)
                await require_as_the_registry_says(shop)
            stop.set()
        done += shop.done
        assert other.refused <= {"REFUSED", "UNKNOWN_FIELD", "BUSY", "SHAPE_MOVED"}

    assert done > sequences
