"""Many verbs become one change: one new version, and statements for what they come to in the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from schema.metadata.fields import FieldState, Label
from services import metadata
from services.metadata import FieldDraft, ObjectDraft
from tests.builders.change_sets import snapshot_of
from tests.builders.metadata import columns_of, indexes_of

if TYPE_CHECKING:
    from tenants.context import DefinitionWork
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


async def test_gathered_verbs_are_one_change(company: Tenant) -> None:
    async def two(work: DefinitionWork) -> int:
        gathering = metadata.gather(work, await metadata.opened(work), rehearses=False)
        await metadata.create_object(gathering, ObjectDraft(Label("车"), name="car"))
        await metadata.add_field(gathering, "car_c", FieldDraft(Label("号"), "text", "plate"))
        await metadata.carry_out(gathering)
        return work.versions.metadata

    version = await company.define(two, person="admin")
    after = await snapshot_of(company)

    assert after.version == version + 1
    plate = after.field("car_c", "plate_c")
    assert (await columns_of(company, after.by_name["car_c"].table))[plate.column] == "text"


async def test_object_that_is_made_and_retired_at_once_can_come_back(company: Tenant) -> None:
    async def hide(work: DefinitionWork) -> None:
        gathering = metadata.gather(work, await metadata.opened(work), rehearses=False)
        draft = FieldDraft(Label("号"), "text", "plate")
        await metadata.create_object(gathering, ObjectDraft(Label("船"), name="ship", fields=(draft,)))
        await metadata.retire_object(gathering, "ship_c")
        await metadata.carry_out(gathering)

    await company.define(hide, person="admin")
    await company.define(lambda work: metadata.restore_object(work, "ship_c"), person="admin")

    found = (await snapshot_of(company)).field("ship_c", "plate_c")
    assert found.field.state is FieldState.LIVE


async def test_object_that_comes_back_without_an_index_has_none(company: Tenant) -> None:
    draft = ObjectDraft(Label("桥"), name="bridge", fields=(FieldDraft(Label("号"), "text", "plate", is_indexed=True),))
    await company.define(lambda work: metadata.create_object(work, draft), person="admin")
    table = (await snapshot_of(company)).by_name["bridge_c"].table
    before = await indexes_of(company, table)
    await company.define(lambda work: metadata.retire_object(work, "bridge_c"), person="admin")

    async def bring_back(work: DefinitionWork) -> None:
        gathering = metadata.gather(work, await metadata.opened(work), rehearses=False)
        await metadata.restore_object(gathering, "bridge_c")
        await metadata.retire_field(gathering, "bridge_c", "plate_c")
        await metadata.carry_out(gathering)

    await company.define(bring_back, person="admin")

    column = (await snapshot_of(company)).field("bridge_c", "plate_c").column
    assert [each for each in before if column in each] != []
    assert [each for each in await indexes_of(company, table) if column in each] == []
