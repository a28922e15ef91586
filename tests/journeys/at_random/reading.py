"""Every record of some objects in one question to the compiler, each field as the API would answer it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias
from uuid import UUID

from schema.metadata.record_fields import RECORD_FIELD_NAMES
from schema.metadata.types import Output
from services import metadata, query
from services.query import plan as p

if TYPE_CHECKING:
    from schema.metadata.fields import Field
    from schema.metadata.objects import Object
    from schema.metadata.registry import Registry, Shape
    from tenants.context import ReadWork

# Object → id → field → answer; those in the bin stand beside the live ones, under the name with a minus.
Answers: TypeAlias = "dict[str, dict[UUID, dict[str, Any]]]"  # Any: JSON
_PARTS = {Output.POINT: ("latitude", "longitude"), Output.ADDRESS: ("code", "street", "text"), Output.FILES: ("id",)}
_MONEY = (("amount", "amount"), ("currency", "currency"))
_ALL = p.Page(p.Parameter(0))
_MOST = 1_000


def bin_of(name: str) -> str:
    return f"{name}-"


async def read_all(work: ReadWork, names: Iterable[str]) -> Answers:
    """Live and deleted records of these objects."""
    registry = await metadata.registry(work)
    roots = tuple(root for name in names for root in _roots(registry, name))
    if not roots:
        return {}
    told: Mapping[str, Any] = json.loads(await query.read(work, p.Plan(roots), (_MOST,)))
    return {key: {UUID(each.pop("id")): each for each in found["nodes"]} for key, found in told.items()}


def _roots(registry: Registry, name: str) -> Iterator[p.ConnectionRoot]:
    thing = registry.shape.objects[name]
    selection = p.Selection(name, (p.Leaf("id", "id"), p.Leaf("version", "version"), *_items(registry.shape, thing)))
    nodes = (p.Nodes("nodes", selection),)
    yield p.ConnectionRoot(name, p.Connection(name, nodes, _ALL))
    yield p.ConnectionRoot(bin_of(name), p.Connection(name, nodes, _ALL, trashed=True))


def _items(shape: Shape, thing: Object) -> Iterator[p.Item]:
    yield from (_item(each) for each in thing.fields if each.name not in RECORD_FIELD_NAMES)
    for each in thing.lookups:
        relation = shape.field(thing.name, str(each.option("relation")))
        if relation is None or relation.relation is None:
            continue
        shown = shape.field(relation.relation.target, str(each.option("field")))
        if shown is not None:
            item = _item(shown)
            assert isinstance(item, p.Leaf | p.MoneyLeaf | p.PartsLeaf)
            yield p.Lookup(each.name, each.name, relation.name, relation.relation.target, item)
    for inverse in thing.inverses:
        if inverse.object_name in shape.objects:
            ids = p.Nodes("nodes", p.Selection(inverse.object_name, (p.Leaf("id", "id"),)))
            yield p.ToMany(inverse.name, inverse.name, p.Connection(inverse.object_name, (ids,), _ALL))


def _item(field: Field) -> p.Item:
    output = field.type.output
    if output is Output.MONEY:
        return p.MoneyLeaf(field.name, field.name, _MONEY)
    if output in _PARTS:
        return p.PartsLeaf(field.name, field.name, tuple((each, each) for each in _PARTS[output]))
    return p.Leaf(field.name, field.name)
