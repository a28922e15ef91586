"""The shape of search: its root, its hits, and the argument on every object that is not the platform's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.schema.sdl.test_outputs import members

if TYPE_CHECKING:
    from graphql import GraphQLSchema


def test_search_answers_hits(crm: GraphQLSchema) -> None:
    root = members(crm, "Query")["search"]

    assert (str(root.type), {name: str(each.type) for name, each in root.args.items()}) == (
        "[SearchHit!]!",
        {"text": "String!", "objects": "[String!]", "first": "Int"},
    )
    assert {name: str(each.type) for name, each in members(crm, "SearchHit").items()} == {
        "record": "Node",
        "object": "String!",
        "title": "String",
        "field": "String",
        "match": "SearchMatch!",
        "score": "Int!",
    }


def test_groups_are_searched_like_pages(crm: GraphQLSchema) -> None:
    assert str(members(crm, "Query")["customersAggregate"].args["search"].type) == "String"


def test_objects_of_the_platform_are_not_searched(crm: GraphQLSchema) -> None:
    assert "search" not in members(crm, "Query")["users"].args
