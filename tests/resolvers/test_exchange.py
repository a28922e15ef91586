"""A POST is answered the same through plain ASGI and through Starlette's request and response."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from httpx2 import ASGITransport, AsyncClient
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response as StarletteResponse
from starlette.routing import Route

from resolvers.exchange import Reply, posted, raw_headers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from httpx2 import Response

    from tests.builders.tenants import Tenant

_REQUEST_ID = "same-request-id"
_LIST = "query L($n: Int) { customers(first: $n) { nodes { id name } totalCount } me { name } __typename }"

# Body and headers of each request, over the usual ones.
_ASKED: tuple[tuple[bytes, dict[str, str]], ...] = (
    (json.dumps({"query": _LIST, "variables": {"n": 3}}).encode(), {}),
    (json.dumps({"query": _LIST, "variables": {"n": "x"}}).encode(), {}),
    (json.dumps({"query": _LIST, "extensions": {"cost": True}}).encode(), {}),
    (json.dumps({"query": "{ nonsense }"}).encode(), {"accept": "application/graphql-response+json"}),
    (json.dumps({"query": "{ nonsense }"}).encode(), {"accept": "text/html"}),
    (json.dumps({"query": "{ nonsense }"}).encode(), {"accept-language": "zh-CN, en;q=0.5"}),
    (json.dumps({"query": "{ me { name } }"}).encode(), {"authorization": "Bearer x"}),
    (json.dumps({"query": "{ me { name } }"}).encode(), {"x-tenant": "somebody-else"}),
    (json.dumps({"query": "mutation { createCustomer(input: {record: {}}) { errors { code } } }"}).encode(), {}),
    (b"{", {}),
    (b"", {}),
    (b'{"query": "{ __typename }"}', {"content-type": "text/plain"}),
    (b" " * 5_000_000, {}),
)


@pytest.fixture
def general(app: Starlette) -> Starlette:
    """The same door behind a route, as a GET reaches it."""

    async def through_starlette(request: Request) -> StarletteResponse:
        answered: StarletteResponse = await app.state.doors.graphql(request)
        return answered

    return Starlette(routes=[Route("/graphql", through_starlette, methods=["POST"])])


@pytest.mark.integration
@pytest.mark.parametrize(("body", "headers"), _ASKED)
async def test_both_ways_answer_the_same_bytes(
    app: Starlette, general: Starlette, shared_tenant: Tenant, body: bytes, headers: dict[str, str]
) -> None:
    usual = {"content-type": "application/json", "authorization": f"Bearer {await shared_tenant.token('sales')}"}

    lean = await _post(app, body, {**usual, **headers})
    through_starlette = await _post(general, body, {**usual, **headers})

    assert (lean.status_code, lean.content) == (through_starlette.status_code, through_starlette.content)
    assert sorted(lean.headers.items()) == sorted(through_starlette.headers.items())


async def _post(app: Starlette, body: bytes, headers: dict[str, str]) -> Response:
    async with AsyncClient(transport=ASGITransport(app=app), base_url="http://shared.localhost") as http:
        return await http.post("/graphql", content=body, headers={"x-request-id": _REQUEST_ID, **headers})


@pytest.mark.integration
@pytest.mark.parametrize("name", ["host", "x-tenant", "authorization"])
@pytest.mark.parametrize(("method", "path"), [("POST", "/graphql"), ("GET", "/graphql"), ("GET", "/schema.graphql")])
@pytest.mark.parametrize("is_same", [True, False])
async def test_who_asks_of_whom_is_said_once(  # noqa: PLR0917 - a table of doors and headers
    app: Starlette, shared_tenant: Tenant, name: str, method: str, path: str, is_same: bool
) -> None:
    usual = {
        "host": "shared.localhost",
        "x-tenant": "shared",
        "authorization": f"Bearer {await shared_tenant.token('sales')}",
    }
    other = {"host": "other.localhost", "x-tenant": "other", "authorization": "Bearer x"}
    repeated = [*usual.items(), (name.title(), usual[name] if is_same else other[name])]

    async with AsyncClient(transport=ASGITransport(app=app), base_url="http://shared.localhost") as http:
        once, twice = [
            await http.request(
                method, f"{path}?query={{__typename}}", json={"query": "{ __typename }"}, headers=headers
            )
            for headers in (list(usual.items()), repeated)
        ]

    assert (once.status_code, twice.status_code) == (200, 400)
    (error,) = twice.json()["errors"]
    assert (error["message"], error["extensions"]["code"]) == (
        f"The header {name} may be sent only once.",
        "HEADER_REPEATED",
    )


async def test_the_first_of_other_equal_headers_counts() -> None:
    headers = [(b"accept", b"a"), (b"accept", b"b"), (b"host", b"demo.localhost")]

    incoming = posted({"headers": headers, "client": ("192.0.2.1", 5)}, _messages(()))

    assert (incoming.method, incoming.address) == ("POST", "192.0.2.1")
    assert dict(incoming.headers) == {"accept": "a", "host": "demo.localhost"}


async def test_body_arrives_in_parts() -> None:
    parts: list[dict[str, object]] = [
        {"type": "http.request", "body": b"ab", "more_body": True},
        {"type": "http.request", "body": b"c"},
    ]

    incoming = posted({"headers": []}, _messages(parts))

    assert [chunk async for chunk in incoming.chunks()] == [b"ab", b"c"]


async def test_whoever_goes_away_ends_the_body() -> None:
    incoming = posted({"headers": []}, _messages(({"type": "http.disconnect"},)))

    with pytest.raises(ClientDisconnect):
        assert [chunk async for chunk in incoming.chunks()] == []


def test_headers_of_an_answer() -> None:
    assert raw_headers(Reply(b"{}", "application/json", headers={"retry-after": "3"}), "asked") == [
        (b"cache-control", b"no-store"),
        (b"vary", b"accept, accept-language"),
        (b"x-request-id", b"asked"),
        (b"content-length", b"2"),
        (b"content-type", b"application/json; charset=utf-8"),
        (b"retry-after", b"3"),
    ]


def _messages(messages: Sequence[dict[str, object]]) -> Any:  # an ASGI receive
    waiting = iter(messages)

    async def receive() -> dict[str, object]:
        return next(waiting)

    return receive
