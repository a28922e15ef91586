"""Search over all objects: `search(text)`, its hits, and the argument by which pages and groups are searched."""

from __future__ import annotations

from graphql import (
    GraphQLArgumentMap,
    GraphQLEnumType,
    GraphQLEnumValue,
    GraphQLField,
    GraphQLInt,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLString,
)

from schema.metadata.objects import Object, ObjectKind
from schema.sdl.coordinates import Coordinate, Role
from schema.sdl.slim import Argument, ObjectType, OutputField
from schema.sdl.types import Types

_HIT = "SearchHit"
_MATCH = "SearchMatch"

_SEARCH: GraphQLArgumentMap = {
    "search": Argument(GraphQLString, description="Found in any searched field that you may read.")
}


def search_field(types: Types) -> GraphQLField:
    """`search(text)`."""
    return OutputField(
        GraphQLNonNull(GraphQLList(GraphQLNonNull(_hit_type(types)))),
        args={
            "text": Argument(GraphQLNonNull(GraphQLString)),
            "objects": Argument(
                GraphQLList(GraphQLNonNull(GraphQLString)), description="Names of objects; left out, all of them."
            ),
            "first": Argument(GraphQLInt),
        },
        description="The best records for Chinese, pinyin, initials, numbers, phones or mail addresses.",
        extensions=Coordinate(Role.SEARCH).extension(),
    )


def search_argument(thing: Object) -> GraphQLArgumentMap:
    """`search`, where records can be searched."""
    if thing.kind is ObjectKind.SYSTEM:
        return {}
    return _SEARCH


def _hit_type(types: Types) -> GraphQLObjectType:
    return types.once(
        _HIT,
        lambda: ObjectType(
            _HIT,
            {
                "record": _part("record", types.node),
                "object": _part("object", GraphQLNonNull(GraphQLString), "The name of the record's object."),
                "title": _part("title", GraphQLString, "The value of the object's title field."),
                "field": _part("field", GraphQLString, "The field that is met best."),
                "match": _part("match", GraphQLNonNull(_match_type(types))),
                "score": _part("score", GraphQLNonNull(GraphQLInt), "100 for the title itself, less for the rest."),
            },
            description="A record that a search finds.",
        ),
    )


def _match_type(types: Types) -> GraphQLEnumType:
    return types.once(
        _MATCH,
        lambda: GraphQLEnumType(
            _MATCH,
            {name: GraphQLEnumValue(name) for name in ("EXACT", "PREFIX", "CONTAINS", "WORDS")},
            description="How the best field holds the text.",
        ),
    )


def _part(name: str, type_: object, description: str | None = None) -> GraphQLField:
    return OutputField(type_, description=description, extensions=Coordinate(Role.PART, name).extension())  # type: ignore[arg-type]
