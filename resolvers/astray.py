"""Requests for addresses and verbs that there are none of: refused in the form of every other error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from resolvers.context import find_origin
from resolvers.errors import error_object, status_of
from resolvers.refusals import NothingHere, VerbNotOffered

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from tenants.errors import Fault

_OTHER_VERB = 405
# Nothing is waited for.
_PATIENCE_MS = 1_000


async def answer_astray(request: Request, error: Exception) -> Response:
    """404 or 405, with what is offered instead in `Allow`."""
    assert isinstance(error, HTTPException), "registered for nothing else"
    fault: Fault = NothingHere()
    if error.status_code == _OTHER_VERB:
        fault = VerbNotOffered(method=request.method[:20])
    origin = find_origin(request.headers, request.client.host if request.client else "", longest_ms=_PATIENCE_MS)
    headers = {**(error.headers or {}), "x-request-id": origin.request_id, "cache-control": "no-store"}
    return JSONResponse({"errors": [error_object(fault, origin)]}, status_of(fault), headers)
