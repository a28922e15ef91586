"""Verbs over gathered definitions: each sees the one before it, and the database sees none of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from schema.metadata.fields import Label
from services import metadata
from services.metadata import FieldDraft, gather, has_columns
from tests.builders.change_sets import snapshot_of

if TYPE_CHECKING:
    from tenants.context import ReadWork
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


async def test_what_is_gathered_is_seen_by_whoever_gathers_alone(company: Tenant) -> None:
    before = await snapshot_of(company)

    async def rehearse(work: ReadWork) -> tuple[bool, bool]:
        gathering = gather(work, before, rehearses=True)
        await metadata.add_field(gathering, "customer", FieldDraft(Label("码"), "text", "code", required=True))
        seen = (await metadata.registry(gathering)).shape.field("customer", "code_c") is not None
        live = (await metadata.registry(work)).shape.field("customer", "code_c") is not None
        return seen, live

    # Only reads are allowed in it.
    assert await company.read(rehearse, person="admin") == (True, False)
    assert (await snapshot_of(company)).objects == before.objects


async def test_columns_stand_once_they_are_made(company: Tenant) -> None:
    before = await snapshot_of(company)
    region = before.field("customer", "region").column

    async def look(work: ReadWork) -> list[bool]:
        gathering = gather(work, before, rehearses=True)
        return [
            has_columns(gathering, "customer", [region, "owner_id"]),
            has_columns(gathering, "customer", ["f_nowhere"]),
            has_columns(gathering, "x_nowhere", []),
            has_columns(work, "x_nowhere", ["f_nowhere"]),
            gathering.gathered.stands("customer"),
        ]

    assert await company.read(look) == [True, False, False, True, True]
