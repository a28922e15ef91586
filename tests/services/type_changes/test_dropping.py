"""[A2] After the time of grace a change of type keeps nothing and cannot be undone."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from schema.tables.type_changes import type_change
from services import type_changes
from services.type_changes.errors import NothingToUndo
from tests.builders.metadata import columns_of
from tests.builders.type_changes import add_value_field, change_type, definition_of, undo

if TYPE_CHECKING:
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


async def test_old_column_goes_when_its_time_is_over(company: Tenant) -> None:
    await add_value_field(company, "passing")
    old = (await definition_of(company, "passing_c")).column
    done = await change_type(company, "passing_c", "longText")
    early = await company.read(type_changes.are_due)
    await company.define(
        lambda work: work.session.execute(
            sa.update(type_change).where(type_change.c.id == done.id).values(kept_until=work.now - timedelta(seconds=1))
        )
    )

    due = await company.read(type_changes.are_due)
    dropped = await company.define(type_changes.drop_due)
    again = await company.define(type_changes.drop_due)

    assert (early, due, dropped, again) == (False, True, 1, 0)
    assert old not in await columns_of(company, "customer")
    with pytest.raises(NothingToUndo):
        await undo(company, "passing_c")
