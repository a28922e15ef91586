"""[A6 A11] A layout is written once for all: with its trace, and with what leads back to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from services import layouts, metadata
from tests.builders.change_sets import last_number

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


def arranged(*fields: str) -> Mapping[str, object]:
    return {"object": "product", "sections": [{"fields": [{"field": each} for each in fields]}]}


async def fields_of(tenant: Tenant, layout_id: UUID) -> list[str]:
    found = await tenant.read(lambda work: layouts.layouts_of(work, "product"), person="admin")
    return [
        placed.field for each in found if each.id == layout_id for section in each.sections for placed in section.fields
    ]


async def test_layout_is_put_back_to_what_it_was(company: Tenant) -> None:
    before = await last_number(company)
    layout_id = await company.define(lambda work: layouts.create_layout(work, arranged("name")), person="admin")
    await company.define(
        lambda work: layouts.update_layout(work, layout_id, arranged("name", "owner"), if_version=1), person="admin"
    )
    (changed,), (made,) = await company.read(lambda work: metadata.since(work, before))

    assert await company.define(lambda work: layouts.put_back(work, changed), person="admin") is True
    assert await fields_of(company, layout_id) == ["name"]
    assert await company.define(lambda work: layouts.put_back(work, made), person="admin") is True
    assert await fields_of(company, layout_id) == []
    assert await last_number(company) == before + 4
