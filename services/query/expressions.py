"""Expressions inside a statement of the read path: which records they may look at, and where their values are found.

Also their kept form: a condition as JSON with names of fields, which never change, and its writer's right to every one of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Final, LiteralString

from schema.metadata.values import Money
from services import expressions, metadata, permissions
from services.expressions import BOOLEAN, Circumstance, Closure, ExpressionRefused, Node
from services.query.arguments import Circumstances, Me
from services.query.binder import Touch, Use
from services.query.compilation import Compilation, Criterion, fixed_table
from services.query.errors import ExpressionChoosesNothing
from services.query.guard import guard_touches
from services.query.names import object_of
from services.query.scopes import all_of, visible
from tenants.clock import zone_or_utc
from tenants.sql import Fragment, sql, type_name, value

if TYPE_CHECKING:
    from schema.metadata.registry import Registry
    from services.permissions import Policy
    from tenants.context import ReadWork
    from tenants.errors import PathStep


# Under which name an expression stands in a stored criterion.
EXPRESSION: Final = "expression"
# The driver takes the first and the last day and moment of Python for the infinite ones, so that days travel as texts.
_IN_WORDS = frozenset({"date", "timestamptz", "date[]", "timestamptz[]"})


@dataclass(frozen=True, slots=True)
class Settled:
    """A part of an expression that is the same for every record; `part` of money is amount or currency.

    Its function lives as long as the statement that it is a parameter of.
    """

    node: Node
    part: str
    criterion: Criterion | None
    closure: Closure = field(compare=False, repr=False)

    def found_in(self, circumstances: Circumstances) -> object:
        """Its value for this run."""
        given = circumstances.values
        if self.criterion is not None:
            given = circumstances.criteria[self.criterion.object_name][self.criterion.number]
        answer = self.closure({}, circumstance(circumstances.work, given))
        if isinstance(answer, Money):
            return answer.amount if self.part == "amount" else answer.currency
        return [_in_words(each) for each in answer] if isinstance(answer, list) else _in_words(answer)


@dataclass(frozen=True, slots=True)
class TenantZone:
    """The name of the tenant's zone: a condition does not depend on where its reader is."""

    def found_in(self, circumstances: Circumstances) -> object:
        """The name."""
        return zone_or_utc(circumstances.work.settings.zone).key


@dataclass(frozen=True, slots=True)
class Within:
    """A compilation as the surroundings of an expression."""

    c: Compilation

    def alias(self) -> str:
        """A fresh alias."""
        return self.c.alias()

    def seen(self, object_name: str, alias: str) -> Fragment | None:
        """What holds for records that the caller may see, or, within a criterion, that are there."""
        conditions = visible(self.c, self.c.shape.objects[object_name], alias)
        return all_of(conditions) if conditions else None

    def settled(self, node: Node, type_: LiteralString, part: str = "") -> Fragment:
        """A parameter."""
        key = Settled(node, part, self.c.criterion, expressions.closure(node))
        if type_ not in _IN_WORDS:
            return value(key, type_)
        return sql(
            "{words}::{type}", words=value(key, "text[]" if type_.endswith("[]") else "text"), type=type_name(type_)
        )

    def department(self) -> Fragment:
        """Asked for once by the statement itself."""
        return sql(
            "(SELECT m.department_id FROM {user} m WHERE m.id = {me})", user=fixed_table("user"), me=value(Me(), "uuid")
        )

    def zone(self) -> Fragment:
        """A parameter."""
        return value(TenantZone(), "text")


def expression_sql(c: Compilation, node: Node, object_name: str, alias: str) -> Fragment:
    """An expression without constants of its own (see `expressions.lifted`) on the record behind an alias."""
    return expressions.expression_sql(node, object_name, alias, Within(c))


async def kept_expression(work: ReadWork, object_name: str, text: str) -> dict[str, Any]:
    """The stored form of a condition; a fault says what is wrong."""
    return kept(await metadata.registry(work), await permissions.policy(work), object_name, text)


def kept(known: Registry, policy: Policy, object_name: str, text: str) -> dict[str, Any]:
    """The same for a registry and a policy that are at hand.

    Whoever may not read a field may not learn it from which records a condition chooses, so that all of them have to be open.
    """
    object_of(known.shape, object_name)
    node = checked_condition(known, policy, object_name, text, at=(EXPRESSION,))
    if not expressions.depends(node):
        raise ExpressionChoosesNothing
    return {EXPRESSION: expressions.stored(node)}


def checked_condition(
    known: Registry, policy: Policy, object_name: str, text: str, *, at: tuple[PathStep, ...]
) -> Node:
    """A condition over fields that its writer may read, all of them; a refusal names its place in the input."""
    try:
        node = expressions.check(known, object_name, text, wanted=BOOLEAN)
    except ExpressionRefused as refusal:
        raise refusal.as_input(*at) from None
    require_open(policy, object_name, node)
    return node


def require_open(policy: Policy, object_name: str, node: Node) -> None:
    """Refuse an expression over what the caller may not read."""
    guard_touches({Touch(object_name), *touches(node)}, policy)


def touches(node: Node) -> frozenset[Touch]:
    """Every coordinate that an expression compares."""
    steps = expressions.dependencies(node)
    compared = {Touch(each.object_name, each.field_name, Use.COMPARE) for each in steps}
    return frozenset({*compared, *(Touch(each.object_name) for each in steps)})


def circumstance(work: ReadWork, values: tuple[object, ...] = ()) -> Circumstance:
    """What an expression may ask for beside the record; the department is asked for in the statement."""
    return Circumstance(work.now, zone_or_utc(work.settings.zone), work.principal.user_id, values=values)


def _in_words(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
