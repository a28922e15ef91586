"""[G2] What the write path looks at before it lets a decided record move; the stories are in the tests of the actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from services import permissions, records
from services.permissions import Verb
from services.records import decided
from services.records.targets import open_target
from tests.builders.records import create, create_one, stored, update

if TYPE_CHECKING:
    from services.records.targets import Target
    from tests.builders.tenants import Tenant


async def target_of(tenant: Tenant, object_name: str, *, person: str) -> Target:
    return await tenant.write(lambda work: open_target(work, object_name, Verb.UPDATE), person=person)


@pytest.mark.parametrize(
    ("object_name", "names", "looked_at"),
    [
        ("quote", {"total"}, {"status"}),
        ("quote", {"name", "owner"}, set()),
        ("quote", {"status"}, {"status"}),
        ("quoteLine", {"quantity"}, {"quote"}),
        ("quoteLine", {"owner"}, set()),
        ("orderLine", {"quantity"}, set()),
    ],
)
async def test_only_what_decides_is_looked_at(
    shared_tenant: Tenant, object_name: str, names: set[str], looked_at: set[str]
) -> None:
    target = await target_of(shared_tenant, object_name, person="sales")

    assert set(decided.looked_at(target, names)) == looked_at


async def test_nothing_is_looked_at_for_who_has_the_action(shared_tenant: Tenant) -> None:
    target = await target_of(shared_tenant, "quoteLine", person="manager")

    assert list(decided.looked_at(target, {"quantity"})) == []


async def test_one_decided_record_refuses_the_whole_set(company: Tenant) -> None:
    won, open_one = await create(company, "opportunity", {"name": "甲"}, {"name": "乙"}, person="sales")
    await update(company, "opportunity", won, stage="won")

    with pytest.raises(permissions.ActionNotAllowed) as refused:
        await company.write(
            lambda work: records.update(work, "opportunity", [open_one, won], {"probability": "5"}), person="sales"
        )

    assert refused.value.details == {"action": "opportunity.reopen"}


async def test_who_owns_a_line_may_change_while_its_quote_is_decided(company: Tenant) -> None:
    quote = await create_one(company, "quote", person="sales")
    line = await create_one(company, "quoteLine", quoteId=quote, person="sales")
    await update(company, "quote", quote, status="approved")

    await update(company, "quoteLine", line, person="manager", ownerId=company.user_id("manager"))

    assert (await stored(company, "quote_line", line))["owner_id"] == company.user_id("manager")
