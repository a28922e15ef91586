from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from schema.metadata.fields import Label
from services import metadata, records
from services.metadata import FieldDraft, ObjectDraft
from services.permissions import Verb
from services.records import locks, removal
from services.records.errors import TooManyRecords
from services.records.locks import Wanted
from services.records.statements import Life
from services.records.targets import open_target
from tests.builders.records import create, create_one, refused, stored

if TYPE_CHECKING:
    from uuid import UUID

    from services.records.removal import Removal
    from tenants.context import Work
    from tests.builders.tenants import Tenant


async def gather(tenant: Tenant, object_name: str, *ids: UUID) -> Removal:
    async def run(work: Work) -> Removal:
        target = await open_target(work, object_name, Verb.DELETE)
        locked = await locks.lock(target, ids, (), Wanted(key_too=True))
        return await removal.gather(target, tuple(locked.values()), Life.LIVE)

    return await tenant.write(run)


async def test_what_goes_along_belongs_to_the_record_that_took_it(tenant: Tenant) -> None:
    first, second = await create(tenant, "customer", {"name": "甲"}, {"name": "乙"})
    quote = await create_one(tenant, "quote", customerId=first)
    line = await create_one(tenant, "quoteLine", quoteId=quote, quantity="1", unitPrice={"amount": "1"})

    going = await gather(tenant, "customer", first, second)

    assert going.roots == {first: first, second: second, quote: first, line: first}
    assert {name: set(found) for name, found in going.records.items() if found} == {
        "customer": {first, second},
        "quote": {quote},
        "quoteLine": {line},
    }


async def test_a_link_within_what_goes_is_no_loose_link(tenant: Tenant) -> None:
    parent = await create_one(tenant, "customer", name="甲")
    child = await create_one(tenant, "customer", name="乙", parentId=parent)

    assert [link.record.id for link in (await gather(tenant, "customer", parent)).loose_links()] == [child]
    assert (await gather(tenant, "customer", parent, child)).loose_links() == []


async def test_a_restriction_names_the_record_that_it_keeps(tenant: Tenant) -> None:
    free, kept = await create(tenant, "customer", {"name": "甲"}, {"name": "乙"})
    await create_one(tenant, "contract", name="合同", customerId=kept)

    attempt = tenant.write(lambda work: records.delete(work, "customer", [free, kept]))

    assert await refused(attempt) == [((1,), "DELETION_RESTRICTED")]


async def test_more_than_a_set_may_hold_does_not_go_at_once(tenant: Tenant) -> None:
    customer = await create_one(tenant, "customer", name="甲")
    await create(tenant, "contact", *({"name": "王芳", "customerId": customer} for _ in range(1000)))

    with pytest.raises(TooManyRecords):
        await tenant.write(lambda work: records.delete(work, "customer", [customer]))
    assert (await stored(tenant, "customer", customer))["deleted_at"] is None


async def test_relations_that_cascade_in_a_circle_come_to_an_end(tenant: Tenant) -> None:
    ring = await tenant.define(
        lambda work: metadata.create_object(work, ObjectDraft(Label("环"), name="ring")), person="admin"
    )
    cascading = FieldDraft(Label("上级"), "relation", name="above", target=ring.object_name, delete_rule="cascade")
    await tenant.define(lambda work: metadata.add_field(work, ring.object_name, cascading), person="admin")
    first = await create_one(tenant, ring.object_name)
    second = await create_one(tenant, ring.object_name, aboveId_c=str(first))
    await tenant.write(lambda work: records.update(work, ring.object_name, [first], {"aboveId_c": str(second)}))

    going = await gather(tenant, ring.object_name, first)

    assert going.roots == {first: first, second: first}
