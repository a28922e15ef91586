"""Records and connections: what is selected of them becomes roots and selections of the plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from graphql import GraphQLObjectType, SelectionSetNode

from resolvers.selection.errors import PagingMixed
from resolvers.selection.filters import condition, order
from resolvers.selection.groups import aggregate
from resolvers.selection.picking import TYPENAME, Picked
from resolvers.selection.reading import Reading, argument_type, meaning, object_type, parts
from schema.sdl.coordinates import Coordinate, Role
from services.query.plan import (
    ChildAggregate,
    ChoiceLabel,
    Connection,
    ConnectionPart,
    ConnectionRoot,
    Edges,
    Hits,
    IfPermitted,
    Item,
    Leaf,
    Lookup,
    MoneyLeaf,
    NodeRoot,
    Nodes,
    Page,
    PartsLeaf,
    RecordRoot,
    SearchRoot,
    Selection,
    Simple,
    ToMany,
    ToOne,
    ToSeveral,
    Typename,
    WrittenRoot,
)

_SIMPLE = {"totalCount": ConnectionPart.TOTAL_COUNT, "totalCountIsExact": ConnectionPart.TOTAL_COUNT_IS_EXACT}


def record_root(reading: Reading, picked: Picked) -> RecordRoot:
    """`customer(id)`."""
    selection = selection_of(reading, object_type(picked), meaning(picked).object_name, picked.selection_sets)
    return RecordRoot(picked.key, selection, reading.parameter(reading.arguments(picked)["id"]))


def node_root(reading: Reading, picked: Picked, type_: GraphQLObjectType, object_name: str) -> NodeRoot:
    """`node(id)`, once it is known which object the id belongs to."""
    selection = selection_of(reading, type_, object_name, picked.selection_sets)
    return NodeRoot(picked.key, reading.parameter(reading.arguments(picked)["id"]), (selection,))


def records_root(reading: Reading, picked: Picked) -> ConnectionRoot:
    """`customers(…)`."""
    return ConnectionRoot(picked.key, _connection(reading, picked, meaning(picked).object_name))


def search_root(reading: Reading, picked: Picked, types: Mapping[str, GraphQLObjectType]) -> SearchRoot:
    """`search(…)` over these objects, by name."""
    given, hit = reading.arguments(picked), object_type(picked)
    size = given.get("first")
    found = reading.pick(hit, picked.selection_sets)
    hits = tuple(
        Hits(name, tuple(_hit_item(reading, each, name, type_) for each in found)) for name, type_ in types.items()
    )
    text = reading.parameter(given["text"])
    return SearchRoot(picked.key, text, reading.parameter(reading.default_page if size is None else size), hits)


def _hit_item(
    reading: Reading, picked: Picked, object_name: str, type_: GraphQLObjectType
) -> tuple[str, str, Selection | None]:
    if picked.name != "record":
        return picked.key, picked.name, None
    return picked.key, picked.name, selection_of(reading, type_, object_name, picked.selection_sets)


def written_root(reading: Reading, picked: Picked, ids: object) -> WrittenRoot:
    """The records of a mutation's payload."""
    means = meaning(picked)
    selection = selection_of(reading, object_type(picked), means.object_name, picked.selection_sets)
    return WrittenRoot(picked.key, selection, reading.parameter(ids), means.many)


def selection_of(
    reading: Reading, type_: GraphQLObjectType, object_name: str, sets: Iterable[SelectionSetNode]
) -> Selection:
    """What is read of one record."""
    return Selection(object_name, tuple(_item(reading, picked, type_) for picked in reading.pick(type_, sets)))


def _item(reading: Reading, picked: Picked, type_: GraphQLObjectType) -> Item:
    item = _plainly(reading, picked, type_)
    return IfPermitted(picked.key, item) if reading.asks_if_permitted(picked) else item


def _plainly(reading: Reading, picked: Picked, type_: GraphQLObjectType) -> Item:
    if picked.name == TYPENAME:
        return Typename(picked.key, type_.name)
    means = meaning(picked)
    match means.role:
        case Role.TO_ONE:
            return ToOne(picked.key, means.name, _behind(reading, picked, means))
        case Role.TO_SEVERAL:
            return ToSeveral(picked.key, means.name, _behind(reading, picked, means))
        case Role.TO_MANY:
            return ToMany(picked.key, means.name, _children(reading, picked, means))
        case Role.CHILD_GROUPS:
            return ChildAggregate(picked.key, means.name, aggregate(reading, picked, means.object_name))
        case _:
            return _value(reading, picked, means)


def _lookup(reading: Reading, picked: Picked, means: Coordinate) -> Lookup:
    shows = means.shows
    assert shows is not None, "a lookup shows something"
    item = _value(reading, picked, shows)
    assert isinstance(item, Leaf | MoneyLeaf | PartsLeaf), "a lookup shows a plain value"
    return Lookup(picked.key, means.name, means.relation, shows.object_name, item)


def _value(reading: Reading, picked: Picked, means: Coordinate) -> Item:
    if means.role is Role.LOOKUP:
        return _lookup(reading, picked, means)
    if means.role is Role.MONEY:
        return MoneyLeaf(picked.key, means.name, parts(reading, picked))
    if means.role is Role.PARTS:
        return PartsLeaf(picked.key, means.name, parts(reading, picked))
    if means.role is Role.CHOICE_LABEL:
        locale = reading.arguments(picked).get("locale")
        return ChoiceLabel(picked.key, means.name, None if locale is None else reading.parameter(locale))
    return Leaf(picked.key, means.name)


def _behind(reading: Reading, picked: Picked, means: Coordinate) -> Selection:
    return selection_of(reading, object_type(picked), means.object_name, picked.selection_sets)


def _children(reading: Reading, picked: Picked, means: Coordinate) -> Connection:
    """The many side of a relation; lines stand in their places where no other order is asked for."""
    found = _connection(reading, picked, means.object_name)
    if found.order or found.search is not None or not means.ordered_by:
        return found
    reading.is_conditional = True
    return replace(found, placed_by=means.ordered_by)


def _connection(reading: Reading, picked: Picked, object_name: str) -> Connection:
    given = reading.arguments(picked)
    type_ = object_type(picked)
    chosen = tuple(
        _connection_part(reading, each, type_, object_name) for each in reading.pick(type_, picked.selection_sets)
    )
    wanted, sought = given.get("filter"), given.get("search")
    return Connection(
        object_name,
        chosen,
        _page(reading, given),
        None if wanted is None else condition(reading, argument_type(picked, "filter"), wanted),
        order(argument_type(picked, "orderBy"), given.get("orderBy")),
        trashed=given.get("deleted") is True,
        search=None if sought is None else reading.parameter(sought),
    )


def _page(reading: Reading, given: Mapping[str, object]) -> Page:
    first, last = given.get("first"), given.get("last")
    after, before = given.get("after"), given.get("before")
    backward = last is not None or before is not None
    if backward and (first is not None or after is not None):
        raise PagingMixed
    size = last if backward else first
    cursor = before if backward else after
    return Page(
        reading.parameter(reading.default_page if size is None else size),
        None if cursor is None else reading.parameter(cursor),
        backward,
    )


def _connection_part(
    reading: Reading, picked: Picked, type_: GraphQLObjectType, object_name: str
) -> Edges | Nodes | Simple:
    match picked.name:
        case "edges":
            edge = object_type(picked)
            return Edges(
                picked.key,
                tuple(_edge_item(reading, each, object_name) for each in reading.pick(edge, picked.selection_sets)),
            )
        case "nodes":
            return Nodes(picked.key, selection_of(reading, object_type(picked), object_name, picked.selection_sets))
        case "pageInfo":
            return Simple(picked.key, ConnectionPart.PAGE_INFO, members=parts(reading, picked))
        case "__typename":
            return Simple(picked.key, ConnectionPart.TYPENAME, type_.name)
        case name:
            return Simple(picked.key, _SIMPLE[name])


def _edge_item(reading: Reading, picked: Picked, object_name: str) -> tuple[str, str, Selection | None]:
    if picked.name != "node":
        return picked.key, picked.name, None
    return picked.key, "node", selection_of(reading, object_type(picked), object_name, picked.selection_sets)
