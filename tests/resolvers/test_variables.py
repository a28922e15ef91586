from __future__ import annotations

import pytest
from graphql import GraphQLError, OperationDefinitionNode, OperationType, build_schema, parse
from graphql.execution import VariableValues

from resolvers.refusals import TooManyInputObjects, TooManyInputValues
from resolvers.variables import coerce, refuse_too_many
from tenants.settings import LimitSettings

SCHEMA = build_schema("type Query { some(of: [Int!]): Int }")
LIMITS = LimitSettings(values=10, query_objects=2, mutation_objects=3)
QUERY, MUTATION = OperationType.QUERY, OperationType.MUTATION


def operation(text: str) -> OperationDefinitionNode:
    (node,) = parse(text).definitions
    assert isinstance(node, OperationDefinitionNode)
    return node


@pytest.mark.parametrize("kind", [QUERY, MUTATION])
def test_variables_within_the_limits_are_let_through(kind: OperationType) -> None:
    refuse_too_many({"a": {"b": [1, None, "x"]}, "c": {"d": 1}, "e": 2}, kind, LIMITS)


def test_values_are_counted_wherever_they_are() -> None:
    with pytest.raises(TooManyInputValues) as caught:
        refuse_too_many({"a": [[1, 2, 3, 4], [5, 6, 7]], "b": {"c": 8}}, QUERY, LIMITS)

    assert caught.value.details == {"max": 10}


@pytest.mark.parametrize(("kind", "most"), [(QUERY, 2), (MUTATION, 3)])
def test_objects_are_counted_by_the_kind_of_operation(kind: OperationType, most: int) -> None:
    refuse_too_many({"a": [{}] * most}, kind, LIMITS)

    with pytest.raises(TooManyInputObjects) as caught:
        refuse_too_many({"a": [{}] * (most + 1)}, kind, LIMITS)

    assert caught.value.details == {"max": most}


@pytest.mark.parametrize("count", [1, 5_000])
async def test_few_and_many_are_coerced_alike(count: int) -> None:
    node = operation("query ($of: [Int!]) { some(of: $of) }")

    taken = await coerce(SCHEMA, node, {"of": [7] * count})
    refused = await coerce(SCHEMA, node, {"of": [7] * count + ["x"]})

    assert isinstance(taken, VariableValues)
    assert taken.coerced == {"of": [7] * count}
    assert isinstance(refused, list)
    assert [type(each) for each in refused] == [GraphQLError]
