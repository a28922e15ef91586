from __future__ import annotations

from graphql import build_schema, get_named_type

from resolvers.selection.operands import VariableLeaf, freeze, mark, resolve

SCHEMA = build_schema("""
type Query { find(f: Filter, n: Int, tags: [String!]): String }
input Filter { and: [Filter!] text: String, flag: Boolean, unit: Unit, in: [Int!] }
enum Unit { DAY WEEK }
""")
assert SCHEMA.query_type is not None
FILTER = SCHEMA.query_type.fields["find"].args["f"].type
TAGS = SCHEMA.query_type.fields["find"].args["tags"].type


def test_leaves_are_marked_and_shape_stays() -> None:
    given = {"text": "a", "flag": False, "unit": "DAY", "in": [1, 2], "and": [{"text": None}, {"text": "b"}]}

    assert mark(given, FILTER, ("f",)) == {
        "text": VariableLeaf(("f", "text")),
        "flag": False,
        "unit": "DAY",
        "in": VariableLeaf(("f", "in")),
        "and": [{"text": None}, {"text": VariableLeaf(("f", "and", 1, "text"))}],
    }


def test_list_of_leaves_is_one_value() -> None:
    assert mark(["a", "b"], TAGS, ("tags",)) == VariableLeaf(("tags",))
    assert str(get_named_type(TAGS)) == "String"


def test_other_values_have_the_same_shape_and_other_members_another() -> None:
    first = freeze(mark({"text": "a", "in": [1]}, FILTER, ("f",)))

    assert first == freeze(mark({"text": "b", "in": [1, 2, 3]}, FILTER, ("f",)))
    assert first != freeze(mark({"text": "a"}, FILTER, ("f",)))
    assert first != freeze(mark({"text": None, "in": [1]}, FILTER, ("f",)))
    assert freeze({"flag": True}) != freeze({"flag": False})
    assert freeze([True]) != freeze([1])


def test_source_is_resolved_in_the_variables_of_a_request() -> None:
    variables = {"f": {"and": [{"text": "x"}, {"text": "y"}]}}
    leaf = VariableLeaf(("f", "and", 1, "text"))

    assert resolve(leaf, variables) == "y"
    assert resolve(["a", leaf], variables) == ["a", "y"]
    assert resolve({"unit": "DAY", "from": leaf}, variables) == {"unit": "DAY", "from": "y"}
    assert resolve(7, variables) == 7
