"""What comes in and what goes out, free of the web framework, so that a request can be answered with or without it.

Two ways lead to the door: Starlette's request and response, and plain ASGI for a POST, which costs a fraction. Both end in
the same function of the door.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from resolvers.bodies import Chunks
from resolvers.media import GRAPHQL, JSON
from resolvers.refusals import HeaderRepeated

if TYPE_CHECKING:
    from starlette.types import Receive, Scope

_OK = 200
_ENCODING = "latin-1"
# They say who asks, of which tenant, and with whose eyes.
_ONCE = frozenset({b"host", b"x-tenant", b"authorization", b"x-view-as"})

RawHeader: TypeAlias = tuple[bytes, bytes]

# With every answer.
_ALWAYS: tuple[RawHeader, ...] = ((b"cache-control", b"no-store"), (b"vary", b"accept, accept-language"))
_NOTHING: Mapping[str, str] = MappingProxyType({})
_CHARSET = "; charset=utf-8"
_USUAL_TYPES: Mapping[str, RawHeader] = {
    media: (b"content-type", (media + _CHARSET).encode(_ENCODING)) for media in (JSON, GRAPHQL)
}


class Incoming(NamedTuple):
    """One request; the body is read when it is wanted."""

    method: str
    headers: Mapping[str, str]
    address: str
    receive: Receive
    # As they came, with those that are there more than once.
    raw: Sequence[RawHeader]
    query: Mapping[str, str] = _NOTHING

    def chunks(self) -> Chunks:
        """The body in the pieces in which it comes."""
        return Chunks(self.receive)


class Reply(NamedTuple):
    """What goes out; `code` is that of the first error."""

    body: bytes
    media: str
    status: int = _OK
    code: str | None = None
    # Beyond those of every answer.
    headers: Mapping[str, str] = _NOTHING


def refuse_repeated(raw: Sequence[RawHeader]) -> None:
    """Refuse a request that names its tenant or its caller twice: a proxy may have gone by the other one."""
    if len(dict(raw)) == len(raw):
        return
    names = [name for name, _ in raw]
    for name in names:
        if name in _ONCE and names.count(name) > 1:
            raise HeaderRepeated(name=name.decode(_ENCODING))


def posted(scope: Scope, receive: Receive) -> Incoming:
    """A POST as ASGI tells it. Of another header that is there twice the first counts, as it does with Starlette."""
    headers = {name.decode(_ENCODING): value.decode(_ENCODING) for name, value in reversed(scope["headers"])}
    client = scope.get("client")
    return Incoming("POST", headers, client[0] if client else "", receive, scope["headers"])


def raw_headers(reply: Reply, request_id: str) -> list[RawHeader]:
    """The headers of an answer as ASGI wants them."""
    media = _USUAL_TYPES.get(reply.media) or (b"content-type", (reply.media + _CHARSET).encode(_ENCODING))
    raw = [
        *_ALWAYS,
        (b"x-request-id", request_id.encode(_ENCODING)),
        (b"content-length", b"%d" % len(reply.body)),
        media,
    ]
    if reply.headers:
        raw += [(name.encode(_ENCODING), value.encode(_ENCODING)) for name, value in reply.headers.items()]
    return raw
