"""[A2 B2] Which roles and rules name a field is told, their operands are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from services import metadata
from tests.builders.mutations import mutate
from tests.builders.type_changes import add_value_field

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.builders.tenants import Tenant
    from tests.clients import Client

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


async def test_levels_restrictions_and_conditions_of_a_field(
    company: Tenant, person: Callable[[str], Awaitable[Client]]
) -> None:
    admin = await person("admin")
    await add_value_field(company, "named")
    role = (await admin.data('{ roles(filter: {name: {eq: "sales"}}) { nodes { id } } }'))["roles"]["nodes"][0]["id"]
    given = {"roleId": role, "object": "customer"}
    await mutate(admin, "setFieldPermission", **given, field="named_c", level="masked")
    await mutate(admin, "restrictRole", **given, field="named_c", level="read")
    await mutate(admin, "openRecords", **given, reach="read", filter={"named_c": {"eq": "secret word"}})

    field = await company.read(lambda work: metadata.impact_of(work, "customer", "named_c"), person="admin")
    other = await company.read(lambda work: metadata.impact_of(work, "customer", "region"), person="admin")

    assert [(each.kind, each.name, each.breaks) for each in field.usages] == [
        ("openedRecords", "sales", True), ("permission", "sales", True), ("restriction", "sales", True),
    ]  # fmt: skip
    assert [each for each in other.usages if each.name == "sales"] == []
    assert "secret word" not in str(field)
