"""Addresses and verbs that there are none of answer JSON with a code, in the language asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.clients import http_for

if TYPE_CHECKING:
    from starlette.applications import Starlette

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


@pytest.mark.parametrize(
    ("method", "path", "status", "code", "message"),
    [
        ("GET", "/nothing", 404, "NOT_FOUND", "此地址没有任何内容。"),
        ("GET", "/", 404, "NOT_FOUND", "此地址没有任何内容。"),
        ("DELETE", "/files/x", 405, "METHOD_NOT_ALLOWED", "此地址不支持 DELETE 方法。"),
        ("PUT", "/graphql", 405, "METHOD_NOT_ALLOWED", "此地址不支持 PUT 方法。"),
    ],
)
async def test_what_is_not_there_is_told_like_every_error(  # noqa: PLR0917 - one row
    app: Starlette, method: str, path: str, status: int, code: str, message: str
) -> None:
    async with http_for(app, "nobody") as http:
        answer = await http.request(method, path, headers={"accept-language": "zh"})

    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["extensions"]["code"], error["message"]) == (status, code, message)
    assert error["extensions"]["requestId"] == answer.headers["x-request-id"]
    assert ("allow" in answer.headers) is (status == 405)


async def test_body_that_is_packed_is_refused_as_such(app: Starlette) -> None:
    headers = {"content-type": "application/json", "content-encoding": "gzip"}
    async with http_for(app, "nobody") as http:
        answer = await http.post("/graphql", content=b"\x1f\x8b", headers=headers)

    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (415, "WRONG_CONTENT_TYPE")
