"""A traced request: its steps down to the statements, with opaque names and numbers, and nothing that anybody wrote."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from app import create_app
from tenants.settings import TracingSettings
from tests.builders.collector import collecting, told
from tests.clients import Client, http_for

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tenants.settings import Settings
    from tests.builders.collector import Collected
    from tests.builders.tenants import Tenant

pytestmark = pytest.mark.integration

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
TRACED, NOT_TRACED = f"00-{TRACE}-00f067aa0ba902b7-01", f"00-{TRACE}-00f067aa0ba902b7-00"
SECRET = "深海保密客户"


@asynccontextmanager
async def serving(settings: Settings, tenant: Tenant, collected: Collected, ratio: float) -> AsyncIterator[Client]:
    tracing = TracingSettings(collected.endpoint, ratio)
    application = create_app(replace(settings, tracing=tracing))
    async with application.router.lifespan_context(application), http_for(application, tenant.placement.slug) as http:
        yield Client(http, await tenant.token("admin"))


async def ask(client: Client, query: str, traceparent: str = "", **variables: str) -> None:
    headers = {"authorization": f"Bearer {client.token}", "x-request-id": "the-request"}
    given = headers | ({"traceparent": traceparent} if traceparent else {})
    answer = await client.http.post("/graphql", json={"query": query, "variables": variables}, headers=given)
    assert answer.status_code == 200


READ = f'query ($n: String) {{ a: customers(filter: {{name: {{eq: $n}}}}) {{ nodes {{ id }} }} b: customers(search: "{SECRET}") {{ totalCount }} }}'


async def test_a_read_is_traced_down_to_its_statement(settings: Settings, shared_tenant: Tenant) -> None:
    with collecting() as collected:
        async with serving(settings, shared_tenant, collected, 0.5) as client:
            # What a process needs to know of a tenant is known then.
            await ask(client, READ, NOT_TRACED, n=SECRET)
            await ask(client, READ, TRACED, n=SECRET)

    spans = collected.spans
    assert [each["name"] for each in spans] == ["preparation", "statement", "operation", "request"]
    preparation, statement, operation, request = spans
    assert {each["traceId"] for each in spans} == {TRACE}
    assert request["parentSpanId"] == "00f067aa0ba902b7"
    assert [each["parentSpanId"] for each in (preparation, operation)] == [request["spanId"]] * 2
    assert statement["parentSpanId"] == operation["spanId"]
    assert told(request) == {
        "http.request.method": "POST",
        "http.response.status_code": "200",
        "kezhi.code": "OK",
        "kezhi.request_id": "the-request",
        "kezhi.tenant": shared_tenant.placement.schema,
    }
    assert told(operation).keys() == {"graphql.operation.type", "kezhi.document", "kezhi.cost", "kezhi.bytes"}
    assert told(statement) == {"db.system.name": "postgresql"}


async def test_nothing_that_anybody_wrote_leaves_with_a_trace(settings: Settings, tenant: Tenant) -> None:
    create = "mutation ($n: String!) { createCustomer(input: {record: {name: $n}}) { customer { id name } errors { message } } }"
    with collecting() as collected:
        async with serving(settings, tenant, collected, 1.0) as client:
            await ask(client, create, n=SECRET)
            await ask(client, create, n=SECRET)
            await ask(client, READ, n=SECRET)
            await ask(client, f'{{ {SECRET} customers(search: "{SECRET}") {{ nodes {{ id }} }} }}')

    sent = b"".join(collected.bodies).decode()
    assert [told(each)["kezhi.code"] for each in collected.named("request")] == ["OK", "OK", "OK", "DOCUMENT_SYNTAX"]
    assert {told(each)["graphql.operation.type"] for each in collected.named("operation")} == {"query", "mutation"}
    for word in (
        SECRET,
        SECRET.encode("unicode_escape").decode(),
        client.token,
        tenant.placement.slug,
        "customer",
        "SELECT",
    ):
        assert word not in sent


async def test_by_default_nothing_is_sent(settings: Settings, shared_tenant: Tenant) -> None:
    with collecting() as collected:
        async with serving(settings, shared_tenant, collected, 0.0) as client:
            await ask(client, READ, TRACED, n=SECRET)

    assert (settings.tracing, collected.bodies) == (TracingSettings(), [])
