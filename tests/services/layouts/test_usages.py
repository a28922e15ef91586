"""[A2 A6] Before a field changes, the layouts that place it, or look at it in a condition, are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.builders.layouts import arrange, section
from tests.builders.usages import told_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.builders.tenants import Tenant
    from tests.clients import Client

    Person = Callable[[str], Awaitable[Client]]


async def test_layouts_that_name_a_field_are_told(company: Tenant, person: Person) -> None:
    admin = await person("admin")
    await arrange(admin, "customer", section("列", "region"))
    await arrange(
        admin, "customer", section("看", "name", visibleIf="region == 'x'"), stageField="status", stage="lost"
    )
    await arrange(admin, "contact", section("隔", "name", visibleIf="customer.region == 'x'"))
    await arrange(admin, "lead", section("无关", "name"))

    gone = [(each.kind, each.name, each.breaks) for each in await told_of(company, "customer", "region")]
    retyped = [
        (each.kind, each.name, each.breaks) for each in await told_of(company, "customer", "region", becomes="decimal")
    ]
    stage = [(each.name, each.breaks) for each in await told_of(company, "customer", "status", becomes="text")]

    assert gone == [("layout", "contact", True), ("layout", "customer", True), ("layout", "customer lost", True)]
    assert retyped == [("layout", "contact", True), ("layout", "customer", False), ("layout", "customer lost", True)]
    assert stage == [("customer lost", True)]
