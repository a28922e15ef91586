"""Variables before anything is made of them: counted against the limits, and coerced to the types of their schema.

The limits of a document do not count what is in its variables, and an object among them costs as much time as its type
has fields: a body of full size, all of it conditions of a filter, would keep a processor for a minute.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING

from graphql import GraphQLError, GraphQLSchema, OperationDefinitionNode, OperationType, get_variable_values

from resolvers.refusals import TooManyInputObjects, TooManyInputValues

if TYPE_CHECKING:
    from graphql.execution import VariableValues

    from tenants.settings import LimitSettings

_MOST_ERRORS = 20
# What has more values is coerced beside the event loop: it takes long enough for others to notice.
_MANY = 1_000
_NOTHING = object()


def refuse_too_many(variables: Mapping[str, object], operation: OperationType, limits: LimitSettings) -> None:
    """A fault if there are too many values, or too many objects among them."""
    most = limits.mutation_objects if operation is OperationType.MUTATION else limits.query_objects
    waiting = list(variables.values())
    objects = values = 0
    # As `_values` walks them, written out: every request comes through here.
    while waiting:
        value = waiting.pop()
        values += 1
        if isinstance(value, dict):
            objects += 1
            if objects > most:
                raise TooManyInputObjects(max=most)
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
        if values > limits.values:
            raise TooManyInputValues(max=limits.values)


async def coerce(
    schema: GraphQLSchema, node: OperationDefinitionNode, given: Mapping[str, object]
) -> VariableValues | list[GraphQLError]:
    """The variables of an operation, or what is wrong with them."""

    def work() -> VariableValues | list[GraphQLError]:
        return get_variable_values(
            schema, node.variable_definitions or (), dict(given), _MOST_ERRORS, hide_suggestions=True
        )

    is_long = next(islice(_values(given), _MANY, None), _NOTHING) is not _NOTHING
    return await asyncio.to_thread(work) if is_long else work()


def _values(variables: Mapping[str, object]) -> Iterator[object]:
    waiting = list(variables.values())
    while waiting:
        value = waiting.pop()
        yield value
        if isinstance(value, dict):
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
