"""One request's tenant and principal, and the units of work bound to them: what static resolvers get as context."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from functools import lru_cache, partial
from os import urandom
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, TypeVar

import strawberry

from resolvers.refusals import BearerExpected, DocumentNotTrusted, TenantAmbiguous, TenantMissing, TenantUnknown
from services import identity, oauth, trusted_documents
from tenants.clock import monotonic
from tenants.context import ANONYMOUS, DefinitionWork, Origin, Principal, ReadWork, Work
from tenants.errors import NotFound, Unauthenticated
from tenants.ids import record_id

if TYPE_CHECKING:
    from resolvers.spending import Spending
    from services.files import Arrived
    from tenants.cache import TenantCache
    from tenants.catalog import Catalog
    from tenants.errors import Language
    from tenants.installation import Installation
    from tenants.keys import TokenKeys
    from tenants.placement import Placement
    from tenants.settings import FileSettings, TokenSettings
    from tenants.transactions import Transactions

T = TypeVar("T")
W = TypeVar("W", bound=ReadWork)

_SLUG = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\Z")
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}\Z")
_MILLISECONDS = re.compile(r"[1-9][0-9]{0,8}\Z")
_LONGEST_TOKEN = 4096
_LONGEST_AGENT = 300
_LONGEST_HOST = 300


class RequestContext(NamedTuple):
    """Who asks, of which tenant."""

    placement: Placement
    principal: Principal
    origin: Origin
    transactions: Transactions
    cache: TenantCache
    keys: TokenKeys
    tokens: TokenSettings
    spending: Spending
    files: FileSettings
    # A document of its own, where trusted ones may be required: asked in each transaction, by the state that it sees.
    is_untrusted: bool = False
    # The files that came with the request, by the names of their parts; each is taken out by the first who asks for it.
    uploads: dict[str, Arrived] | None = None

    @property
    def is_signed_in(self) -> bool:
        """Whether anybody in particular asks."""
        return not self.principal.is_anonymous

    def untrusted(self) -> RequestContext:
        """The same with a document that is none of the trusted ones."""
        # Nearly every request of an administrator comes through here, and `_replace` takes nearly twice as long.
        return RequestContext(*self[:-2], is_untrusted=True, uploads=self.uploads)

    def take_upload(self, part: str) -> Arrived | None:
        """The file that came as this part, for the first who asks for it."""
        return self.uploads.pop(part, None) if self.uploads else None

    def read(self, verb: Callable[[ReadWork], Awaitable[T]], *, deferred: bool = False) -> Awaitable[T]:
        """One READ ONLY transaction, to be awaited at once."""
        trusted = self._trusted(verb)
        return self.transactions.read(self.placement, self.principal, self.origin, trusted, deferred=deferred)

    async def write(self, verb: Callable[[Work], Awaitable[T]]) -> T:
        """One transaction that writes records."""
        return await self.transactions.write(self.placement, self.principal, self.origin, self._trusted(verb))

    async def define(self, verb: Callable[[DefinitionWork], Awaitable[T]]) -> T:
        """One transaction that changes definitions."""
        identity.refuse_viewer(self.principal)
        # It locks the state of the tenant first, so whoever may not define must not get that far.
        if not self.is_signed_in:
            raise Unauthenticated
        await self.read(identity.require_definitions)
        return await self.transactions.define(self.placement, self.principal, self.origin, self._trusted(verb))

    def _trusted(self, verb: Callable[[W], Awaitable[T]]) -> Callable[[W], Awaitable[T]]:
        """The verb, refused where only trusted documents are run. What this process saw last may be older than that."""
        if not self.is_untrusted:
            return verb

        def run(work: W) -> Awaitable[T]:
            return _unless_required(work, verb) if work.settings.trusted_only else verb(work)

        return run


async def _unless_required(work: W, verb: Callable[[W], Awaitable[T]]) -> T:
    if await trusted_documents.are_required(work):
        raise DocumentNotTrusted
    return await verb(work)


Info: TypeAlias = strawberry.Info[RequestContext, None]


async def find_placement(catalog: Catalog, headers: Mapping[str, str], base_domain: str) -> Placement:
    """The tenant that the host or `X-Tenant` names; both may, if they agree."""
    by_host = _slug_of_host(headers.get("host", ""), base_domain)
    by_header = headers.get("x-tenant", "").strip().lower()
    if by_host and by_header and by_host != by_header:
        raise TenantAmbiguous
    slug = by_header or by_host
    if not slug:
        raise TenantMissing
    placement = catalog.known_by_slug(slug)
    if placement is None and _SLUG.match(slug):
        placement = await catalog.placement_by_slug(slug)
    if placement is None:
        raise TenantUnknown
    return placement


async def find_principal(
    installation: Installation, placement: Placement, headers: Mapping[str, str], origin: Origin
) -> Principal:
    """Who the bearer token names; nobody in particular without one. A foreign token of a sign-in is noted."""
    authorization = headers.get("authorization", "").strip()
    if not authorization:
        return ANONYMOUS
    scheme, _, token = authorization.partition(" ")
    bearer = token.strip()
    if scheme.lower() != "bearer" or not bearer or len(token) > _LONGEST_TOKEN:
        raise BearerExpected
    if oauth.is_api_token(bearer):
        read = partial(installation.transactions.read, placement, ANONYMOUS, origin)
        return await oauth.authenticate_token(installation.cache, placement, bearer, read)
    write = partial(installation.transactions.write, placement, ANONYMOUS, origin)
    return await identity.authenticate(installation.keys, placement, bearer, write)


async def as_viewed(context: RequestContext, headers: Mapping[str, str]) -> RequestContext:
    """The same request with the eyes of the user whom `X-View-As` names; it is paid for by whoever asks."""
    asked = headers.get("x-view-as", "").strip()
    if not asked:
        return context
    user_id = record_id(asked)
    if user_id is None:
        raise NotFound
    return context._replace(principal=await context.write(lambda work: identity.view_as(work, user_id)))


def find_origin(headers: Mapping[str, str], address: str, *, longest_ms: int) -> Origin:
    """Where the request came from, and until when. A request id of the caller is taken over if it looks like one."""
    asked_id, asked_ms = headers.get("x-request-id"), headers.get("x-timeout-ms")
    return Origin(
        request_id=asked_id if asked_id and _REQUEST_ID.match(asked_id) else urandom(16).hex(),
        language=language_of(headers.get("accept-language", "")),
        address=address,
        agent=headers.get("user-agent", "")[:_LONGEST_AGENT],
        deadline=monotonic() + (_patience(asked_ms, longest_ms) if asked_ms else longest_ms) / 1000,
    )


def language_of(accept: str) -> Language:
    """The first of Chinese and English that `Accept-Language` prefers; English without one."""
    if not accept:
        return "en"
    best: tuple[float, Language] = (0.0, "en")
    for part in accept.split(","):
        tag, _, weight = part.partition(";q=")
        primary = tag.strip().lower().split("-")[0]
        quality = _quality(weight)
        if primary == "zh" and quality > best[0]:
            best = (quality, "zh")
        elif primary == "en" and quality > best[0]:
            best = (quality, "en")
    return best[1]


def _patience(asked: str, longest_ms: int) -> int:
    """How long the caller wants to wait, in milliseconds, and never longer than allowed."""
    wanted = int(asked) if _MILLISECONDS.match(asked) else longest_ms
    return min(wanted, longest_ms)


def _quality(text: str) -> float:
    try:
        return float(text) if text.strip() else 1.0
    except ValueError:
        return 0.0


def _slug_of_host(host: str, base_domain: str) -> str:
    # What is longer than a name can be is not kept: a caller says it.
    find = _first_label if len(host) <= _LONGEST_HOST else _first_label.__wrapped__
    return find(host, base_domain)


@lru_cache(maxsize=1024)
def _first_label(host: str, base_domain: str) -> str:
    name = host.rsplit(":", 1)[0].strip().lower().rstrip(".")
    slug, dot, rest = name.partition(".")
    return slug if dot and rest == base_domain else ""
