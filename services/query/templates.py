"""What the compiler has already done: bound plans by shape, statements by plan and rights, texts by tenant. All bounded.

Keys hold shapes, fingerprints and plans, never a tenant's value. A plan that comes again as the same object, as it does
from a door that remembers its operations, is found without looking into it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast
from weakref import WeakValueDictionary

from schema.metadata.interning import Interned
from services.query.binder import BoundPlan, bind
from tenants.shape_cache import ShapeCache
from tenants.sql import Template

if TYPE_CHECKING:
    from schema.metadata.registry import Shape
    from services.query.arguments import Argument
    from services.query.plan import Plan
    from tenants.context import TenantId

_PLANS = 2048
_STATEMENTS = 4096


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """A compiled statement; two are the same only if they are one."""

    template: Template
    # Its parameters, each of which finds its value.
    arguments: tuple[Argument, ...]

    @staticmethod
    def of(template: Template) -> Statement:
        """What was compiled, with the arguments that it names."""
        return Statement(template, cast("tuple[Argument, ...]", template.parameters))


@dataclass(frozen=True, slots=True)
class Text:
    """A statement filled with one tenant's names; the kind of its entry in the tenant's cache."""

    sql: str


# Keyed by identity; the plan itself is kept in the entry, so no other can get its number.
_same_plans: ShapeCache[tuple[Plan, BoundPlan]] = ShapeCache("same_plans", _PLANS)
_equal_plans: ShapeCache[BoundPlan] = ShapeCache("plans", _PLANS)
# A plan that was pushed out is still in the keys of its statements, and they are found only with this one.
_alive_plans: WeakValueDictionary[tuple[str, Plan], BoundPlan] = WeakValueDictionary()
_statements: ShapeCache[Statement] = ShapeCache("statements", _STATEMENTS)
_templates: Interned[Template] = Interned()


def bound_plan(shape: Shape, plan: Plan, *, by: TenantId) -> BoundPlan:
    """The plan bound to a shape; faults of binding are not remembered."""
    seen = _same_plans.get((id(plan), shape.hash))
    if seen is not None:
        return seen[1]
    key = (shape.hash, plan)
    bound = _equal_plans.get(key)
    if bound is None:
        bound = _alive_plans.get(key) or _alive_plans.setdefault(key, bind(shape, plan))
        _equal_plans.put(key, bound, by=by)
    _same_plans.put((id(plan), shape.hash), (plan, bound), by=by)
    return bound


def statement(key: Hashable, compile_: Callable[[], Template], *, by: TenantId) -> Statement:
    """The statement of this key, compiled now if it is not there."""
    found = _statements.get(key)
    if found is None:
        found = _statements.put(key, Statement.of(_templates.one(compile_())), by=by)
    return found


def statements_kept() -> int:
    """How many statements are remembered."""
    return len(_statements)
