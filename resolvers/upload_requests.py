"""Requests that bring their files along (graphql-multipart-request-spec): `operations`, `map`, then the files in any order.

The files are set aside in the store while they come, and never held. They become uploads by the mutation that asks for
them; what none has taken when the request is over is let go again.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import structlog
from starlette.requests import ClientDisconnect

from resolvers.bodies import gathered
from resolvers.multipart import Multipart
from resolvers.refusals import BodyTooSlow, MalformedRequest
from resolvers.upload_refusals import (
    FileNotExpected,
    FileNotSent,
    FilePartRepeated,
    FilesMapInvalid,
    PreflightMissing,
    TooManyFiles,
)
from schema.sdl.scalars import Upload
from services import files, identity
from tenants.errors import Fault, Unauthenticated

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from resolvers.context import RequestContext
    from resolvers.exchange import Incoming
    from resolvers.multipart import Part
    from services.files import Arrived
    from tenants.file_store import FileStore
    from tenants.settings import FileSettings, LimitSettings

_log = structlog.get_logger(__name__)

# No form and no script of another site can send one of these without that the browser asks us first.
_PREFLIGHT = ("graphql-require-preflight", "apollo-require-preflight")
MOST_FILES: Final = 10
_MOST_MAP_BYTES = 16 * 1024
_DEEPEST = 10
_OPERATIONS, _MAP = "operations", "map"


@dataclass(slots=True)
class Coming:
    """The files of a request that are still to come."""

    parts: Multipart
    # By the name of its part.
    wanted: Mapping[str, Upload]
    arrived: dict[str, Arrived] = field(default_factory=dict)


def refuse_unasked(headers: Mapping[str, str]) -> None:
    """Refuse a request that a page of another site could have sent by itself."""
    if not any(headers.get(each, "").strip() for each in _PREFLIGHT):
        raise PreflightMissing


async def read_operations(
    request: Incoming, settings: FileSettings, limits: LimitSettings
) -> tuple[dict[str, object], Coming]:
    """The GraphQL request, with a place for each file in its variables."""
    # All files of a request together may have as many bytes as one; the JSON as many as ever.
    most = settings.most_bytes + limits.body_bytes
    parts = Multipart(request.headers.get("content-type", ""), request.chunks(), most)
    try:
        async with asyncio.timeout(limits.body_seconds):
            given = _object(await _text(parts, _OPERATIONS, limits.body_bytes), _OPERATIONS)
            places = _object(await _text(parts, _MAP, _MOST_MAP_BYTES), _MAP)
    except TimeoutError:
        raise BodyTooSlow(seconds=limits.body_seconds) from None
    except ClientDisconnect:
        raise MalformedRequest(reason="the body breaks off") from None
    if len(places) > MOST_FILES:
        raise TooManyFiles(max=MOST_FILES)
    return given, Coming(parts, {name: _placed(given, name, paths) for name, paths in places.items()})


@asynccontextmanager
async def taken_in(coming: Coming, context: RequestContext, store: FileStore) -> AsyncIterator[None]:
    """Take the files in, for somebody who is signed in; whatever becomes of them, none stays that is no upload."""
    identity.refuse_viewer(context.principal)
    if not context.is_signed_in:
        raise Unauthenticated
    for upload in coming.wanted.values():
        if not upload.is_wanted:
            raise FilesMapInvalid(reason="a file stands where the operation takes none")
    keys: list[str] = []
    try:
        await _take_in(coming, context, store, keys)
        yield
    finally:
        await _let_go(context, store, keys)


async def _take_in(coming: Coming, context: RequestContext, store: FileStore, keys: list[str]) -> None:
    tenant, most, seconds = context.placement.tenant_id, context.files.most_bytes, context.files.upload_seconds
    try:
        async with asyncio.timeout(seconds):
            while (part := await coming.parts.next_part()) is not None:
                upload = _expected(coming, part)
                found = await files.set_aside(
                    store, tenant, coming.parts.body(), name=part.file_name, media_type=part.media_type, most=most
                )
                keys.append(found.received.key)
                upload.digest = found.received.sha256.hex()
                upload.file_name, upload.media_type = found.name, found.media_type
                coming.arrived[part.name] = found
    except TimeoutError:
        raise BodyTooSlow(seconds=seconds) from None
    except ClientDisconnect:
        raise MalformedRequest(reason="the body breaks off") from None
    for name in coming.wanted:
        if name not in coming.arrived:
            raise FileNotSent(part=name)


async def _let_go(context: RequestContext, store: FileStore, keys: Sequence[str]) -> None:
    """What is in doubt stays, and is found by the sweep."""
    if not keys:
        return
    try:
        for key in await context.read(lambda work: files.unclaimed(work, keys)):
            await store.delete(context.placement.tenant_id, key)
    except Fault as fault:
        _log.warning("upload.left", tenant=context.placement.schema, code=fault.code)


def _expected(coming: Coming, part: Part) -> Upload:
    if part.name in coming.arrived:
        raise FilePartRepeated(part=part.name[:100])
    upload = coming.wanted.get(part.name)
    if upload is None:
        raise FileNotExpected(part=part.name[:100])
    return upload


async def _text(parts: Multipart, name: str, most: int) -> bytes:
    part = await parts.next_part()
    if part is None or part.name != name:
        raise MalformedRequest(reason=f"the parts begin with {_OPERATIONS} and {_MAP}")
    return await gathered(parts.body(), most)


def _object(text: bytes, name: str) -> dict[str, object]:
    try:
        given = json.loads(text, object_pairs_hook=_once if name == _MAP else None)
    except (ValueError, RecursionError):
        raise MalformedRequest(reason=f"{name} is not JSON") from None
    if not isinstance(given, dict):
        raise MalformedRequest(reason=f"{name} is not a JSON object; there is no batching")
    return given


def _once(members: list[tuple[str, object]]) -> dict[str, object]:
    for name in (names := [each for each, _ in members]):
        if names.count(name) > 1:
            raise FilePartRepeated(part=name[:100])
    return dict(members)


def _placed(given: dict[str, object], name: str, paths: object) -> Upload:
    """A file at its place in the variables, where there was null. Each has one place: one file is in one record."""
    if not isinstance(paths, list) or len(paths) != 1 or not isinstance(paths[0], str):
        raise FilesMapInvalid(reason="each part has a list of one path")
    *steps, last = paths[0].split(".")
    if not steps or steps[0] != "variables" or len(steps) > _DEEPEST:
        raise FilesMapInvalid(reason="a path is like variables.input.file")
    within: object = given
    for step in steps:
        within = _member(within, step)
    if _member(within, last) is not None:
        raise FilesMapInvalid(reason="what a path names is not null")
    upload = Upload(name)
    if isinstance(within, dict):
        within[last] = upload
    elif isinstance(within, list):
        within[int(last)] = upload
    return upload


def _member(within: object, step: str) -> object:
    if isinstance(within, dict) and step in within:
        return within[step]
    if (
        isinstance(within, list)
        and step.isascii()
        and step.isdecimal()
        and len(step) < _DEEPEST
        and int(step) < len(within)
    ):
        return within[int(step)]
    raise FilesMapInvalid(reason="a path names nothing")
