"""A unique rule over values that are not unique is refused at the step that asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from services import records
from tests.builders.change_sets import add_field, published, rehearsed

if TYPE_CHECKING:
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


async def test_repeated_values_are_told_before_anything_is_built(company: Tenant) -> None:
    await published(company, add_field("customer", "serial"))
    given = [{"name": f"serial {each}", "serial_c": "same"} for each in range(2)]
    await company.write(lambda work: records.create(work, "customer", given), person="admin")

    found = await rehearsed(
        company,
        [{"updateField": {"object": "customer", "field": "serial_c", "unique": True}}, add_field("lead", "serial")],
    )

    assert [(each.path, each.fault.code) for each in found.violations] == [
        (("steps", 0, "updateField"), "VALUES_NOT_UNIQUE")
    ]
