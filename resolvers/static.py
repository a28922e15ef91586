"""Static fields run by graphql-core; a refusal of a static mutation becomes its payload's `errors`, and its
`clientMutationId` comes back.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from inspect import isawaitable
from typing import TYPE_CHECKING

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    OperationDefinitionNode,
    SelectionSetNode,
    execute,
    get_named_type,
)
from graphql.execution import MiddlewareManager

from resolvers.errors import execution_error, input_error, violations_of
from schema.metadata.readable import unreadable
from schema.types.repeating import RepeatablePayload
from tenants.errors import Fault, Refused

if TYPE_CHECKING:
    from resolvers.context import RequestContext
    from resolvers.errors import ErrorObject
    from resolvers.operations import Operation
    from schema.types.errors import InputError


class RefusedPayload:
    """Stands for a payload of a mutation that was refused: only the id that it came with and its errors say something."""

    def __init__(self, errors: list[InputError], client_mutation_id: str | None = None) -> None:
        self.errors = errors
        self.client_mutation_id = client_mutation_id

    def __getattr__(self, _: str) -> None:
        return None


async def run_static(
    operation: Operation, context: RequestContext, nodes: Iterable[FieldNode], schema: GraphQLSchema
) -> tuple[dict[str, object] | None, list[ErrorObject]]:
    """Run these root fields; nothing as data if one that may not be null failed."""
    result = execute(
        schema,
        _document(operation, tuple(nodes)),
        context_value=context,
        variable_values=dict(operation.request.variables),
        # From the inside out: the second answers what the first refuses.
        middleware=MiddlewareManager(_refuse_unreadable, _answer_refusals),
        hide_suggestions=True,
    )
    done = await result if isawaitable(result) else result
    return done.data, [execution_error(error, context.origin) for error in done.errors or ()]


def _document(operation: Operation, nodes: tuple[FieldNode, ...]) -> DocumentNode:
    node = operation.node
    only = OperationDefinitionNode(
        operation=node.operation,
        name=node.name,
        variable_definitions=node.variable_definitions or (),
        directives=(),
        selection_set=SelectionSetNode(selections=nodes),
    )
    return DocumentNode(definitions=(only, *operation.document.fragments.values()))


def _refuse_unreadable(
    following: Callable[..., object], source: object, info: GraphQLResolveInfo[RequestContext], **arguments: object
) -> object:
    if not arguments:
        return following(source, info)
    given = arguments.get("input")
    has_payload = _has_errors(info)
    violations = unreadable(given if isinstance(given, Mapping) and has_payload else arguments)
    if not violations:
        return following(source, info, **arguments)
    # Without a payload nothing says where it is.
    return _refused(Refused(violations) if has_payload else violations[0].fault)


async def _refused(fault: Fault) -> None:
    raise fault


def _answer_refusals(
    following: Callable[..., object], source: object, info: GraphQLResolveInfo[RequestContext], **arguments: object
) -> object:
    answer = following(source, info, **arguments)
    if info.path.prev is None and isawaitable(answer) and _has_errors(info):
        return _refusal_or(answer, info, _client_mutation_id(arguments))
    return answer


def _has_errors(info: GraphQLResolveInfo[RequestContext]) -> bool:
    payload = get_named_type(info.return_type)
    return (
        info.parent_type is info.schema.mutation_type
        and isinstance(payload, GraphQLObjectType)
        and "errors" in payload.fields
    )


def _client_mutation_id(arguments: Mapping[str, object]) -> str | None:
    given = arguments.get("input")
    return given.get("clientMutationId") if isinstance(given, Mapping) else None


async def _refusal_or(
    answer: Awaitable[object], info: GraphQLResolveInfo[RequestContext], client_mutation_id: str | None
) -> object:
    try:
        payload = await answer
    except Fault as fault:
        violations = violations_of(fault)
        if violations is None:
            raise
        errors = [input_error(each, info.context.origin.language) for each in violations]
        return RefusedPayload(errors, client_mutation_id)
    if isinstance(payload, RepeatablePayload):
        payload.client_mutation_id = client_mutation_id
    return payload
