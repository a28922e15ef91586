"""[H2] The quick way of coercing variables answers what graphql-core answers, or nothing."""

from __future__ import annotations

import gc
from weakref import ref

import pytest
from graphql import GraphQLSchema, build_schema, get_variable_values
from graphql.execution import VariableValues

from resolvers.coercion import Coercers, variables_of
from resolvers.documents import parse_document
from resolvers.selection import VariableLeaf, freeze, mark
from tenants.settings import LimitSettings
from tests.builders.selections import schema

LIST = "query ($f: CustomerFilter, $o: [CustomerOrder!], $n: Int) { customers(filter: $f, orderBy: $o, first: $n) { totalCount } }"
CREATE = "mutation ($i: CreateCustomerInput!) { createCustomer(input: $i) { customer { id } } }"
OWN = build_schema("""
    enum Colour { RED }
    input Inner { a: Int! = 3, b: [Inner!], c: Colour }
    input One @oneOf { a: Int, b: String }
    type Query { x(i: Inner, o: One, d: Int, l: [[Int!]]): Int }
""")
ALL = "query ($i: Inner, $o: One, $d: Int = 7, $l: [[Int!]]) { x(i: $i, o: $o, d: $d, l: $l) }"


def both(made: GraphQLSchema, text: str, given: dict[str, object]) -> tuple[VariableValues | None, object]:
    node = parse_document(text, LimitSettings()).operation(None)
    slow = get_variable_values(made, node.variable_definitions or (), given)
    return variables_of(made, node, Coercers()).coerced(given), slow


def told(values: VariableValues) -> tuple[str, dict[str, object]]:
    """The coerced values in their order, and what was given for them."""
    return repr(values.coerced), {name: source.value for name, source in values.sources.items()}


@pytest.mark.parametrize(
    ("made", "text", "given"),
    [
        (schema(), LIST, {}),
        (schema(), LIST, {"f": None, "n": None, "other": 1}),
        (schema(), LIST, {"n": 5, "o": [{"name": "ASC"}, {"owner": {"name": "DESC"}}]}),
        (schema(), LIST, {"o": {"name": "ASC"}}),
        (schema(), LIST, {"f": {"or": [{"phone": {"isEmpty": True}}], "name": {"in": ["x"]}, "not": {"level": {"eq": "a"}}}}),
        (schema(), LIST, {"f": {"createdAt": {"gte": "2026-01-01T00:00:00Z"}, "contacts": {"some": {}}}}),
        (schema(), CREATE, {"i": {"record": {"name": "x", "phone": None}, "clientMutationId": "k"}}),
        (OWN, ALL, {"d": 1, "i": {"c": "RED", "b": [{"a": 1, "b": [], "c": None}], "a": 2}, "o": {"a": 1}, "l": [[1], None]}),
        (OWN, ALL, {"d": 1, "l": 4}),
    ],
)  # fmt: skip
def test_valid_values_are_those_of_graphql_core(made: GraphQLSchema, text: str, given: dict[str, object]) -> None:
    quick, slow = both(made, text, given)

    assert isinstance(slow, VariableValues)
    assert quick is None or told(quick) == told(slow)


@pytest.mark.parametrize(
    ("made", "text", "given"),
    [
        (schema(), LIST, {"f": {"ghost": 1}}),
        (schema(), LIST, {"f": 7}),
        (schema(), LIST, {"n": "five"}),
        (schema(), LIST, {"o": [None]}),
        (schema(), LIST, {"o": [{"name": "UP"}]}),
        (schema(), LIST, {"f": {"createdAt": {"gte": "yesterday"}}}),
        (schema(), CREATE, {}),
        (schema(), CREATE, {"i": None}),
        (schema(), CREATE, {"i": {}}),
        (OWN, ALL, {"d": 1, "o": {"a": 1, "b": "x"}}),
        (OWN, ALL, {"d": 1, "o": {"a": None}}),
        (OWN, ALL, {"d": 1, "l": [[None]]}),
        (OWN, ALL, {"d": 1, "i": {"a": None}}),
    ],
)
def test_what_does_not_fit_is_left_to_graphql_core(made: GraphQLSchema, text: str, given: dict[str, object]) -> None:
    quick, slow = both(made, text, given)

    assert quick is None
    assert not isinstance(slow, VariableValues)


def test_types_that_variables_are_declared_with_are_not_kept() -> None:
    """[H2] Each operation makes its own lists and types without null; a schema outlives thousands of them."""
    coercers = Coercers()
    node = parse_document("query ($l: [[Int!]!]!) { x(l: $l) }", LimitSettings()).operation(None)

    declared = variables_of(OWN, node, coercers)
    coerced = declared.coerced({"l": [[1, 2]]})

    assert coerced is not None
    assert coerced.coerced == {"l": [[1, 2]]}
    left = ref(declared.members[0][1].type)
    del declared, coerced
    gc.collect()
    assert left() is None


def test_variables_weigh_what_they_are() -> None:
    text = "query (" + ", ".join(f"$v{number}: Int" for number in range(100)) + ") { x }"

    many = variables_of(OWN, parse_document(text, LimitSettings()).operation(None), Coercers())

    assert many.weight == 51


def test_defaults_are_left_to_graphql_core() -> None:
    assert both(OWN, ALL, {})[0] is None
    assert both(OWN, ALL, {"d": 1, "i": {}})[0] is None


def test_usual_filter_takes_the_quick_way() -> None:
    quick, slow = both(schema(), LIST, {"f": {"name": {"contains": "x"}, "level": {"in": ["a"]}}, "n": 50})

    assert isinstance(slow, VariableValues)
    assert quick is not None
    assert told(quick) == told(slow)


def test_what_is_no_part_of_an_operations_shape_has_its_marker_beforehand() -> None:
    made = build_schema("""
        enum Colour { RED }
        input Inner { a: Int }
        type Query { x(i: Inner, n: Int!, t: [[String]], b: Boolean, bs: [Boolean!], e: [Colour], l: [Inner!]): Int }
    """)
    text = """query ($i: Inner, $n: Int!, $t: [[String]], $b: Boolean, $bs: [Boolean!], $e: [Colour], $l: [Inner!]) {
        x(i: $i, n: $n, t: $t, b: $b, bs: $bs, e: $e, l: $l) }"""

    variables = variables_of(made, parse_document(text, LimitSettings()).operation(None), Coercers())

    assert variables.markers == {"n": VariableLeaf(("n",)), "t": VariableLeaf(("t",))}


@pytest.mark.parametrize(
    ("given", "is_usual"),
    [
        ({"n": 1, "t": [["a"], None]}, True),
        ({"n": 0, "t": []}, True),
        ({"n": 1, "t": None}, False),
        ({"n": 1}, False),
        ({}, False),
    ],
)
def test_values_that_are_no_shape_have_the_same_one_and_others_are_looked_at(
    given: dict[str, object], is_usual: bool
) -> None:
    made = build_schema("type Query { x(n: Int, t: [[String]]): Int }")
    node = parse_document("query ($n: Int, $t: [[String]]) { x(n: $n, t: $t) }", LimitSettings()).operation(None)
    variables = variables_of(made, node, Coercers())
    values = variables.coerced(given)
    assert values is not None

    looked_at = {
        name: mark(value, values.sources[name].signature.type, (name,)) for name, value in values.coerced.items()
    }

    assert variables.is_usual(values.coerced) is is_usual
    assert (freeze(looked_at) == variables.usual_shape) is is_usual


def test_variables_of_which_one_is_shape_have_no_usual_one() -> None:
    node = parse_document("query ($n: Int, $b: Boolean) { x(n: $n, b: $b) }", LimitSettings()).operation(None)

    variables = variables_of(build_schema("type Query { x(n: Int, b: Boolean): Int }"), node, Coercers())

    assert not variables.is_usual({"n": 1, "b": True})
