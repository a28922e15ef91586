"""The composition root of the API: settings, installation, routes and life cycle. Nothing is decided here.

`uvicorn app:app --factory` runs it with the settings of the environment.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from resolvers import explorer, health, metrics
from resolvers.astray import answer_astray
from resolvers.documents import Documents
from resolvers.files import answer_file
from resolvers.http import GraphQLDoor
from resolvers.media import prefers_html
from resolvers.operations import Preparation
from resolvers.queries import Queries
from resolvers.root import static_schema
from resolvers.schemas import Schemas
from resolvers.sdl import answer_sdl
from resolvers.token_endpoint import answer_token
from schema.metadata import pinyin
from services import capabilities as _capabilities  # noqa: F401 - registers verbs and reactions
from tenants.garbage import keep_what_is_loaded
from tenants.installation import Installation
from tenants.settings import Settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request
    from starlette.types import Receive, Scope, Send


class Api(Starlette):
    """The application. What nearly every request is, a POST of GraphQL, goes past the routes straight to its door."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One ASGI connection."""
        if scope["type"] == "http" and scope["method"] == "POST" and scope["path"] == "/graphql":
            doors: Doors = self.state.doors
            await doors.graphql.post(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


@dataclass(frozen=True, slots=True)
class Doors:
    """What the routes of one running application lead to."""

    installation: Installation
    schemas: Schemas
    graphql: GraphQLDoor


def app() -> Starlette:
    """The application with the settings of the environment, as the only one of its process."""
    keep_what_is_loaded()
    return create_app(Settings.from_environ())


def create_app(settings: Settings) -> Starlette:
    """The application. It connects when it starts and closes everything when it stops."""

    @asynccontextmanager
    async def lifespan(running: Starlette) -> AsyncIterator[None]:
        # While the databases are asked, and not beside the first requests: reading it stops everything else.
        spelling = asyncio.get_running_loop().run_in_executor(None, pinyin.load)
        async with Installation.open(settings) as installation:
            running.state.doors = make_doors(installation)
            await spelling
            yield

    return Api(
        lifespan=lifespan,
        exception_handlers={HTTPException: answer_astray},
        routes=[
            Route("/", _front, methods=["GET"]),
            Route("/graphql", _graphql, methods=["GET", "POST"]),
            Route("/schema.graphql", _sdl, methods=["GET"]),
            Route("/files/{token}", _file, methods=["GET", "PUT"]),
            Route("/oauth/token", _token, methods=["POST"]),
            Route("/healthz", _alive, methods=["GET"]),
            Route("/readyz", _ready, methods=["GET"]),
            Route("/metrics", _metrics, methods=["GET"]),
            Route("/explorer/{name}", _asset, methods=["GET"]),
        ],
    )


def make_doors(installation: Installation) -> Doors:
    """The doors of an installation that is open."""
    limits = installation.settings.limits
    schemas = Schemas(static_schema())
    preparation = Preparation(schemas, Documents(limits), limits)
    return Doors(installation, schemas, GraphQLDoor(installation, preparation, Queries(limits.page_default)))


def _doors(request: Request) -> Doors:
    return cast("Doors", request.app.state.doors)


async def _front(request: Request) -> Response:
    """Who types the host into a browser looks for the explorer."""
    if not prefers_html(request.headers.get("accept", "")):
        raise HTTPException(404)
    return RedirectResponse("/graphql", headers={"vary": "accept"})


async def _graphql(request: Request) -> Response:
    if (
        request.method != "POST"
        and not {"query", "documentId", "extensions"} & set(request.query_params)
        and prefers_html(request.headers.get("accept", ""))
    ):
        return explorer.page()
    return await _doors(request).graphql(request)


async def _asset(request: Request) -> Response:
    return explorer.asset(str(request.path_params["name"]), request.headers.get("accept-encoding", ""))


async def _sdl(request: Request) -> Response:
    doors = _doors(request)
    return await answer_sdl(request, doors.installation, doors.schemas)


async def _token(request: Request) -> Response:
    return await answer_token(request, _doors(request).installation)


async def _file(request: Request) -> Response:
    return await answer_file(request, _doors(request).installation)


async def _alive(_: Request) -> Response:
    return health.alive()


async def _ready(request: Request) -> Response:
    return await health.ready(_doors(request).installation.reachability)


async def _metrics(_: Request) -> Response:
    return metrics.exposition()
