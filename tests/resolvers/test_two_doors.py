"""[H1] A request is answered with the same bytes whichever way it takes: plain ASGI, Starlette, alone or beside static fields.

Random operations of several callers, and the same spoiled: text, variables, envelope, headers, body. As many as
`./kezhi test tests/resolvers/test_two_doors.py --operations 5000` says.
"""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING, Any

import pytest
from graphql import FieldNode, Visitor, parse, visit
from httpx2 import ASGITransport, AsyncClient
from starlette.applications import Starlette

from app import create_app
from resolvers.json_text import members
from services import metadata
from tenants.settings import MOST_BUDGET, Settings
from tests.builders.spoiling import Asked, Spoiling
from tests.conftest import MASTER_KEY
from tests.services.query.asking import schema_of
from tests.services.query.fuzz.operations import Operations
from tests.services.query.fuzz.rights import everything
from tests.services.query.fuzz.rows import make_rows
from tests.services.query.fuzz.writing import Writing

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from httpx2 import Response
    from starlette.types import ASGIApp, Receive, Scope, Send

    from cli.servers import Servers
    from tests.builders.tenants import Tenant

pytestmark = pytest.mark.integration

A_FEW = 100
PEOPLE = ("admin", "sales", "manager", "finance", "")
# What a principal has left differs from one request to the next.
_LEFT = re.compile(rb'"(remaining|tenantRemaining)":\d+')
# How many of the operations have a field that is asked for if it is permitted.
_MARKED = 0.3
# Neither costs an alias, of which a document may have only so many.
_BESIDE = "{ me { name } __typename "


@pytest.fixture
def operations(request: pytest.FixtureRequest) -> int:
    return request.config.getoption("--operations") or A_FEW


@pytest.fixture
async def doors(servers: Servers) -> AsyncIterator[tuple[AsyncClient, AsyncClient]]:
    """The plain way and the way through Starlette, into one application whose budgets are never spent."""
    application = create_app(
        Settings.from_environ({
            "DATABASE_URL": servers.database_url,
            "BROKER_URL": servers.broker_url,
            "KEZHI_MASTER_KEY": MASTER_KEY,
            "KEZHI_PRINCIPAL_COST_PER_SECOND": str(MOST_BUDGET),
            "KEZHI_TENANT_COST_PER_SECOND": str(MOST_BUDGET),
        })
    )

    async def routed(scope: Scope, receive: Receive, send: Send) -> None:
        scope["app"] = application
        await Starlette.__call__(application, scope, receive, send)

    async with application.router.lifespan_context(application), _client(application) as lean, _client(routed) as long:
        yield lean, long


def _client(application: ASGIApp) -> AsyncClient:
    return AsyncClient(transport=ASGITransport(app=application), base_url="http://shared.localhost")


async def test_every_way_answers_the_same_bytes(
    doors: tuple[AsyncClient, AsyncClient], shared_tenant: Tenant, operations: int
) -> None:
    registry = await shared_tenant.read(metadata.registry)
    tokens = {each: await shared_tenant.token(each) if each else "" for each in PEOPLE}
    rng = random.Random(operations)  # noqa: S311 - repeatable
    rows = make_rows(0, registry)
    made, schema = Operations(rng, registry, everything(registry.shape, rows)), schema_of(registry.shape)
    spoiling = Spoiling(rng, tokens)
    answered = 0

    for _ in range(operations):
        text, variables = Writing(rng, schema).operation(made.operation())
        text = _if_permitted(rng, text) if rng.random() < _MARKED else text
        asked = spoiling.asked(text, variables)
        lean, long = [await _posted(each, asked) for each in (doors if rng.random() < 0.5 else doors[::-1])]
        assert _told(lean) == _told(long), asked
        assert lean.status_code < 500, (asked, lean.content)
        assert b'"INTERNAL"' not in lean.content, (asked, lean.content)
        answered += b'"data":{' in lean.content
        if asked.is_whole:
            await _same_beside_static_fields(doors[0], asked, lean)

    assert operations * 0.15 < answered < operations * 0.9


def _if_permitted(rng: random.Random, text: str) -> str:
    """The same with one field asked for only if it is permitted; where null may not stand, that is refused."""
    found: list[FieldNode] = []

    class Fields(Visitor):
        def enter_field(self, node: FieldNode, *_args: object) -> None:
            found.append(node)

    visit(parse(text), Fields())
    chosen = rng.choice(found)
    end = chosen.selection_set or chosen
    assert end.loc is not None
    at = end.loc.start if chosen.selection_set else end.loc.end
    return f"{text[:at]} @ifPermitted {text[at:]}"


async def _same_beside_static_fields(door: AsyncClient, asked: Asked, alone: Response) -> None:
    """Roots that are compiled alone have the same answers where they are merged with those of Strawberry."""
    head, _, rest = asked.text.partition("{")
    beside = await _posted(door, asked.with_text(f"{head}{_BESIDE}{rest}"))
    if b'"data":{' not in alone.content:
        assert b'"data":{' not in beside.content, (asked, alone.content, beside.content)
        return
    told, wanted = members(beside.content), members(alone.content)
    together = members(told["data"])
    del together["me"], together["__typename"]
    assert together == members(wanted["data"]), asked
    assert told.get("errors") == wanted.get("errors"), asked


async def _posted(door: AsyncClient, asked: Asked) -> Response:
    return await door.post("/graphql", content=asked.body, headers={"x-request-id": "same-request-id", **asked.headers})


def _told(response: Response) -> Any:
    return response.status_code, _LEFT.sub(b"", response.content), sorted(response.headers.items())
