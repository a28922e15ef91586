"""[A3] Roll-ups of a shape: whose many side they look at, and by which fields they move."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from services import metadata
from tests.builders.derived import add, family
from tests.builders.metadata import registry_of

if TYPE_CHECKING:
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


async def test_roll_up_is_found_from_both_sides_and_says_what_moves_it(company: Tenant) -> None:
    made = await family(company, "sides")
    await add(company, made.head, "n", "rollUp", relation="lines_c", function="count")
    await add(
        company, made.head, "s", "rollUp", relation="lines_c", function="sum", field="amount_c", filter=" done_c "
    )
    shape = (await registry_of(company)).shape

    over = metadata.roll_ups_over(shape, made.line)

    assert {each.field.name: sorted(each.watched) for each in over} == {
        "n_c": ["head_c"],
        "s_c": ["amount_c", "done_c", "head_c"],
    }
    assert {each.field.name for each in metadata.roll_ups_of(shape, made.head)} == {"n_c", "s_c"}
    assert (metadata.roll_ups_over(shape, made.head), metadata.roll_ups_of(shape, made.line)) == ((), ())


@pytest.mark.parametrize(
    ("function", "name", "result"),
    [
        ("count", None, "integer"),
        ("sum", "number_c", "integer"),
        ("avg", "number_c", "decimal"),
        ("avg", "amount_c", "currency"),
        ("max", "day_c", "date"),
    ],
)
async def test_result_follows_from_function_and_field(
    company: Tenant, function: str, name: str | None, result: str
) -> None:
    made = await family(company, f"result{function}{name or ''}".removesuffix("_c"))
    await add(company, made.head, "r", "rollUp", relation="lines_c", function=function, field=name)
    found = (await registry_of(company)).shape.field(made.head, "r_c")

    assert found is not None
    assert (found.option("result"), found.option("filter")) == (result, None)
