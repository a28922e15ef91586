from __future__ import annotations

from graphql import GraphQLObjectType

from resolvers.selection.picking import Document, pick
from tests.builders.selections import operation, schema


def keys(text: str, type_name: str = "Query", **variables: object) -> list[str]:
    made = operation(text, **variables)
    type_ = schema().type_map[type_name]
    assert isinstance(type_, GraphQLObjectType)
    document = Document(made.schema, made.document.fragments, made.variables)
    return [each.key for each in pick(document, type_, (made.node.selection_set,))]


def test_keys_are_in_response_order_and_merged() -> None:
    assert keys("{ b: hello a: hello b: hello __typename }") == ["b", "a", "__typename"]


def test_fragments_are_written_out_once() -> None:
    text = "{ ...F a: hello ...F ... { c: hello } } fragment F on Query { b: hello }"

    assert keys(text) == ["b", "a", "c"]


def test_skip_and_include_are_obeyed_on_fields_and_fragments() -> None:
    text = """query ($yes: Boolean!, $no: Boolean!) {
        a: hello @include(if: $no) b: hello @skip(if: $yes) c: hello @include(if: $yes) @skip(if: $no)
        ... @include(if: $no) { d: hello } ...F @skip(if: $no)
    } fragment F on Query { e: hello }"""

    assert keys(text, yes=True, no=False) == ["c", "e"]


def test_fragments_of_other_types_do_not_apply() -> None:
    made = operation(
        '{ node(id: "x") { id ... on Node { again: id } ... on Customer { name } ... on Contact { title } } }'
    )
    (root,) = made.node.selection_set.selections
    customer = schema().type_map["Customer"]
    assert isinstance(customer, GraphQLObjectType)
    document = Document(made.schema, made.document.fragments, made.variables)

    found = pick(document, customer, (root.selection_set,))  # type: ignore[attr-defined] # the only selection is a field

    assert [each.key for each in found] == ["id", "again", "name"]
