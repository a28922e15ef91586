"""`/files/{token}`: bytes in and bytes out, at addresses that were signed for one caller and a few minutes.

The address names the tenant and stands for the caller; his session must still be open, and what he may read is asked anew.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, StreamingResponse

from resolvers.context import find_origin, find_placement
from resolvers.errors import error_object, known, status_of
from resolvers.exchange import refuse_repeated
from resolvers.refusals import BodyTooLarge, BodyTooSlow, MalformedRequest, RangeNotSatisfiable, TenantMissing
from schema.metadata.files import MEDIA_TYPES
from services import files, oauth, query
from services.files import FileAddressExpired, FileAddressUnknown
from tenants import file_tokens
from tenants.context import ANONYMOUS, Principal
from tenants.errors import Invalid
from tenants.file_tokens import Claim, FileToken, Purpose

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
    from typing import TypeVar

    from starlette.requests import Request
    from starlette.responses import Response

    from tenants.context import Origin, ReadWork, Work
    from tenants.errors import Fault
    from tenants.file_store import Opened
    from tenants.installation import Installation
    from tenants.placement import Placement

    T = TypeVar("T")

_PARTIAL = 206
_THUMBNAIL_TYPE = "image/webp"
_RANGE = re.compile(r"bytes=([0-9]{1,18})-([0-9]{0,18})\Z")
# Whatever is in it, nothing of it is run, shown in a page of ours, or guessed at.
_SAFE = {
    "cache-control": "private, no-store",
    "content-security-policy": "default-src 'none'; sandbox",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-site",
}


@dataclass(frozen=True, slots=True)
class Caller:
    """The tenant and the principal that an address stands for."""

    installation: Installation
    placement: Placement
    principal: Principal
    origin: Origin

    async def read(self, verb: Callable[[ReadWork], Awaitable[T]]) -> T:
        """One READ ONLY transaction."""
        return await self.installation.transactions.read(self.placement, self.principal, self.origin, verb)

    async def write(self, verb: Callable[[Work], Awaitable[T]]) -> T:
        """One transaction that writes."""
        return await self.installation.transactions.write(self.placement, self.principal, self.origin, verb)


async def answer_file(request: Request, installation: Installation) -> Response:
    """The bytes of a file, or what became of those that were sent."""
    address = request.client.host if request.client else ""
    origin = find_origin(request.headers, address, longest_ms=installation.settings.files.upload_seconds * 1000)
    headers = {"x-request-id": origin.request_id, **_SAFE}
    try:
        refuse_repeated(request.scope["headers"])
        token = _token(str(request.path_params["token"]), installation, puts=request.method == "PUT")
        caller = await _caller(token.claim, request.headers, installation, origin)
        if token.purpose is Purpose.WRITE:
            return JSONResponse(await _taken(request, caller, token), headers=headers)
        return await _given(request, caller, token, headers)
    except Exception as error:  # noqa: BLE001 - one of the doors: what was not foreseen is logged and masked
        return _refused(known(error, origin), origin, headers)


def _refused(fault: Fault, origin: Origin, headers: Mapping[str, str]) -> Response:
    return JSONResponse({"errors": [error_object(fault, origin)]}, status_of(fault), headers)


def _token(text: str, installation: Installation, *, puts: bool) -> FileToken:
    token = file_tokens.parse(text)
    if token is None or not installation.file_keys.is_genuine(token) or (token.purpose is Purpose.WRITE) != puts:
        raise FileAddressUnknown
    if token.claim.expires_at <= installation.clock():
        raise FileAddressExpired
    return token


async def _caller(claim: Claim, headers: Mapping[str, str], installation: Installation, origin: Origin) -> Caller:
    placement = await installation.catalog.placement_by_id(claim.tenant_id)
    if placement is None or not await _agrees(placement, headers, installation):
        raise FileAddressUnknown
    read = partial(installation.transactions.read, placement, ANONYMOUS, origin)
    principal = (
        await oauth.bearer_of(claim.session_id, read)
        if claim.is_token
        else Principal(claim.kind, claim.principal_id, claim.session_id)
    )
    if (principal.kind, principal.id) != (claim.kind, claim.principal_id):
        raise FileAddressUnknown
    return Caller(installation, placement, principal, origin)


async def _agrees(placement: Placement, headers: Mapping[str, str], installation: Installation) -> bool:
    """Whether the host and `X-Tenant` name this tenant, or none."""
    try:
        named = await find_placement(installation.catalog, headers, installation.settings.server.base_domain)
    except TenantMissing:
        return True
    return named.tenant_id == placement.tenant_id


async def _taken(request: Request, caller: Caller, token: FileToken) -> dict[str, object]:
    given = await caller.read(lambda work: files.expected(work, token.file_id))
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > given.size:
        raise BodyTooLarge(max=given.size)
    settings, store = caller.installation.settings.files, caller.installation.files
    try:
        async with asyncio.timeout(settings.upload_seconds):
            received = await files.receive(store, caller.placement.tenant_id, given, _chunks(request))
    except TimeoutError:
        raise BodyTooSlow(seconds=settings.upload_seconds) from None
    except MalformedRequest:
        # It broke off: nothing is said of the file itself, which may be sent again.
        raise
    except Invalid as fault:
        refused = fault
        await caller.write(lambda work: files.refuse(work, given, refused))
        raise
    try:
        await caller.write(lambda work: files.accept(work, given, received, settings))
    except Exception:
        await store.delete(caller.placement.tenant_id, received.key)
        raise
    return {"id": str(given.id), "size": given.size, "mediaType": given.media_type}


async def _chunks(request: Request) -> AsyncIterator[bytes]:
    try:
        async for chunk in request.stream():
            yield chunk
    except ClientDisconnect:
        raise MalformedRequest(reason="the body breaks off") from None


async def _given(request: Request, caller: Caller, token: FileToken, headers: Mapping[str, str]) -> Response:
    found = await caller.read(lambda work: files.find(work, token.file_id))
    try:
        await caller.read(lambda work: files.require_readable(work, found))
    except query.AuditedReadNeedsWorkError:
        await caller.write(lambda work: files.require_readable(work, found))
    is_small = token.purpose is Purpose.THUMBNAIL
    key = found.thumbnail_key if is_small else found.key
    if key is None:
        raise FileAddressUnknown
    within = None if is_small else _within(request.headers.get("range", ""), found.size)
    if within is not None and within[0] >= within[1]:
        fault = RangeNotSatisfiable(size=found.size)
        return _refused(fault, caller.origin, {**headers, "content-range": f"bytes */{found.size}"})
    opened = await caller.installation.files.get(caller.placement.tenant_id, key, within)
    media_type = _THUMBNAIL_TYPE if is_small else found.media_type
    told = {
        **headers,
        "accept-ranges": "none" if is_small else "bytes",
        "content-length": str(opened.end - opened.first),
        "content-disposition": "inline" if is_small else _as_download(found.name, found.media_type),
    }
    if within is None:
        return StreamingResponse(opened.chunks, 200, told, media_type)
    return StreamingResponse(opened.chunks, _PARTIAL, {**told, **_range(opened)}, media_type)


def _within(asked: str, size: int) -> tuple[int, int] | None:
    """The first byte and the one after the last; what is no range, or spelled in another way, is answered with the whole."""
    found = _RANGE.match(asked)
    if found is None or (found[2] and int(found[2]) < int(found[1])):
        return None
    return int(found[1]), min(int(found[2]) + 1 if found[2] else size, size)


def _range(opened: Opened) -> dict[str, str]:
    return {"content-range": f"bytes {opened.first}-{opened.end - 1}/{opened.size}"}


def _as_download(name: str, media_type: str) -> str:
    """Saved, never shown; with the ending of what it is, whatever it was called."""
    endings = MEDIA_TYPES[media_type]
    whole = name if name.lower().endswith(endings) else f"{name}{endings[0]}"
    return f"attachment; filename*=UTF-8''{quote(whole, safe='')}"
