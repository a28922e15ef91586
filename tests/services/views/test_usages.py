"""[A2 A6] Before a field changes, shared views that name it are told by name, and private ones by their number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.metadata import Subject
from services.views.usages import perhaps_naming
from tests.builders.metadata import registry_of
from tests.builders.usages import told_of
from tests.builders.views import keep

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.builders.tenants import Tenant
    from tests.clients import Client

    Person = Callable[[str], Awaitable[Client]]


async def test_views_that_name_a_field_are_told(company: Tenant, person: Person) -> None:
    admin, sales = await person("admin"), await person("sales")
    everybody = {"everybody": True}
    await keep(admin, "筛选", sharedWith=everybody, filter={"region": {"eq": "x"}})
    await keep(admin, "列", sharedWith=everybody, columns=[{"field": "region"}])
    await keep(
        admin, "隔着关系", object_name="contact", sharedWith=everybody, orderBy=[{"customer": {"region": "ASC"}}]
    )
    await keep(admin, "无关", sharedWith=everybody, columns=[{"field": "name"}])
    await keep(sales, "私有", groupBy=[{"region": True}])

    gone = [(each.kind, each.name, each.breaks) for each in await told_of(company, "customer", "region")]
    retyped = [
        (each.kind, each.name, each.breaks) for each in await told_of(company, "customer", "region", becomes="decimal")
    ]

    assert gone == [
        ("privateSavedView", "1", True), ("savedView", "列", True), ("savedView", "筛选", True), ("savedView", "隔着关系", True),
    ]  # fmt: skip
    assert retyped == [
        ("privateSavedView", "1", True), ("savedView", "列", False), ("savedView", "筛选", True), ("savedView", "隔着关系", True),
    ]  # fmt: skip


async def test_only_views_that_may_name_it_are_fetched(company: Tenant, person: Person) -> None:
    service = await person("service")
    await keep(service, "1", filter={"region": {"eq": "x"}})
    await keep(service, "2", columns=[{"field": "region"}])
    await keep(service, "3", columns=[{"field": "name"}])
    await keep(service, "4", object_name="contact", columns=[{"field": "customer.name"}])
    registry = await registry_of(company)

    async def fetched(object_name: str, field_name: str) -> list[str]:
        asked = perhaps_naming(Subject(registry, registry, object_name, field_name))
        rows = await company.read(lambda work: work.session.rows(asked))
        return sorted(row["name"] for row in rows if row["owner_id"] == company.user_id("service"))

    assert await fetched("customer", "region") == ["1", "2"]
    assert await fetched("customer", "regio") == []
    assert await fetched("customer", "") == ["1", "2", "3", "4"]
    assert await fetched("contact", "") == ["4"]
