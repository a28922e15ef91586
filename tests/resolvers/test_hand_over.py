"""[B11] Hand-over over HTTP: looked at, asked for once, followed, taken back; and refused to everybody else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.builders.background import Cell
from tests.builders.records import create_one

if TYPE_CHECKING:
    from tenants.installation import Installation
    from tests.builders.tenants import Tenant
    from tests.clients import Client

Call = Callable[..., Awaitable["Client"]]

PREVIEW = """query ($input: HandOverPreviewInput!) {
  handOverPreview(input: $input) { rule objectName toUserId count dependants { objectName count } }
}"""
HAND_OVER = """mutation ($input: HandOverInput!) {
  handOver(input: $input) { clientMutationId handOverId jobId errors { path code } }
}"""
REVERSE = (
    "mutation ($input: ReverseHandOverInput!) { reverseHandOver(input: $input) { handOverId errors { path code } } }"
)
FOUND = """query ($id: ID!, $job: ID!) {
  handOver(id: $id) { state moved returned deactivates fromUser { name } requestedBy { name } }
  job(id: $job) { state progress total }
}"""


@pytest.fixture
async def cell(installation: Installation) -> Cell:
    (name,) = await installation.catalog.cells()
    found = Cell(installation, name)
    await found.clear()
    return found


def given(tenant: Tenant, **more: object) -> dict[str, Any]:  # Any: variables are JSON
    rule = {"toUserId": str(tenant.user_id("colleague"))}
    return {"fromUserId": str(tenant.user_id("sales")), "rules": [rule], **more}


async def test_a_hand_over_is_looked_at_done_and_taken_back(tenant: Tenant, cell: Cell, client_as: Call) -> None:
    made = await create_one(tenant, "customer", person="sales", name="远景")
    await create_one(tenant, "contact", person="sales", name="王", customerId=made)
    admin, colleague = await client_as("admin"), await client_as("colleague")
    owned = "{ customers { nodes { name owner { name } } } }"

    seen = await admin.data(PREVIEW, input=given(tenant))
    asked = [await admin.data(HAND_OVER, input=given(tenant, clientMutationId="1")) for _ in range(2)]
    await cell.drain()
    done = await admin.data(FOUND, id=asked[0]["handOver"]["handOverId"], job=asked[0]["handOver"]["jobId"])
    theirs = await colleague.data(owned)
    going_back = {"id": asked[0]["handOver"]["handOverId"], "clientMutationId": "2"}
    back, again = [await admin.data(REVERSE, input=going_back) for _ in range(2)]
    await cell.drain()

    to = str(tenant.user_id("colleague"))
    assert seen["handOverPreview"] == [
        {"rule": 0, "objectName": "contact", "toUserId": to, "count": 1, "dependants": []},
        {
            "rule": 0, "objectName": "customer", "toUserId": to, "count": 1,
            "dependants": [{"objectName": "contact", "count": 1}],
        },
    ]  # fmt: skip
    assert asked[0] == asked[1]
    assert (asked[0]["handOver"]["clientMutationId"], asked[0]["handOver"]["errors"]) == ("1", [])
    assert done == {
        "handOver": {
            "state": "done", "moved": "2", "returned": "0", "deactivates": False,
            "fromUser": {"name": "sales"}, "requestedBy": {"name": "admin"},
        },
        "job": {"state": "done", "progress": "2", "total": "2"},
    }  # fmt: skip
    assert theirs == {"customers": {"nodes": [{"name": "远景", "owner": {"name": "colleague"}}]}}
    assert back == again == {"reverseHandOver": {"handOverId": going_back["id"], "errors": []}}
    assert await colleague.data(owned) == {"customers": {"nodes": []}}


async def test_a_marked_object_is_counted_too(tenant: Tenant, client_as: Call) -> None:
    await create_one(tenant, "customer", person="sales", name="远景")
    admin = await client_as("admin")
    mark = "mutation ($input: UpdateObjectInput!) { updateObject(input: $input) { errors { code } } }"
    await admin.data(mark, input={"object": "customer", "auditReads": True})

    seen = await admin.data(PREVIEW, input=given(tenant))

    assert [(each["objectName"], each["count"]) for each in seen["handOverPreview"]] == [("customer", 1)]


async def test_what_is_wrong_is_said_in_the_payload(tenant: Tenant, client_as: Call) -> None:
    admin = await client_as("admin")
    rule = {"toUserId": str(tenant.user_id("sales"))}

    refused = await admin.data(HAND_OVER, input=given(tenant, rules=[rule]))
    malformed = await admin.data(HAND_OVER, input=given(tenant, fromUserId="x"))

    assert refused["handOver"]["errors"] == [{"path": ["rules", "0", "toUserId"], "code": "HAND_OVER_TO_ONESELF"}]
    assert malformed["handOver"]["errors"] == [{"path": ["fromUserId"], "code": "NOT_AN_ID"}]


@pytest.mark.parametrize(
    ("person", "code"), [("", "UNAUTHENTICATED"), ("sales", "FORBIDDEN"), ("director", "FORBIDDEN")]
)
async def test_nobody_else_hands_over(tenant: Tenant, client_as: Call, person: str, code: str) -> None:
    client = await client_as(person)

    for document, variables in (
        (PREVIEW, given(tenant)),
        (HAND_OVER, given(tenant)),
        (REVERSE, {"id": str(tenant.user_id("sales"))}),
    ):
        (error,) = await client.errors(document, input=variables)
        assert error["extensions"]["code"] == code
    assert (await (await client_as("admin")).data("{ handOvers { totalCount } }"))["handOvers"]["totalCount"] == 0
