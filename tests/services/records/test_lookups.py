"""[A4] What a rule looks at behind relations stands in the place of their ids, for all records by one statement each."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from schema.metadata.values import Money
from services import expressions, records
from services.permissions import Verb
from services.records import lookups
from services.records.targets import open_target
from tests.builders import records as written

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tenants.context import Work
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


async def with_related(
    tenant: Tenant, given: Sequence[Mapping[str, object]], *texts: str, person: str = ""
) -> Sequence[Mapping[str, object]]:
    async def found(work: Work) -> Sequence[Mapping[str, object]]:
        target = await open_target(work, "contact", Verb.CREATE)
        nodes = [expressions.check(target.registry, "contact", text) for text in texts]
        return await lookups.with_related(target, nodes, given)

    return await tenant.write(found, person=person)


async def test_records_behind_relations_stand_in_their_places(company: Tenant) -> None:
    sales = company.user_id("sales")
    customer = await written.create_one(company, "customer", name="云启", region="华东", ownerId=sales)
    other = await written.create_one(company, "customer", name="海蓝")

    found = await with_related(
        company,
        [{"customer": customer}, {"customer": other}, {"customer": None}, {}],
        "customer.region == 'x' || customer.owner.name == 'y'",
        "customer.owner == currentUser()",
    )

    assert found == [
        {"customer": {"id": customer, "region": "华东", "owner": {"id": sales, "name": "sales"}}},
        {"customer": {"id": other, "region": None, "owner": {"id": None, "name": None}}},
        {"customer": None},
        {},
    ]


async def test_whoever_writes_the_record_behind_is_there_and_one_in_the_bin_is_not(company: Tenant) -> None:
    hidden = await written.create_one(company, "customer", name="别人的", ownerId=company.user_id("stranger"))
    gone = await written.create_one(company, "customer", name="已删除")
    await company.write(lambda work: records.delete(work, "customer", [gone]))

    found = await with_related(
        company, [{"customer": hidden}, {"customer": gone}], "customer.name != null", person="sales"
    )

    assert found == [{"customer": {"id": hidden, "name": "别人的"}}, {"customer": None}]


async def test_relation_that_leads_no_further_stays_an_id(company: Tenant) -> None:
    customer = await written.create_one(company, "customer", name="只是编号")

    assert await with_related(company, [{"customer": customer}], "customer != null") == [{"customer": customer}]


async def test_money_behind_a_relation_is_money(company: Tenant) -> None:
    deal = await written.create_one(company, "opportunity", name="单", amount={"amount": "12.50", "currency": "USD"})
    bare = await written.create_one(company, "opportunity", name="空")

    async def found(work: Work) -> Sequence[Mapping[str, object]]:
        target = await open_target(work, "quote", Verb.CREATE)
        node = expressions.check(target.registry, "quote", "opportunity.amount > money(1, 'USD')")
        return await lookups.with_related(target, [node], [{"opportunity": deal}, {"opportunity": bare}])

    assert await company.write(found) == [
        {"opportunity": {"id": deal, "amount": Money(Decimal("12.5000"), "USD")}},
        {"opportunity": {"id": bare, "amount": None}},
    ]
