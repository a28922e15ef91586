"""A client of the GraphQL door: requests of one person in one tenant, straight into the application."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx2

from app import create_app, make_doors

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from tenants.installation import Installation
    from tests.builders.tenants import Tenant

GRAPHQL = "application/graphql-response+json"


def application(installation: Installation) -> Starlette:
    """The application over an installation that is open already."""
    made = create_app(installation.settings)
    made.state.doors = make_doors(installation)
    return made


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> Any:  # Any: tests look into decoded JSON
        return json.loads(self.text)

    @property
    def data(self) -> Any:  # Any: tests look into decoded JSON
        body = self.json
        assert "errors" not in body, body
        return body["data"]

    @property
    def codes(self) -> list[str]:
        return [each["extensions"]["code"] for each in self.json["errors"]]


@dataclass(frozen=True, slots=True)
class Client:
    """One person, or nobody in particular, of one tenant."""

    app: Starlette
    slug: str = ""
    token: str = ""
    language: str = "en"

    async def ask(self, query: str, **variables: object) -> Answer:
        return await self.post({"query": query, "variables": variables})

    async def post(self, body: object, **headers: str) -> Answer:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return await self.send("POST", "/graphql", content=content, **{"content-type": "application/json", **headers})

    async def send(self, method: str, path: str, *, content: bytes = b"", **headers: str) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        transport = httpx2.ASGITransport(app=self.app, raise_app_exceptions=False)
        async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as client:
            found = await client.request(method, path, content=content, headers={**self._headers(), **named})
        return Answer(found.status_code, found.headers, found.text)

    def _headers(self) -> dict[str, str]:
        own = {"accept": GRAPHQL, "accept-language": self.language}
        if self.slug:
            own["x-tenant"] = self.slug
        if self.token:
            own["authorization"] = f"Bearer {self.token}"
        return own


async def client_of(tenant: Tenant, person: str = "") -> Client:
    """A client of one of the staff; of nobody in particular without a name."""
    token = await tenant.token(person) if person else ""
    return Client(application(tenant.installation), tenant.placement.slug, token)
