"""[A2] Titles, unique rules and relations are told as usages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from services import metadata
from services.metadata import Usage
from tests.builders.derived import define, field
from tests.builders.metadata import registry_of

if TYPE_CHECKING:
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]
KINDS = frozenset({"relation", "titleField", "uniqueRule"})


async def told(tenant: Tenant, object_name: str, field_name: str | None = None) -> list[Usage]:
    found = await tenant.read(lambda work: metadata.impact_of(work, object_name, field_name), person="admin")
    return [each for each in found.usages if each.kind in KINDS]


async def test_field_that_stands_for_records_and_is_unique(shared_tenant: Tenant) -> None:
    assert await told(shared_tenant, "customer", "name") == [
        Usage("titleField", "customer", breaks=True), Usage("uniqueRule", "name", breaks=True),
    ]  # fmt: skip
    assert await told(shared_tenant, "customer", "region") == []


async def test_object_that_others_point_at(shared_tenant: Tenant) -> None:
    inverses = (await registry_of(shared_tenant)).shape.objects["customer"].inverses
    wanted = sorted(f"{each.object_name}.{each.field_name}" for each in inverses if each.object_name != "customer")

    found = await told(shared_tenant, "customer")

    assert [(each.kind, each.name, each.breaks) for each in found] == [("relation", name, True) for name in wanted]


async def test_links_are_told_by_the_field_that_has_them(tenant: Tenant) -> None:
    bench = await define(
        tenant, "bench", field("code", "text"), field("crew", "relations", target="user", inverse_name="benches")
    )
    await define(tenant, "tool", field("uses", "relations", target=bench, inverse_name="tools"))

    assert [each.name for each in await told(tenant, bench) if each.kind == "relation"] == ["tool_c.uses_c"]
