"""Formulas: what an expression makes of a field when it is saved, and as functions of a record when it is written.

A formula is kept with its record, so it looks at fields of that record alone, and at none that moves without being written.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from schema.metadata.errors import BadOption
from schema.metadata.fields import Field, FieldState
from schema.metadata.results import fitted
from schema.metadata.types import Derivation
from services import expressions
from services.expressions import Circumstance, Closure, ExpressionRefused, Kind, Node, Path, Quantified, Step
from services.metadata.errors import FormulaOutOfReach, ResultNotChangeable
from tenants.clock import zone_or_utc
from tenants.errors import Refused, Violation

if TYPE_CHECKING:
    from collections.abc import Collection

    from schema.metadata.registry import Registry, Shape
    from tenants.context import ReadWork

# What the statement of every write moves by itself.
_MOVING: Final = frozenset({"id", "version", "updatedAt", "updatedBy", "deletedAt"})
# What may become of an expression's answer; the first is taken where nothing is asked for.
_RESULTS: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.TEXT: ("text",),
    Kind.CHOICE: ("text",),
    Kind.NUMBER: ("decimal", "integer", "percent"),
    Kind.MONEY: ("currency",),
    Kind.BOOLEAN: ("boolean",),
    Kind.DATE: ("date",),
    Kind.DATETIME: ("dateTime",),
}


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula that can be computed: the fields of the record that it looks at, and how."""

    field: Field
    inputs: frozenset[str]
    compute: Closure

    def value(self, record: Mapping[str, object], around: Circumstance) -> object:
        """What the field holds of a record that is so."""
        return fitted(self.field, self.compute(record, around))


_made: WeakKeyDictionary[Shape, dict[str, tuple[Formula, ...]]] = WeakKeyDictionary()


def formulas_of(shape: Shape, object_name: str) -> tuple[Formula, ...]:
    """Those of an object, each after the ones that it looks at."""
    made = _made.setdefault(shape, {})
    if object_name not in made:
        made[object_name] = tuple(_formulas(shape, object_name))
    return made[object_name]


def formulas_moved_by(shape: Shape, object_name: str, names: Collection[str]) -> tuple[Formula, ...]:
    """The formulas to compute anew when these fields move."""
    found: list[Formula] = []
    moved = set(names)
    for each in formulas_of(shape, object_name):
        if not moved.isdisjoint(each.inputs):
            found.append(each)
            moved.add(each.field.name)
    return tuple(found)


def circumstance(work: ReadWork) -> Circumstance:
    """What a formula may ask for beside the record: the tenant's zone."""
    return Circumstance(work.now, zone_or_utc(work.settings.zone))


def settled(registry: Registry, object_name: str, field: Field) -> Field:
    """The field with everything that follows from its expression."""
    text = field.option("expression")
    if text is None:
        raise BadOption(option="expression", why="an expression is expected", why_zh="须填写表达式")
    node = checked(registry, object_name, str(text), option="expression")
    offered = _RESULTS.get(node.type.kind, ())
    if not offered:
        words = {language: node.type.words(language) for language in ("en", "zh")}
        raise BadOption(
            option="expression", why=f"a {words['en']} cannot be kept", why_zh=f"无法保存类型为{words['zh']}的结果"
        )
    result = str(field.option("result") or offered[0])
    if result not in offered:
        raise ResultNotChangeable(kept=result, given=str(node.type))
    found = {"expression": expressions.printed(node), "result": result, **settled_options(node)}
    return replace(field, options=tuple(sorted({**dict(field.options), **found}.items())))


def refuse_rounding(registry: Registry, object_name: str, field: Field) -> None:
    """Refuse an expression that rounds to places that no number has; one that is kept already goes on with 0 or 10."""
    text = str(field.option("expression"))
    if expressions.rounds_beyond(checked(registry, object_name, text, option="expression")):
        raise BadOption(option="expression", why="round keeps 0 to 10 decimals", why_zh="round 可保留 0 到 10 位小数")


def checked(registry: Registry, object_name: str, text: str, *, option: str, condition: bool = False) -> Node:
    """The expression of an option, if its value can be kept; `condition` for one that is true or false."""
    try:
        node = expressions.check(registry, object_name, text, wanted=expressions.BOOLEAN if condition else None)
    except ExpressionRefused as refusal:
        raise refusal.as_input("options", option) from None
    beyond = next(_out_of_reach(node), None)
    if beyond is not None:
        raise Refused((Violation(("options", option), FormulaOutOfReach(what=beyond)),))
    return node


def settled_options(node: Node, *more: Step) -> dict[str, str | tuple[str, ...]]:
    """The options that follow from an expression: its tree, and what it reads beside `more`."""
    steps = {f"{each.object_name}.{each.field_name}" for each in (*expressions.dependencies(node), *more)}
    tree = json.dumps(expressions.stored(node), ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return {"tree": tree, "reads": tuple(sorted(steps))}


def tree_of(shape: Shape, object_name: str, field: Field) -> Node:
    """The expression of a field on records of an object, as it was settled."""
    return expressions.restored(json.loads(str(field.option("tree"))), shape, object_name)


def moves_by_itself(name: str) -> bool:
    """Whether every write moves the field of this name, so that nothing derived can be kept of it."""
    return name in _MOVING


def _formulas(shape: Shape, object_name: str) -> Iterator[Formula]:
    for name, field_name in shape.derivations.order:
        field = shape.field(name, field_name) if name == object_name else None
        if field is None or field.type.derivation is not Derivation.FORMULA or field.state is FieldState.RETIRED:
            continue
        node = tree_of(shape, object_name, field)
        yield Formula(field, frozenset(read for _, read in field.reads), expressions.closure(node))


def _out_of_reach(node: Node) -> Iterator[str]:
    for each in expressions.walk(node):
        match each:
            case Path(steps=steps) if len(steps) > 1 or moves_by_itself(steps[0].field_name):
                yield ".".join(step.field_name for step in steps)
            case Quantified():
                yield f"{each.inverse}.{each.quantifier}()"
            case expressions.Variable():
                yield f"{each.name}()"
            case _:
                pass
