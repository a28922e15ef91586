"""What one transaction goes over, and what a job does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from services.metadata import MOST_ROWS_AT_ONCE, gather, is_long
from tests.builders.change_sets import snapshot_of
from tests.builders.metadata import fill_customers

if TYPE_CHECKING:
    from tenants.context import ReadWork
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


async def test_table_is_long_beyond_what_one_transaction_goes_over(company: Tenant) -> None:
    await fill_customers(company, MOST_ROWS_AT_ONCE)
    at_most = await company.read(lambda work: is_long(work, "customer"))
    await fill_customers(company, 1, name="One more ")

    assert (at_most, await company.read(lambda work: is_long(work, "customer"))) == (False, True)


async def test_table_that_is_only_gathered_holds_nothing(company: Tenant) -> None:
    before = await snapshot_of(company)

    async def look(work: ReadWork) -> bool:
        return await is_long(gather(work, before, rehearses=True), "x_nowhere")

    assert await company.read(look) is False
