"""The routes of the API, plugged together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.clients import http_for

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from tests.builders.tenants import Tenant

pytestmark = pytest.mark.integration


async def test_browser_gets_the_explorer_and_a_client_gets_graphql(app: Starlette, shared_tenant: Tenant) -> None:
    async with http_for(app, shared_tenant.placement.slug) as http:
        page = await http.get("/graphql", headers={"accept": "text/html,*/*;q=0.8"})
        script = await http.get("/explorer/explorer.js")
        query = await http.get("/graphql?query={__typename}", headers={"accept": "text/html,*/*;q=0.8"})

    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "/explorer/graphiql.js" in page.text
    assert script.status_code == 200
    assert query.json() == {"data": {"__typename": "Query"}}


async def test_browser_at_the_front_is_led_to_the_explorer(app: Starlette, shared_tenant: Tenant) -> None:
    async with http_for(app, shared_tenant.placement.slug) as http:
        browser = await http.get("/", headers={"accept": "text/html,*/*;q=0.8"})
        client = await http.get("/", headers={"accept": "application/json"})
        nothing = await http.get("/graphql")

    assert (browser.status_code, browser.headers["location"], client.status_code) == (307, "/graphql", 404)
    assert nothing.status_code == 400
    assert nothing.json()["errors"][0]["message"] == (
        "The request is not a GraphQL request: there is no query in it; a browser gets the explorer from GET /graphql"
    )


async def test_operators_ask_without_a_tenant(app: Starlette) -> None:
    async with http_for(app, "nobody") as http:
        health = [(await http.get(path)).status_code for path in ("/healthz", "/readyz")]
        metrics = await http.get("/metrics")

    assert health == [200, 200]
    assert "kezhi_graphql_requests_total" in metrics.text


async def test_other_methods_and_paths_are_not_there(app: Starlette) -> None:
    async with http_for(app, "nobody") as http:
        assert (await http.delete("/graphql")).status_code == 405
        assert (await http.get("/graphiql")).status_code == 404
