"""[A2 B2] A preview counts everything and shows only what the caller may see, as he may see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from services import records, type_changes
from services.query import FieldNotReadable
from services.type_changes import Example, Preview, TypeDraft
from tests.builders.permissions import restrict_field
from tests.builders.type_changes import add_value_field, change_type, definition_of, stored_values, write_customers

if TYPE_CHECKING:
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


async def preview(tenant: Tenant, field: str, type_name: str) -> Preview:
    return await tenant.write(
        lambda work: type_changes.preview(work, "customer", field, TypeDraft(type_name)), person="admin"
    )


async def test_counts_are_of_all_records_and_examples_of_live_ones(company: Tenant) -> None:
    await add_value_field(company, "room", options={"pattern": ".+", "default": "1"})
    ids = await write_customers(company, "room_c", ["1", "first", "second", "second", None, "7"])
    await company.write(lambda work: records.delete(work, "customer", ids[1:2]), person="admin")
    before = await definition_of(company, "room_c")

    seen = await preview(company, "room_c", "integer")

    shown = {each.record_id: (each.value, each.code) for each in seen.examples}
    assert (seen.fits, seen.unfit, seen.empty, seen.is_exact) == (2, 3, 1, True)
    assert list(shown.values()) == [("second", "WRONG_TYPE")]
    assert set(shown) <= {str(ids[2]), str(ids[3])}
    assert (seen.choices, seen.dropped_options) == ((), ("pattern",))
    assert await definition_of(company, "room_c") == before
    assert await stored_values(company, "room_c", ids[:2]) == ["1", "first"]


async def test_example_of_money_is_written_out(company: Tenant) -> None:
    await add_value_field(company, "fee", "currency")
    (one,) = await write_customers(company, "fee_c", [{"amount": "5", "currency": "USD"}])

    seen = await preview(company, "fee_c", "decimal")

    assert seen.examples == (Example(str(one), '{"amount": "5", "currency": "USD"}', "OTHER_CURRENCY"),)


@pytest.mark.parametrize("level", ["masked", "none"])
async def test_what_values_come_to_is_counted_for_nobody_who_may_not_read_them(company: Tenant, level: str) -> None:
    field = f"{level}Value"
    await add_value_field(company, field)
    await write_customers(company, f"{field}_c", ["abcdef"])
    await restrict_field(company, "admin", "customer", f"{field}_c", level)

    with pytest.raises(FieldNotReadable):
        await preview(company, f"{field}_c", "integer")
    with pytest.raises(FieldNotReadable):
        await change_type(company, f"{field}_c", "integer")
    with pytest.raises(FieldNotReadable):
        await change_type(company, f"{field}_c", "integer", clears=True)
    assert (await definition_of(company, f"{field}_c")).field.type_name == "text"
