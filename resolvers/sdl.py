"""`GET /schema.graphql`: the caller's schema as text, with the tenant's words."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, PlainTextResponse, Response

from resolvers.context import find_origin
from resolvers.errors import error_object, known, status_of
from resolvers.exchange import refuse_repeated
from resolvers.http import open_context
from resolvers.projections import told_projection
from schema.sdl.printer import print_sdl
from tenants.errors import Unauthenticated

if TYPE_CHECKING:
    from starlette.requests import Request

    from resolvers.schemas import Schemas
    from tenants.installation import Installation


async def answer_sdl(request: Request, installation: Installation, schemas: Schemas) -> Response:
    """The schema of the caller's tenant."""
    longest_ms = installation.settings.limits.request_ms
    origin = find_origin(request.headers, request.client.host if request.client else "", longest_ms=longest_ms)
    headers = {"x-request-id": origin.request_id, "cache-control": "no-store", "vary": "accept-language"}
    try:
        refuse_repeated(request.scope["headers"])
        context = await open_context(installation, request.headers, origin)
        if not context.is_signed_in:
            raise Unauthenticated
        registry, projection = await told_projection(context)
    except Exception as error:  # noqa: BLE001 - one of the three doors: what was not foreseen is logged and masked
        fault = known(error, origin)
        return JSONResponse({"errors": [error_object(fault, origin)]}, status_of(fault), headers)
    schema = await schemas.worded(registry, origin.language, projection, of=context.placement.tenant_id)
    return PlainTextResponse(await asyncio.to_thread(print_sdl, schema), headers=headers)
