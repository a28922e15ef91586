"""[A2] At the exchange masks, definitions and the order of the change move together; what is given up is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import asyncpg
import pytest
import sqlalchemy as sa

from schema.metadata.errors import ValuesNotUnique
from schema.tables.type_changes import TypeChangeState, type_change
from services.type_changes.settling import forget, unique_or_refused
from tests.builders.metadata import columns_of
from tests.builders.type_changes import add_value_field, change_type, definition_of

if TYPE_CHECKING:
    from tenants.context import DefinitionWork
    from tests.builders.tenants import Tenant


@pytest.mark.anyio
@pytest.mark.integration
async def test_column_of_before_is_kept_until_it_is_given_up(company: Tenant) -> None:
    await add_value_field(company, "kept", options={"search": True})
    before = (await definition_of(company, "kept_c")).column
    done = await change_type(company, "kept_c", "longText")
    kept = await columns_of(company, "customer")

    async def give_up(work: DefinitionWork) -> None:
        row = await work.session.row(sa.select(type_change).where(type_change.c.id == done.id))
        assert row is not None
        await forget(work, dict(row), TypeChangeState.DROPPED)

    await company.define(give_up)

    gone = await columns_of(company, "customer")
    assert kept.keys() - gone.keys() == {before, f"{before}_search", f"{before}_grams"}


@pytest.mark.anyio
async def test_index_that_meets_equal_values_is_a_refusal() -> None:
    with pytest.raises(ValuesNotUnique):
        async with unique_or_refused():
            raise asyncpg.UniqueViolationError
