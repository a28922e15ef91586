"""What a plan asks for only if it is permitted: decided by the guard itself, part by part from the inside out.

A part with anything closed in it, but for parts that are marked themselves, becomes null; nothing tells why. Everything
else stays as it was asked, and is guarded as ever.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from services.permissions import Level
from services.query import plan as p
from services.query.binder import bind
from services.query.guard import guard
from tenants.errors import Forbidden
from tenants.shape_cache import ShapeCache

if TYPE_CHECKING:
    from collections.abc import Iterable

    from schema.metadata.registry import Shape
    from services.permissions import Policy
    from tenants.context import TenantId

_NO_VALUE = p.Parameter(0)
# Keyed by identity, as plans of a door that remembers its operations come again; the entry keeps the plan.
_decided: ShapeCache[tuple[p.Plan, p.Plan]] = ShapeCache("permitted_plans", 1024)


def permitted(plan: p.Plan, shape: Shape, policy: Policy, objects: Iterable[str], *, by: TenantId) -> p.Plan:
    """The plan without its conditions; `objects` are those that it touches."""
    key = (id(plan), shape.hash, policy.fingerprint(objects))
    known = _decided.get(key)
    if known is not None:
        return known[1]
    decide = _Decision(shape, policy)
    made = p.Plan(tuple(decide.root(root) for root in plan.roots))
    _decided.put(key, (plan, made), by=by)
    return made


class _Decision:
    def __init__(self, shape: Shape, policy: Policy) -> None:
        self._shape = shape
        self._policy = policy

    def root(self, root: p.Root) -> p.Root:
        match root:
            case p.RootIfPermitted():
                inside = self.root(root.root)
                return inside if self._may(inside) else p.NodeRoot(root.key, _NO_VALUE, ())
            case p.RecordRoot() | p.WrittenRoot():
                return replace(root, selection=self._selection(root.selection))
            case p.NodeRoot():
                return replace(root, selections=tuple(map(self._selection, root.selections)))
            case p.ConnectionRoot():
                return replace(root, connection=self._connection(root.connection))
            case p.SearchRoot():
                return replace(root, hits=tuple(replace(each, items=self._parts(each.items)) for each in root.hits))
            case p.AggregateRoot():
                return root

    def _may(self, root: p.Root) -> bool:
        try:
            guard(bind(self._shape, p.Plan((root,))), self._policy)
        except Forbidden:
            return False
        return True

    def _selection(self, selection: p.Selection) -> p.Selection:
        return replace(selection, items=tuple(self._item(selection.object_name, item) for item in selection.items))

    def _item(self, object_name: str, item: p.Item) -> p.Item:
        match item:
            case p.IfPermitted():
                inside = self._item(object_name, item.item)
                alone = p.RecordRoot(item.key, p.Selection(object_name, (inside,)), _NO_VALUE)
                return inside if self._may(alone) else p.Nothing(item.key)
            case p.ToOne() | p.ToSeveral():
                return replace(item, selection=self._selection(item.selection))
            case p.ToMany():
                return replace(item, connection=self._connection(item.connection))
            case _:
                return item

    def _connection(self, connection: p.Connection) -> p.Connection:
        """With its parts; who may not read where lines stand has them in the order of all records."""
        parts = tuple(map(self._part, connection.parts))
        rights = self._policy.on(connection.object_name)
        if not connection.placed_by or rights.level(connection.placed_by) < Level.READ:
            return replace(connection, parts=parts, placed_by="")
        places = p.OrderBy((connection.placed_by,), p.Direction.ASC)
        return replace(connection, parts=parts, order=(places,), placed_by="")

    def _part(self, part: p.Edges | p.Nodes | p.Simple) -> p.Edges | p.Nodes | p.Simple:
        match part:
            case p.Nodes():
                return replace(part, selection=self._selection(part.selection))
            case p.Edges():
                return replace(part, items=self._parts(part.items))
            case p.Simple():
                return part

    def _parts(
        self, items: tuple[tuple[str, str, p.Selection | None], ...]
    ) -> tuple[tuple[str, str, p.Selection | None], ...]:
        return tuple((key, name, None if each is None else self._selection(each)) for key, name, each in items)
