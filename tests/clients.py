"""A caller of the API in tests: HTTP over ASGI into the real application, as one person of one tenant."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from httpx2 import ASGITransport, AsyncClient

if TYPE_CHECKING:
    from collections.abc import Mapping

    from httpx2 import Response
    from starlette.applications import Starlette

JSON = "application/graphql-response+json"


@dataclass(frozen=True, slots=True)
class Client:
    """`ask` answers the whole body, `data` only the data and fails on any error."""

    http: AsyncClient
    token: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    async def post(self, body: object, *, headers: Mapping[str, str] | None = None) -> Response:
        return await self.http.post("/graphql", json=body, headers={**self._own_headers(), **(headers or {})})

    async def get(self, path: str, *, headers: Mapping[str, str] | None = None) -> Response:
        return await self.http.get(path, headers={**self._own_headers(), **(headers or {})})

    async def ask(
        self, document: str, variables: Mapping[str, object] | None = None, *, headers: Mapping[str, str] | None = None
    ) -> dict[str, Any]:  # Any: an answer has the shape of its question
        response = await self.post({"query": document, "variables": dict(variables or {})}, headers=headers)
        return cast("dict[str, Any]", response.json())

    async def data(self, document: str, **variables: object) -> dict[str, Any]:  # Any: as above
        answer = await self.ask(document, variables)
        assert "errors" not in answer, answer["errors"]
        return cast("dict[str, Any]", answer["data"])

    async def errors(self, document: str, **variables: object) -> list[dict[str, Any]]:  # Any: as above
        """The errors of an answer that must have some."""
        answer = await self.ask(document, variables)
        assert "errors" in answer, answer
        return cast("list[dict[str, Any]]", answer["errors"])

    def _own_headers(self) -> dict[str, str]:
        bearer = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return {"Accept": JSON, **bearer, **self.headers}


def http_for(app: Starlette, slug: str) -> AsyncClient:
    """The tenant is named by the host."""
    return AsyncClient(transport=ASGITransport(app=app), base_url=f"http://{slug}.localhost")
