"""[G2] What one may do with a record one may not do with a thousand, nor give to anybody: rights of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.builders.mutations import mutate, refusal
from tests.builders.roles import customer, role_id

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.builders.tenants import Tenant
    from tests.clients import Client

    ClientAs = Callable[..., Awaitable[Client]]


async def test_sets_are_changed_by_those_who_may_change_sets(client_as: ClientAs) -> None:
    admin, sales = await client_as("admin"), await client_as("sales")
    ids = [await customer(sales, name=name) for name in ("a", "b")]
    about = {"roleId": await role_id(admin, "sales"), "object": "*"}
    both = {"ids": ids, "set": {"region": "north"}}

    done = await mutate(sales, "updateCustomers", "count", **both)
    await mutate(admin, "setObjectPermission", **about, bulk=None)
    refused = [
        await refusal(sales, name, **given)
        for name, given in (
            ("updateCustomers", both),
            ("updateCustomers", {"filter": {"region": {"eq": "north"}}, "set": {"region": "east"}}),
            ("deleteCustomers", {"ids": ids}),
            ("restoreCustomers", {"ids": ids}),
            ("upsertCustomers", {"records": [{"name": "a", "region": "west"}, {"name": "c"}], "by": "name"}),
        )
    ]

    assert done == {"count": 2, "errors": []}
    assert refused == [("BULK_NOT_ALLOWED", ["done"])] * 5
    one = await mutate(sales, "updateCustomer", "customer { region }", id=ids[0], set={"region": "east"})
    assert one == {"customer": {"region": "east"}, "errors": []}
    created = await mutate(sales, "upsertCustomers", "count", records=[{"name": "c"}, {"name": "d"}], by="name")
    assert created == {"count": 2, "errors": []}


async def test_records_are_given_to_whom_assignment_reaches(tenant: Tenant, client_as: ClientAs) -> None:
    admin, sales = await client_as("admin"), await client_as("sales")
    record = await customer(sales, name="a")
    about = {"roleId": await role_id(admin, "sales"), "object": "*"}
    hand_over = [{"id": record, "set": {"ownerId": str(tenant.user_id(each))}} for each in ("stranger", "colleague")]

    answers = []
    for scope in ("none", "department", "all"):
        await mutate(admin, "setObjectPermission", **about, assign=scope)
        for given in hand_over:
            answers.append((await mutate(sales, "updateCustomer", **given))["errors"])
            await mutate(admin, "updateCustomer", id=record, set={"ownerId": str(tenant.user_id("sales"))})

    out = [{"path": ["set", "ownerId"], "code": "OWNER_OUT_OF_SCOPE"}]
    assert answers == [out, out, out, [], [], []]
