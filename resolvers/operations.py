"""One GraphQL operation from its text to the bytes of its answer: read, validated, bound to variables, run.

Names are checked against the shape that this process knows; a refusal that an older shape could explain reads the
tenant's state once before it is let out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple, cast
from weakref import proxy

from graphql import GraphQLError, GraphQLSchema, OperationDefinitionNode, OperationType, specified_rules, validate
from graphql.execution import VariableValues
from graphql.validation.rules import overlapping_fields_can_be_merged

from resolvers.coercion import Variables, variables_of
from resolvers.complaints import in_chinese
from resolvers.documents import aside
from resolvers.errors import error_object
from resolvers.json_text import dumps
from resolvers.known_operations import KnownOperation, KnownOperations, kept_with
from resolvers.literals import placed
from resolvers.near_names import with_near_names
from resolvers.persisted import PersistedDocuments, outdated_name
from resolvers.projections import (
    NOTHING_SEEN,
    Sight,
    current_projection,
    current_sight,
    known_projection,
    known_registry,
    known_sight,
)
from resolvers.refusals import (
    DocumentInvalid,
    DocumentNotTrusted,
    DocumentOutdated,
    MethodNotAllowed,
    OperationNotSupported,
    VariablesInvalid,
)
from resolvers.variables import coerce, refuse_too_many
from schema.sdl.conditions import IfPermittedRule
from services import trusted_documents
from tenants.context import TenantSettings
from tenants.errors import Fault, Unauthenticated
from tenants.shape_cache import ShapeCache

if TYPE_CHECKING:
    from collections.abc import Sequence

    from resolvers.context import RequestContext
    from resolvers.documents import Documents, ParsedDocument
    from resolvers.errors import ErrorObject
    from resolvers.schemas import Schemas
    from schema.metadata.registry import Registry
    from tenants.context import Origin
    from tenants.settings import LimitSettings

INTROSPECTION = frozenset({"__schema", "__type"})
_TYPENAME = "__typename"
_MOST_ERRORS = 20
# What comparing fields of one name may cost. The library offers this attribute to be set; its own value lets a document
# of 20 KB take five seconds, and a client's longest document does not come near this one.
overlapping_fields_can_be_merged.MAX_COMPLEXITY_BUDGET = 50_000


class RequestRefused(Exception):
    """The request has errors and no data."""

    def __init__(self, errors: list[ErrorObject], fault: Fault) -> None:
        super().__init__(fault.code)
        self.errors = errors
        self.fault = fault


class Request(NamedTuple):
    """What a client asks: the members of a GraphQL request."""

    text: str
    variables: Mapping[str, object]
    operation_name: str | None = None
    # Names a trusted document instead of a text, or a text by its SHA-256.
    document_id: str | None = None
    hash: str | None = None
    # Whether the answer is to say what it cost.
    tells_cost: bool = False

    @property
    def is_own_text(self) -> bool:
        """Whether it comes with a text that nothing else names."""
        return self.document_id is None and self.hash is None


class Operation(NamedTuple):
    """An operation that is valid for a schema, with coerced variables."""

    schema: GraphQLSchema
    # Of the schema: what is made of the operation is the same for equal keys.
    schema_key: str
    # What introspection is answered from: what is there for the caller, with the tenant's words.
    introspected: GraphQLSchema
    document: ParsedDocument
    node: OperationDefinitionNode
    request: Request
    variables: VariableValues
    # Nobody in particular asks without one.
    registry: Registry | None
    # What its variables were coerced by.
    declared: Variables | None = None
    # A text of the client's own that asks more than everybody may ask anyhow.
    is_untrusted: bool = False


class Answer(NamedTuple):
    """What is sent back: `data` as text, and the errors beside it."""

    data: bytes
    errors: Sequence[ErrorObject] = ()

    @property
    def code(self) -> str | None:
        """The code of the first error."""
        extensions = self.errors[0]["extensions"] if self.errors else None
        return str(extensions["code"]) if isinstance(extensions, dict) else None

    def body(self, extensions: Mapping[str, object] | None = None) -> bytes:
        """The response."""
        errors = b'"errors":' + dumps(list(self.errors)) + b"," if self.errors else b""
        beside = b',"extensions":' + dumps(extensions) if extensions else b""
        return b"{" + errors + b'"data":' + self.data + beside + b"}"


class Preparation:
    """Turns requests into operations."""

    def __init__(self, schemas: Schemas, documents: Documents, limits: LimitSettings) -> None:
        self.limits = limits
        self._schemas = schemas
        self._documents = documents
        self._persisted = PersistedDocuments()
        # Who must run trusted documents still signs in and out, and looks at the schema.
        roots = (schemas.static.query_type, schemas.static.mutation_type)
        self._free = INTROSPECTION | {_TYPENAME} | {name for root in roots if root is not None for name in root.fields}
        self._valid: ShapeCache[tuple[GraphQLError, ...]] = ShapeCache("validations", 4096)
        self._known = KnownOperations()

    async def prepare(self, context: RequestContext, request: Request, *, reads_only: bool) -> Operation:
        """The operation; `RequestRefused` or a fault if it cannot run."""
        at_hand = self._at_hand(context, request, reads_only=reads_only)
        if at_hand is not None:
            return at_hand
        request = await self._persisted.with_text(context, request)
        # Nobody in particular fills what is a tenant's.
        keeper = context.placement.tenant_id if context.is_signed_in else None
        document = await self._documents.read(request.text, by=keeper)
        node = document.operation(request.operation_name)
        if node.operation is OperationType.SUBSCRIPTION:
            raise OperationNotSupported
        if reads_only and node.operation is not OperationType.QUERY:
            raise MethodNotAllowed
        refuse_too_many(request.variables, node.operation, self.limits)
        names = document.root_names(node)
        if not context.is_signed_in:
            self._only_static(node, names)
            return await self._checked(context, request, document, node, NOTHING_SEEN)
        is_untrusted = request.document_id is None and not names <= self._free
        if is_untrusted and await _trusted_only(context):
            raise DocumentNotTrusted
        seen = await self._seen(context, request, document, node)
        operation = seen._replace(is_untrusted=is_untrusted)
        self._keep(context, operation)
        return operation

    def _at_hand(self, context: RequestContext, request: Request, *, reads_only: bool) -> Operation | None:
        """The operation, if this process has checked it for this schema before: what nearly every request is.

        Nothing where anything is missing, doubtful or wrong; the long way says what it is.
        """
        sight = known_sight(context) if context.is_signed_in and request.is_own_text else None
        if sight is None or sight.registry is None:
            return None
        key = sight.key
        known = self._known.find(request.text, request.operation_name, key)
        if known is None or (reads_only and known.node.operation is not OperationType.QUERY):
            return None
        refuse_too_many(request.variables, known.node.operation, self.limits)
        schema = self._schemas.begun(key)
        if schema is None:
            return None
        kept = kept_with(schema)
        declared = kept.variables.get((known.document.text, _name(known.node)))
        if declared is None:
            return None
        members = kept.coercers.members
        variables = declared.coerced(request.variables)
        if members != kept.coercers.members:
            # Inputs were looked into that nobody had given before.
            self._schemas.weigh(schema, key)
        if variables is None or (known.is_untrusted and _may_be_trusted_only(context)):
            return None
        return Operation(
            schema,
            key,
            schema,
            known.document,
            known.node,
            request,
            variables,
            sight.registry,
            declared,
            known.is_untrusted,
        )

    def _keep(self, context: RequestContext, operation: Operation) -> None:
        """Remember an operation that was let through, where nothing of it is looked up by who asks."""
        document, node, request = operation.document, operation.node, operation.request
        if request.is_own_text and operation.declared and not document.root_names(node) & INTROSPECTION:
            known = KnownOperation(document, node, operation.is_untrusted)
            self._known.keep(known, request.operation_name, operation.schema_key, by=context.placement.tenant_id)

    async def _seen(
        self, context: RequestContext, request: Request, document: ParsedDocument, node: OperationDefinitionNode
    ) -> Operation:
        """Checked against what the caller sees, by what this process knows or, if that refuses it, as it is now."""
        seen = None if document.root_names(node) & INTROSPECTION else known_sight(context)
        if seen is None:
            return await self._checked(context, request, document, node, await current_sight(context))
        try:
            return await self._checked(context, request, document, node, seen)
        except RequestRefused:
            current = await current_sight(context)
            if current.is_as(seen):
                raise
            return await self._checked(context, request, document, node, current)

    def _only_static(self, node: OperationDefinitionNode, names: frozenset[str]) -> None:
        """Without a token, nothing but the platform's own fields is answered, and no name of the tenant is told."""
        static = self._schemas.static
        root = static.mutation_type if node.operation is OperationType.MUTATION else static.query_type
        if not names <= {_TYPENAME, *(root.fields if root else ())}:
            raise Unauthenticated

    async def _checked(
        self,
        context: RequestContext,
        request: Request,
        document: ParsedDocument,
        node: OperationDefinitionNode,
        sight: Sight,
    ) -> Operation:
        tenant, origin, registry = context.placement.tenant_id, context.origin, sight.registry
        schema = self._schemas.static
        if registry is not None:
            schema = self._schemas.joined(registry, by=tenant, projection=sight.narrowed)
        errors: Sequence[GraphQLError] = await self._errors(schema, document, sight.key, context)
        if errors:
            errors = [
                placed(each, document.node) for each in with_near_names(errors, await self._near(context, schema))
            ]
            if request.document_id is not None:
                fault = DocumentOutdated(field=outdated_name(errors[0]))
                raise RequestRefused([error_object(fault, origin, source=errors[0])], fault)
            raise _refused(errors, DocumentInvalid, origin)
        declared = _variables(schema, document, node, context)
        variables = declared.coerced(request.variables) or await coerce(schema, node, request.variables)
        self._schemas.weigh(schema, sight.key)
        if isinstance(variables, list):
            raise _refused(variables, VariablesInvalid, origin)
        introspected = schema
        if registry is not None and document.root_names(node) & INTROSPECTION:
            found = sight.narrowed or (await current_projection(context))[1]
            introspected = await self._schemas.worded(registry, origin.language, found, of=tenant)
        return Operation(schema, sight.key, introspected, document, node, request, variables, registry, declared)

    async def _near(self, context: RequestContext, schema: GraphQLSchema) -> GraphQLSchema:
        """Where names are suggested from: what the caller may use, also where the whole schema is validated against."""
        if not context.is_signed_in or context.principal.is_token:
            return schema
        registry, projection = known_registry(context), known_projection(context)
        if registry is None or projection is None:
            registry, projection = await current_projection(context)
        return self._schemas.joined(registry, by=context.placement.tenant_id, projection=projection)

    async def _errors(
        self, schema: GraphQLSchema, document: ParsedDocument, schema_key: str, context: RequestContext
    ) -> tuple[GraphQLError, ...]:
        key = (document.text, schema_key)
        found = self._valid.get(key)
        if found is None:
            found = tuple(await aside(document.text, lambda: validated(schema, document)))
            self._schemas.weigh(schema, schema_key)
            if context.is_signed_in and document.is_lasting:
                self._valid.put(key, found, by=context.placement.tenant_id)
        return found


def validated(schema: GraphQLSchema, document: ParsedDocument) -> list[GraphQLError]:
    """What is wrong with a document, as far as it shows without its variables."""
    # The library leaves circles behind, in which the schema would wait for the collector of garbage.
    lent = cast("GraphQLSchema", proxy(schema))
    found = validate(
        lent,
        document.node,
        [*specified_rules, IfPermittedRule],
        max_errors=_MOST_ERRORS,
        hide_suggestions=True,
        allow_empty_selection_sets=False,
    )
    for each in found:
        _forget_frames(each)
    return found


def _forget_frames(error: GraphQLError) -> None:
    """A value that does not fit was raised, and holds the frames that it went through, down to those that have the schema."""
    left: list[BaseException | None] = [error]
    # The same one stands behind another in several ways.
    seen: set[int] = set()
    while left:
        each = left.pop()
        if each is not None and id(each) not in seen:
            seen.add(id(each))
            each.__traceback__ = None
            left += (each.__cause__, each.__context__, getattr(each, "original_error", None))


def _variables(
    schema: GraphQLSchema, document: ParsedDocument, node: OperationDefinitionNode, context: RequestContext
) -> Variables:
    kept, key = kept_with(schema), (document.text, _name(node))
    found = kept.variables.get(key)
    if found is None:
        found = variables_of(schema, node, kept.coercers)
        if context.is_signed_in and document.is_lasting:
            kept.variables.put(key, found, by=context.placement.tenant_id, weight=found.weight)
    return found


def _name(node: OperationDefinitionNode) -> str:
    return node.name.value if node.name else ""


async def _trusted_only(context: RequestContext) -> bool:
    """Whether this caller may run trusted documents only."""
    return _may_be_trusted_only(context) and await context.read(trusted_documents.are_required)


def _may_be_trusted_only(context: RequestContext) -> bool:
    """Whether that has to be asked: not where this process knows that everybody may run any."""
    tenant = context.placement.tenant_id
    versions = context.cache.versions(tenant)
    settings = None if versions is None else context.cache.get(TenantSettings, tenant, versions.metadata)
    return settings is None or settings.trusted_only


def _refused(
    errors: Sequence[GraphQLError], kind: type[DocumentInvalid | VariablesInvalid], origin: Origin
) -> RequestRefused:
    faults = [kind(reason=each.message, reason_zh=in_chinese(each.message)) for each in errors]
    found = [error_object(fault, origin, source=each) for fault, each in zip(faults, errors, strict=True)]
    return RequestRefused(found, faults[0])
