"""Two snapshots become rows: what differs is written, the rest is left alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from schema.metadata.fields import Label
from schema.tables.metadata import field_definition, object_definition
from services.metadata import Snapshot
from services.metadata.loading import definitions
from services.metadata.store import save

if TYPE_CHECKING:
    from tenants.context import DefinitionWork
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


async def test_only_what_differs_gets_a_new_version(tenant: Tenant) -> None:
    async def rename(work: DefinitionWork) -> None:
        before = Snapshot(await definitions(work), 1)
        region = replace(before.field("customer", "region"), label=Label("地区二", "Region"))
        await save(work, before, before.with_field("customer", region))

    await tenant.define(rename)

    rows = await tenant.read(
        lambda work: work.session.rows(
            sa.select(field_definition.c.name, field_definition.c.label_zh).where(field_definition.c.version > 1)
        )
    )
    untouched = await tenant.read(lambda work: work.session.scalar(sa.select(sa.func.max(object_definition.c.version))))
    assert [tuple(row) for row in rows] == [("region", "地区二")]
    assert untouched == 1


async def test_what_was_saved_is_what_is_read(tenant: Tenant) -> None:
    async def relabel(work: DefinitionWork) -> Snapshot:
        before = Snapshot(await definitions(work), 1)
        level = before.field("customer", "level")
        choices = tuple(replace(each, label=Label(each.key, each.key)) for each in level.choices)
        after = before.with_field("customer", replace(level, choices=choices))
        await save(work, before, after)
        return after

    after = await tenant.define(relabel)

    assert await tenant.read(definitions) == after.objects
