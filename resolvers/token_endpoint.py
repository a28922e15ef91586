"""`POST /oauth/token`: a client's secret for a token (RFC 6749, 4.4). Errors speak the words of that RFC.

Which grants there are is `services.oauth.granting`; authorization, refresh and revocation over HTTP will stand beside this.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from starlette.responses import JSONResponse

from resolvers.bodies import read_body
from resolvers.context import find_origin, find_placement
from resolvers.errors import known, status_of
from resolvers.exchange import refuse_repeated
from resolvers.refusals import MalformedRequest
from resolvers.spending import Spending
from services import oauth
from services.oauth import TokenRequest
from tenants.context import ANONYMOUS
from tenants.errors import Family

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from tenants.errors import Fault
    from tenants.installation import Installation

_FORM = "application/x-www-form-urlencoded"
_MOST_MEMBERS = 20
# In the unit of all costs: an attempt writes a handful of rows.
_ATTEMPT_COST = 5_000
_TOO_MANY = 429
_ERRORS: Mapping[Family, str] = {Family.TOO_MUCH: "slow_down", Family.UNAVAILABLE: "temporarily_unavailable"}


async def answer_token(request: Request, installation: Installation) -> Response:
    """A token, or the reason why there is none."""
    limits = installation.settings.limits
    address = request.client.host if request.client else ""
    origin = find_origin(request.headers, address, longest_ms=limits.request_ms)
    headers = {"x-request-id": origin.request_id, "cache-control": "no-store", "pragma": "no-cache"}
    try:
        refuse_repeated(request.scope["headers"])
        placement = await find_placement(
            installation.catalog, request.headers, installation.settings.server.base_domain
        )
        Spending.of(installation.budgets, limits, placement.tenant_id, ANONYMOUS, origin).charge(_ATTEMPT_COST)
        asked = TokenRequest(await _form(request, installation), request.headers.get("authorization", ""))
        write = partial(installation.transactions.write, placement, ANONYMOUS, origin)
        granted = await oauth.exchange(write, asked)
    except Exception as error:  # noqa: BLE001 - one of the three doors: what was not foreseen is logged and masked
        fault = known(error, origin)
        return JSONResponse(_refusal(fault), _status(fault), {**headers, **_waiting(fault)})
    return JSONResponse(dict(granted.body), granted.status, {**granted.headers, **headers})


async def _form(request: Request, installation: Installation) -> dict[str, str]:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        raise MalformedRequest(reason="the body is no form")
    body = await read_body(request.stream(), installation.settings.limits)
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=True, max_num_fields=_MOST_MEMBERS)
    except ValueError:
        raise MalformedRequest(reason="the form cannot be read") from None
    found = dict(pairs)
    if len(found) < len(pairs):
        raise MalformedRequest(reason="a member is there twice")
    return found


def _refusal(fault: Fault) -> dict[str, str]:
    return {"error": _ERRORS.get(fault.family, "invalid_request"), "error_description": fault.message("en")}


def _status(fault: Fault) -> int:
    return _TOO_MANY if "seconds" in fault.details else status_of(fault)


def _waiting(fault: Fault) -> dict[str, str]:
    return {"retry-after": str(fault.details["seconds"])} if "seconds" in fault.details else {}
