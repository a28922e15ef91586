"""GraphQL over HTTP: media types, methods, body and status; what is inside a request is `resolvers.operations`.

Only `application/json` bodies are read, and forms with files that a browser asks us about before it sends them, so no
form of another site can send one for a signed-in browser.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from graphql import OperationType
from starlette.responses import Response

from resolvers import metrics
from resolvers.bodies import receive_body
from resolvers.context import RequestContext, as_viewed, find_origin, find_placement, find_principal
from resolvers.errors import error_object, known, status_of
from resolvers.exchange import Incoming, Reply, posted, raw_headers, refuse_repeated
from resolvers.json_text import dumps
from resolvers.media import JSON, accepted, is_json
from resolvers.multipart import is_multipart
from resolvers.mutations import run_mutations
from resolvers.operations import Answer, Preparation, Request, RequestRefused
from resolvers.refusals import (
    ABOUT_DOCUMENT,
    AnswerTooLarge,
    BodyTooLarge,
    BodyTooSlow,
    ContentEncoded,
    MalformedRequest,
    WrongContentType,
)
from resolvers.spending import Spending
from resolvers.upload_requests import read_operations, refuse_unasked, taken_in
from services import identity
from tenants import tracing
from tenants.budgets import BudgetSpent
from tenants.clock import monotonic
from tenants.transactions import SignedOut

if TYPE_CHECKING:
    from starlette.requests import Request as HttpRequest
    from starlette.types import Receive, Scope, Send

    from resolvers.errors import ErrorObject
    from resolvers.operations import Operation
    from resolvers.queries import Queries
    from resolvers.upload_requests import Coming
    from tenants.context import Origin
    from tenants.errors import Fault
    from tenants.installation import Installation
    from tenants.tracing import Step

_MEMBERS = frozenset({"query", "documentId", "variables", "operationName", "extensions"})
_OK = 200
_AS_IT_IS = "identity"
_JSON = json.JSONDecoder()
_BLANK = " \t\n\r"
_HASH = re.compile(r"[0-9a-f]{64}\Z")


@dataclass(frozen=True, slots=True)
class GraphQLDoor:
    """The route. One for the process."""

    installation: Installation
    preparation: Preparation
    queries: Queries

    async def __call__(self, request: HttpRequest) -> Response:
        """Answer one request; nothing gets out of here but a response."""
        reply, request_id = await self._answered(
            Incoming(
                request.method,
                request.headers,
                request.client.host if request.client else "",
                request.receive,
                request.scope["headers"],
                request.query_params,
            )
        )
        response = Response(reply.body, reply.status)
        response.raw_headers = raw_headers(reply, request_id)
        return response

    async def post(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one POST without making objects of request and response; otherwise the same."""
        reply, request_id = await self._answered(posted(scope, receive))
        await send({"type": "http.response.start", "status": reply.status, "headers": raw_headers(reply, request_id)})
        await send({"type": "http.response.body", "body": reply.body})

    async def _answered(self, request: Incoming) -> tuple[Reply, str]:
        """The answer, and the id of the request."""
        began = monotonic()
        content_type = request.headers.get("content-type", "")
        sends_files = content_type != JSON and is_multipart(content_type)
        longest_ms = self.preparation.limits.request_ms
        if sends_files:
            # Files take their time; what is done with them has that of any request.
            longest_ms += self.installation.settings.files.upload_seconds * 1000
        origin = find_origin(request.headers, request.address, longest_ms=longest_ms)
        with self.installation.tracing.request(request.headers.get("traceparent", "")) as step:
            reply = await self._reply(request, origin, step, sends_files=sends_files)
            if step.is_traced:
                step.tell("http.request.method", request.method)
                step.tell("http.response.status_code", reply.status)
                step.tell("kezhi.request_id", origin.request_id)
                step.tell("kezhi.code", reply.code or "OK")
        metrics.count(reply.code, monotonic() - began)
        return reply, origin.request_id

    async def _reply(self, request: Incoming, origin: Origin, step: Step, *, sends_files: bool) -> Reply:
        media = JSON
        context: RequestContext | None = None
        try:
            media = accepted(request.headers.get("accept", ""))
            refuse_repeated(request.raw)
            asked, coming = await self._asked(request, sends_files=sends_files)
            context = await open_context(self.installation, request.headers, origin)
            step.tell("kezhi.tenant", context.placement.schema)
            with tracing.step("preparation"):
                operation = await self.preparation.prepare(context, asked, reads_only=request.method != "POST")
            if operation.is_untrusted:
                context = context.untrusted()
            if coming is None:
                answer = await self._answer(operation, context)
            else:
                answer = await self._answer_with_files(operation, context, coming)
            tells = asked.tells_cost or "x-cost" in request.headers
            body = answer.body({"cost": context.spending.told()} if tells else None)
        except RequestRefused as refused:
            return _refusal(refused.errors, media, refused.fault, sends_files=sends_files)
        except Exception as error:  # noqa: BLE001 - one of the three doors: what was not foreseen is logged and masked
            fault = known(error, origin)
            if context is not None and isinstance(error, SignedOut):
                # Whoever has a token of a session that has ended does not spend what its user has left.
                context.spending.give_back()
            return _refusal([error_object(fault, origin)], media, fault, sends_files=sends_files)
        return Reply(body, media, code=answer.code)

    async def _asked(self, request: Incoming, *, sends_files: bool) -> tuple[Request, Coming | None]:
        if request.method != "POST":
            return _from_query(request.query), None
        if sends_files:
            refuse_unasked(request.headers)
            given, coming = await read_operations(request, self.installation.settings.files, self.preparation.limits)
            return _request(given), coming
        if not is_json(request.headers.get("content-type", "")):
            raise WrongContentType
        encoding = request.headers.get("content-encoding")
        if encoding is not None and (named := encoding.strip().lower()) != _AS_IT_IS:
            raise ContentEncoded(encoding=named[:20])
        return _from_json(await receive_body(request.receive, self.preparation.limits)), None

    async def _answer_with_files(self, operation: Operation, context: RequestContext, coming: Coming) -> Answer:
        async with taken_in(coming, context, self.installation.files):
            return await self._answer(operation, context._replace(uploads=coming.arrived))

    async def _answer(self, operation: Operation, context: RequestContext) -> Answer:
        with tracing.step("operation") as step:
            if operation.node.operation is OperationType.MUTATION:
                identity.refuse_viewer(context.principal)
                answer = await run_mutations(operation, context)
            else:
                answer = await self.queries.run(operation, context)
                # What a mutation answers is of what it has written; refusing it would hide that it was.
                if len(answer.data) > self.preparation.limits.answer_bytes:
                    raise AnswerTooLarge(max=self.preparation.limits.answer_bytes)
            if step.is_traced:
                step.tell("graphql.operation.type", operation.node.operation.value)
                # Not the document: it may have values in it.
                step.tell("kezhi.document", sha256(operation.document.text.encode()).hexdigest())
                step.tell("kezhi.cost", context.spending.cost)
                step.tell("kezhi.bytes", len(answer.data))
        return answer


async def open_context(installation: Installation, headers: Mapping[str, str], origin: Origin) -> RequestContext:
    """The tenant that is named and the principal whose token is presented; the token must be of that tenant."""
    settings = installation.settings
    placement = await find_placement(installation.catalog, headers, settings.server.base_domain)
    principal = await find_principal(installation, placement, headers, origin)
    context = RequestContext(
        placement=placement,
        principal=principal,
        origin=origin,
        transactions=installation.transactions,
        cache=installation.cache,
        keys=installation.keys,
        tokens=settings.tokens,
        spending=Spending.of(installation.budgets, settings.limits, placement.tenant_id, principal, origin),
        files=settings.files,
    )
    return await as_viewed(context, headers) if "x-view-as" in headers else context


def _from_json(body: bytes) -> Request:
    try:
        # RFC 8259, 8.1: UTF-8, and a mark of the byte order may be ignored.
        text = body.decode().removeprefix("\ufeff").strip(_BLANK)
        given, end = _JSON.raw_decode(text)
    except (ValueError, RecursionError):
        raise MalformedRequest(reason="the body is not JSON") from None
    if end < len(text):
        raise MalformedRequest(reason="the body is not JSON")
    if not isinstance(given, dict):
        raise MalformedRequest(reason="the body is not a JSON object")
    return _request(given)


def _from_query(parameters: Mapping[str, str]) -> Request:
    given: dict[str, object] = {name: value for name, value in parameters.items() if name in _MEMBERS}
    for name in ("variables", "extensions"):
        text = parameters.get(name)
        if text is not None:
            try:
                given[name] = json.loads(text) if text else None
            except (ValueError, RecursionError):
                raise MalformedRequest(reason=f"{name} is not JSON") from None
    return _request(given)


def _request(given: Mapping[str, object]) -> Request:
    variables, name, extensions = given.get("variables"), given.get("operationName"), given.get("extensions")
    if variables is not None and not isinstance(variables, dict):
        raise MalformedRequest(reason="variables must be an object")
    if name is not None and not isinstance(name, str):
        raise MalformedRequest(reason="operationName must be a text")
    if extensions is not None and not isinstance(extensions, dict):
        raise MalformedRequest(reason="extensions must be an object")
    persisted, tells_cost = None, False
    if extensions:
        persisted, tells_cost = extensions.get("persistedQuery"), extensions.get("cost") is True
    text, document_id, hash_ = _document(given, persisted)
    return Request(text, variables or {}, name or None, document_id, hash_, tells_cost=tells_cost)


def _document(given: Mapping[str, object], persisted: object) -> tuple[str, str | None, str | None]:
    """What is to be run: a text, the id of a trusted document, or a hash with or without its text."""
    text, document_id = given.get("query"), given.get("documentId")
    if document_id is not None:
        if not isinstance(document_id, str) or not document_id or text is not None or persisted is not None:
            raise MalformedRequest(reason="documentId must be a text, without a query")
        return "", document_id, None
    hash_: str | None = None
    if persisted is not None:
        hash_ = _hash(persisted)
        text = text or ""
    if text is None:
        raise MalformedRequest(reason="there is no query in it; a browser gets the explorer from GET /graphql")
    if not isinstance(text, str) or not (text or hash_):
        raise MalformedRequest(reason="query must be a text")
    return text, None, hash_


def _hash(persisted: object) -> str:
    found = persisted.get("sha256Hash") if isinstance(persisted, dict) and persisted.get("version") == 1 else None
    if not isinstance(found, str) or not _HASH.match(found):
        raise MalformedRequest(reason="persistedQuery must have version 1 and a sha256Hash")
    return found


def _refusal(errors: list[ErrorObject], media: str, fault: Fault, *, sends_files: bool) -> Reply:
    # In application/json a client cannot tell our 4xx from a proxy's, so a document that we read answers 200.
    status = _OK if media == JSON and type(fault) in ABOUT_DOCUMENT else status_of(fault)
    headers = {"retry-after": str(fault.details["seconds"])} if isinstance(fault, BudgetSpent) else {}
    if sends_files or isinstance(fault, BodyTooLarge | BodyTooSlow):
        # The rest of the body would still come; nobody waits for it.
        headers["connection"] = "close"
    return Reply(b'{"errors":' + dumps(errors) + b"}", media, status, fault.code, headers)
