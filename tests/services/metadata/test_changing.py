"""Whatever is defined, changed, retired and restored: the database holds exactly what the registry says."""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING

import pytest

from schema.metadata.errors import TooManyColumns, ValuesNotUnique
from schema.metadata.fields import FieldState, Label
from schema.metadata.physical import RecordTable, tables_of
from schema.metadata.types import DERIVED, FIELD_TYPES, LINKED, SHOWN, SYSTEM_ONLY
from schema.tables.records import RECORD_COLUMNS
from services import metadata, records
from services.metadata import ChoiceDraft, FieldChange, FieldDraft, ObjectDraft
from services.metadata.changing import change, opened
from services.metadata.loading import definitions
from services.metadata.sizes import MOST_ROWS_AT_ONCE
from tenants.errors import Unavailable
from tenants.sql import SCHEMA, BoundSql, ident, join, render, sql
from tests.builders.metadata import add_field, columns_of, define_equipment, indexes_of, registry_of
from tests.builders.records import create_one

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from tenants.context import DefinitionWork, Work
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

TYPES = sorted(FIELD_TYPES.keys() - SYSTEM_ONLY - DERIVED - SHOWN)
# As PostgreSQL spells the types of the table of types.
SPELLED = {
    "timestamptz": "timestamp with time zone",
    'text COLLATE "C"': "text",
    "char(3)": "character(3)",
    "time(0)": "time(0) without time zone",
}

# Of a table of PostgreSQL.
MOST_COLUMNS = 1600


async def foreign_keys_of(tenant: Tenant, table: str) -> set[str]:
    rows = await tenant.read(
        lambda work: work.session.fetch(
            BoundSql(
                "SELECT conname FROM pg_constraint WHERE contype = 'f' AND conrelid = $1::regclass",
                (f'"{tenant.placement.schema}"."{table}"',),
            )
        )
    )
    return {row["conname"] for row in rows}


async def assert_database_is(tenant: Tenant, tables: Mapping[str, RecordTable]) -> None:
    shared = {name for name, _ in RECORD_COLUMNS}
    for name, table in tables.items():
        columns = await columns_of(tenant, name)
        assert {each: columns[each] for each in table.columns} == {
            each: SPELLED.get(type_, type_) for each, type_ in table.columns.items()
        }
        assert shared <= columns.keys()
        assert set(await indexes_of(tenant, name)) == {*table.indexes, f"{name}_pkey"}
        assert await foreign_keys_of(tenant, name) == table.foreign_keys.keys()


def random_field(choose: random.Random) -> FieldDraft:
    kind = FIELD_TYPES[choose.choice(TYPES)]
    return FieldDraft(
        Label("字段", "Field"),
        kind.name,
        required=choose.random() < 0.5 and kind.name not in LINKED,
        is_unique=kind.may_be_unique and choose.random() < 0.5,
        is_indexed=kind.may_be_indexed and choose.random() < 0.5,
        choices=(ChoiceDraft(Label("甲", "A")),) if kind.has_choices else (),
        target=choose.choice(["customer", "sheBei_c", "user"]) if kind.name in LINKED | {"relation"} else "",
        options={"sortKey": "pinyin"} if "sortKey" in kind.options else {},
    )


async def random_step(work: DefinitionWork, choose: random.Random) -> None:
    """One change of the shape that somebody might make."""
    object_name = choose.choice(["customer", "sheBei_c"])
    thing = next(each for each in await definitions(work) if each.name == object_name)
    own = [each for each in thing.fields if each.name.endswith("_c")]
    retired = [each for each in own if each.is_retired]
    live = [each for each in own if each.field.state is FieldState.LIVE]
    match choose.randrange(5):
        case 0 if live:
            await metadata.retire_field(work, object_name, choose.choice(live).name)
        case 1 if retired:
            await metadata.restore_field(work, object_name, choose.choice(retired).name)
        case 2 if live:
            field = choose.choice(live)
            unique = field.field.type.may_be_unique and not field.field.is_unique
            await metadata.update_field(work, object_name, field.name, FieldChange(is_unique=unique))
        case 3 if live:
            field = choose.choice(live)
            changes = FieldChange(is_indexed=field.field.type.may_be_indexed and not field.field.is_indexed)
            await metadata.update_field(work, object_name, field.name, changes)
        case _:
            await metadata.add_field(work, object_name, random_field(choose))


async def test_new_tenant_is_what_its_pack_says(shared_tenant: Tenant) -> None:
    await assert_database_is(shared_tenant, tables_of(await registry_of(shared_tenant)))


@pytest.mark.parametrize("seed", range(4))
async def test_database_follows_any_run_of_changes(tenant: Tenant, seed: int) -> None:
    choose = random.Random(seed)  # noqa: S311 - repeatable, not secret
    await define_equipment(tenant)
    await create_one(tenant, "customer", name="云启")

    for _ in range(25):
        await tenant.define(lambda work: random_step(work, choose), person="admin")

    await assert_database_is(tenant, tables_of(await registry_of(tenant)))


async def test_change_that_fails_leaves_nothing(company: Tenant) -> None:
    before = tables_of(await registry_of(company))
    await create_one(company, "customer", name="One", shortName="Cloud")
    await create_one(company, "customer", name="Two", shortName="Cloud")

    with pytest.raises(ValuesNotUnique):
        await company.define(
            lambda work: metadata.update_field(work, "customer", "shortName", FieldChange(is_unique=True)),
            person="admin",
        )

    await assert_database_is(company, before)


async def test_definition_gives_up_on_a_table_that_somebody_holds(company: Tenant) -> None:
    locked, release = asyncio.Event(), asyncio.Event()

    async def hold(work: Work) -> None:
        await records.create(work, "customer", [{"name": "云启一"}])
        locked.set()
        await release.wait()

    writer = asyncio.create_task(company.write(hold))
    await locked.wait()
    with pytest.raises(Unavailable):
        await add_field(company, label=Label("型号", "Type"))
    release.set()
    await writer

    assert (await add_field(company, label=Label("型号", "Type"))).field_name == "xingHao_c"


async def test_definition_waits_for_a_writer_that_is_quick(company: Tenant) -> None:
    locked, release = asyncio.Event(), asyncio.Event()

    async def hold(work: Work) -> tuple[UUID, ...]:
        written = await records.create(work, "customer", [{"name": "云启二"}])
        locked.set()
        await release.wait()
        return written.ids

    writer = asyncio.create_task(company.write(hold))
    await locked.wait()
    definer = asyncio.create_task(add_field(company))
    asyncio.get_running_loop().call_later(0.7, release.set)

    assert len(await writer) == 1
    assert (await definer).field_name == "sheBeiXingHao_c"


async def test_nothing_to_change_still_moves_the_version_once(company: Tenant) -> None:
    version = (await registry_of(company)).version

    async def same(work: DefinitionWork) -> None:
        snapshot = await opened(work)
        await change(work, snapshot, snapshot, [])

    await company.define(same, person="admin")

    assert (await registry_of(company)).version == version + 1
    assert MOST_ROWS_AT_ONCE == 50_000


async def test_table_without_room_takes_no_further_field(company: Tenant) -> None:
    draft = ObjectDraft(
        Label("宽表", "Wide"), Label(), name="wide", fields=(FieldDraft(Label("名称", "Name"), "text"),)
    )
    await company.define(lambda work: metadata.create_object(work, draft), person="admin")
    table = (await registry_of(company)).names["wide_c"].table
    names = [ident(f"y{at}") for at in range(MOST_COLUMNS - len(await columns_of(company, table)))]

    async def fill(work: DefinitionWork) -> None:
        for verb in (sql("ADD COLUMN"), sql("DROP COLUMN")):
            type_ = sql(" integer") if verb == sql("ADD COLUMN") else sql("")
            each = (sql("{verb} {name}{type}", verb=verb, name=name, type=type_) for name in names)
            altered = sql("ALTER TABLE {schema}.{table} {all}", schema=SCHEMA, table=ident(table), all=join(", ", each))
            await work.session.run(BoundSql(render(altered).bind(work.session.schema, str)))

    # Columns that were dropped are counted for ever.
    await company.define(fill, person="admin")
    with pytest.raises(TooManyColumns):
        await add_field(company, "wide_c")

    assert [
        each.name for each in (await registry_of(company)).shape.objects["wide_c"].fields if each.name.endswith("_c")
    ] == ["mingCheng_c"]
