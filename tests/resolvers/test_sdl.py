"""[H1] The SDL of a tenant can be downloaded, and the demo tenant's is the one in the repository."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.clients import Client, http_for
from tests.resolvers import schema_snapshot

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from tests.builders.tenants import Tenant

pytestmark = pytest.mark.integration


def test_committed_schema_is_that_of_the_demo_tenant() -> None:
    committed = schema_snapshot.PAGE.read_text(encoding="utf-8")

    assert committed == schema_snapshot.text(), "run: python -m tests.resolvers.schema_snapshot"


async def test_signed_in_caller_downloads_the_schema(app: Starlette, shared_tenant: Tenant) -> None:
    async with http_for(app, "shared") as http:
        client = Client(http, await shared_tenant.token("sales"))
        answer = await client.get("/schema.graphql")
        chinese = await client.get("/schema.graphql", headers={"Accept-Language": "zh-CN,zh;q=0.9"})

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.text == schema_snapshot.text()
    assert '"""客户"""' in chinese.text


async def test_nobody_in_particular_gets_no_schema(app: Starlette, shared_tenant: Tenant) -> None:
    async with http_for(app, shared_tenant.placement.slug) as http:
        answer = await http.get("/schema.graphql")

    assert answer.status_code == 401
    assert answer.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
