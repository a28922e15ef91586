"""[A3 E7] An administrator has a derived field computed anew; a job does it and shows how far it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from schema.metadata.errors import UnknownField
from services import metadata
from services.metadata import RecalculateField
from services.metadata.errors import NotDerived
from tenants.errors import Forbidden
from tests.builders.derived import add, family, retire, spoil
from tests.builders.jobs import job_row
from tests.builders.metadata import stage_of

if TYPE_CHECKING:
    from services.metadata import Defined
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


async def recalculate(tenant: Tenant, object_name: str, name: str, *, person: str = "admin") -> Defined:
    return await tenant.define(lambda work: metadata.recalculate_field(work, object_name, name), person=person)


async def test_wrong_values_are_put_right_with_what_depends_on_them(company: Tenant) -> None:
    made = await family(company, "righted")
    await add(company, made.head, "sum", "rollUp", relation="lines_c", function="sum", field="number_c")
    await add(company, made.head, "half", "formula", expression="sum_c / 2")
    heads = [await made.new_head() for _ in range(3)]
    await made.new_lines(*({"headId_c": head, "number_c": 4} for head in heads))
    await spoil(company, made.head, "sum_c", heads[0], 99)
    await spoil(company, made.head, "half_c", heads[1], 99)

    asked = await recalculate(company, made.head, "sum_c")
    assert asked.job_id is not None
    message = RecalculateField(made.head, "sum_c", asked.job_id)
    await metadata.run_recalculation(stage_of(company), message)
    await metadata.run_recalculation(stage_of(company), message)

    assert [await made.value(head, "sum_c", "half_c", "version") for head in heads] == [(4, 2, 1)] * 3
    row = await job_row(company, asked.job_id)
    assert (row["kind"], row["state"], row["progress"], row["total"]) == ("metadata.recalculate_field", "done", 6, 6)


async def test_only_what_is_derived_is_computed_anew(company: Tenant) -> None:
    made = await family(company, "refused")
    await add(company, made.head, "next", "formula", expression="limit_c + 1")

    with pytest.raises(NotDerived):
        await recalculate(company, made.head, "limit_c")
    with pytest.raises(UnknownField):
        await recalculate(company, made.head, "absent_c")
    with pytest.raises(Forbidden):
        await recalculate(company, made.head, "next_c", person="sales")
    await retire(company, made.head, "next_c")
    with pytest.raises(UnknownField):
        await recalculate(company, made.head, "next_c")
