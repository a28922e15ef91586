"""[G7] Audit over HTTP: searched by who, what and where, and exported under the same permission."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from tests.builders.background import link_entries
from tests.builders.records import create_one

if TYPE_CHECKING:
    from tests.builders.tenants import Tenant
    from tests.clients import Client

Call = Callable[..., Awaitable["Client"]]

ENTRIES = """query ($filter: AuditEntryFilter, $after: String) {
  auditEntries(filter: $filter, first: 1, after: $after, orderBy: [{createdAt: DESC}]) {
    totalCount pageInfo { endCursor hasNextPage } nodes { action principalId recordId address agent requestId details }
  }
}"""
EXPORT = """mutation ($input: ExportAuditEntriesInput!) {
  exportAuditEntries(input: $input) { clientMutationId text count isComplete lastSeq errors { path code } }
}"""


async def test_entries_are_searched_and_paged(tenant: Tenant, client_as: Call) -> None:
    sales, admin = await client_as("sales"), await client_as("admin")
    created = 'mutation { createCustomer(input: {record: {name: "远景"}}) { customer { id } } }'
    answer = await sales.post({"query": created}, headers={"User-Agent": "forms/2", "X-Request-Id": "request-of-sales"})
    customer = answer.json()["data"]["createCustomer"]["customer"]["id"]
    await sales.data('mutation ($id: ID!) { updateCustomer(input: {id: $id, set: {level: "a"}}) { errors { code } } }',
                     id=customer)  # fmt: skip
    await link_entries(tenant)
    by_sales = {"principalId": {"eq": str(tenant.user_id("sales"))}, "objectName": {"eq": "customer"}}

    first = (await admin.data(ENTRIES, filter=by_sales))["auditEntries"]
    rest = (await admin.data(ENTRIES, filter=by_sales, after=first["pageInfo"]["endCursor"]))["auditEntries"]
    of_record = await admin.data(ENTRIES, filter={"recordId": {"eq": customer}, "action": {"in": ["customer.created"]}})

    assert (first["totalCount"], first["pageInfo"]["hasNextPage"]) == (2, True)
    assert (first["nodes"][0]["action"], first["nodes"][0]["details"]) == (
        "customer.updated", {"changes": {"level": [None, "a"]}},
    )  # fmt: skip
    (entry,) = rest["nodes"]
    assert (entry["action"], entry["recordId"], entry["agent"], entry["requestId"]) == (
        "customer.created", customer, "forms/2", "request-of-sales",
    )  # fmt: skip
    assert [each["action"] for each in of_record["auditEntries"]["nodes"]] == ["customer.created"]


async def test_what_is_found_is_exported(tenant: Tenant, client_as: Call) -> None:
    made = await create_one(tenant, "customer", person="sales", name="远景")
    await link_entries(tenant)
    admin = await client_as("admin")
    asked = {"format": "JSONL", "recordId": str(made), "since": "2020-01-01T00:00:00Z", "clientMutationId": "1"}

    (payload, again) = [(await admin.data(EXPORT, input=asked))["exportAuditEntries"] for _ in range(2)]

    (line,) = payload["text"].splitlines()
    assert (json.loads(line)["action"], json.loads(line)["recordId"]) == ("customer.created", str(made))
    assert (payload["count"], payload["isComplete"], payload["errors"]) == (1, True, [])
    assert again == payload


async def test_nobody_else_exports(client_as: Call) -> None:
    for person, code in (
        ("", "UNAUTHENTICATED"),
        ("sales", "OBJECT_NOT_READABLE"),
        ("director", "OBJECT_NOT_READABLE"),
    ):
        (error,) = await (await client_as(person)).errors(EXPORT, input={"format": "CSV"})
        assert error["extensions"]["code"] == code
