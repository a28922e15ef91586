"""[A2] Rows are filled page by page; a value that came back from where it began is what it was."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from schema.metadata.definitions import ObjectDefinition
from schema.metadata.fields import Label
from schema.metadata.values import Money
from services import metadata, records
from services.jobs import BEFORE_ALL
from services.type_changes import filling as fillings
from services.type_changes.filling import Filling
from services.type_changes.ways_back import StepBack
from tests.builders.type_changes import add_value_field, definition_of, sides_of, stored_values, write_customers

if TYPE_CHECKING:
    from tenants.context import DefinitionWork
    from tests.builders.tenants import Tenant

DEVICE = ObjectDefinition(UUID(int=1), 300, "device_c", "devices_c", "x_1", Label("设备"), Label("设备"))


async def customer(tenant: Tenant) -> ObjectDefinition:
    return next(each for each in await tenant.read(metadata.definitions) if each.name == "customer")


def test_value_that_nobody_changed_since_is_what_it_was() -> None:
    there = sides_of("integer", "text")
    back = Filling(DEVICE, there, (StepBack(sides_of("text", "integer"), there, there),))

    assert back.converted(1000, "1,000") == "1,000"
    assert back.converted(1001, "1,000") == "1001"
    assert back.converted(None, "about 5") == "about 5"
    assert back.converted(None, "1,000") is None
    assert back.converted(None, None) is None


def test_value_that_does_not_fit_is_nothing() -> None:
    filling = Filling(DEVICE, sides_of("multiChoice", "choice"))

    assert filling.converted(["inUse"]) == "inUse"
    assert filling.converted(["inUse", "scrapped"]) is None


def test_value_is_put_together_from_its_columns() -> None:
    assert fillings.value_of(Decimal(5), "CNY") == Money(Decimal(5), "CNY")
    assert fillings.value_of(Decimal(5), None) == Decimal(5)
    assert fillings.value_of(None, "CNY") is None


@pytest.mark.anyio
@pytest.mark.integration
async def test_pages_follow_each_other_and_what_was_written_since_is_found(company: Tenant) -> None:
    await add_value_field(company, "from")
    await add_value_field(company, "to", "integer")
    ids = await write_customers(company, "from_c", ["1", "x", None, "4"])
    source, target = await definition_of(company, "from_c"), await definition_of(company, "to_c")
    sides = replace(sides_of("text", "integer"), source=source, target=target)
    filling = Filling(await customer(company), sides)

    async def fill(work: DefinitionWork) -> tuple[int, object, int, dict[UUID, object]]:
        step = await fillings.step(work, filling, after=BEFORE_ALL)
        assert step is not None
        rest = await fillings.step(work, filling, after=step.last)
        rows = await fillings.unfit_rows(work, filling, most=10)
        return step.count, rest, await fillings.unfit(work, filling), rows

    async def written(work: DefinitionWork) -> set[UUID]:
        return set((await fillings.written_since(work, filling, work.now)).values())

    assert await company.define(fill) == (4, None, 1, {ids[1]: "x"})
    assert await stored_values(company, "to_c", ids) == [1, None, None, 4]
    assert await company.define(written) == set(ids)


@pytest.mark.anyio
@pytest.mark.integration
async def test_records_are_filled_again_with_what_they_hold_now(company: Tenant) -> None:
    await add_value_field(company, "again")
    await add_value_field(company, "onto", "integer", is_unique=True)
    ids = await write_customers(company, "again_c", ["1", "2", "3"])
    source, target = await definition_of(company, "again_c"), await definition_of(company, "onto_c")
    filling = Filling(await customer(company), replace(sides_of("text", "integer"), source=source, target=target))
    await company.define(lambda work: fillings.fill(work, filling))

    for record, value in ((ids[0], "9"), (ids[1], "1"), (ids[0], "2")):
        await company.write(partial(records.update, object_name="customer", ids=[record], changes={"again_c": value}))
    await company.define(lambda work: fillings.again(work, filling, ids))

    assert await stored_values(company, "onto_c", ids) == [2, 1, 3]
