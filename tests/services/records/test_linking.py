from __future__ import annotations

from typing import TYPE_CHECKING

from services import records
from tests.builders.records import create_one, history, stored

if TYPE_CHECKING:
    from tests.builders.tenants import Tenant


async def test_a_record_that_loses_two_links_at_once_is_written_once(tenant: Tenant) -> None:
    parent = await create_one(tenant, "contact", name="王芳")
    opportunity = await create_one(tenant, "opportunity", name="商机", contactId=parent)
    quote = await create_one(tenant, "quote", contactId=parent, opportunityId=opportunity)

    await tenant.write(lambda work: records.delete(work, "contact", [parent]))

    row = await stored(tenant, "quote", quote)
    assert (row["contact_id"], row["opportunity_id"], row["version"]) == (None, opportunity, 2)
    assert (await stored(tenant, "opportunity", opportunity))["contact_id"] is None


async def test_the_record_that_went_remembers_who_lost_it(tenant: Tenant) -> None:
    contact = await create_one(tenant, "contact", name="王芳")
    opportunity = await create_one(tenant, "opportunity", name="商机", contactId=contact)

    await tenant.write(lambda work: records.delete(work, "contact", [contact]))

    (_, (version, verb, changes)) = await history(tenant, contact)
    assert (version, verb) == (2, "deleted")
    assert changes == {"unlinked": [{"object": "opportunity", "field": "contact", "ids": [str(opportunity)]}]}


async def test_a_child_that_was_deleted_meanwhile_is_not_linked_again(tenant: Tenant) -> None:
    contact = await create_one(tenant, "contact", name="王芳")
    opportunity = await create_one(tenant, "opportunity", name="商机", contactId=contact)
    await tenant.write(lambda work: records.delete(work, "contact", [contact]))
    await tenant.write(lambda work: records.delete(work, "opportunity", [opportunity]))

    await tenant.write(lambda work: records.restore(work, "contact", [contact]))

    assert (await stored(tenant, "opportunity", opportunity))["contact_id"] is None
