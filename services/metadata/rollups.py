"""Roll-ups as they are defined: what a relation, a function and a condition make of a field on the many side.

A roll-up is kept with its record and computed of all live records on the many side, whoever may see them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from schema.metadata.errors import BadOption
from schema.metadata.near_names import LONGEST, hints
from schema.metadata.objects import ObjectKind
from schema.metadata.types import COUNT, ROLLED_UP, SETTLED, Derivation, Function, Output
from services import expressions
from services.expressions import Node, Step
from services.metadata import formulas

if TYPE_CHECKING:
    from schema.metadata.fields import Field
    from schema.metadata.objects import Inverse
    from schema.metadata.registry import Registry, Shape

_RESULTS: Final[Mapping[Output, str]] = {
    Output.INT: "integer",
    Output.LONG: "integer",
    Output.DECIMAL: "decimal",
    Output.MONEY: "currency",
    Output.DATE: "date",
    Output.DATETIME: "dateTime",
}


@dataclass(frozen=True)
class RollUp:
    """A roll-up of an object over the records whose `relation` points at it."""

    object_name: str
    field: Field
    child: str
    relation: str
    function: str
    of: Field | None
    condition: Node | None

    @cached_property
    def watched(self) -> frozenset[str]:
        """The fields on the many side by which it moves."""
        return frozenset(name for _, name in self.field.reads)

    @property
    def is_money(self) -> bool:
        """Whether it is an amount with a currency."""
        return self.field.type.output is Output.MONEY


_made: WeakKeyDictionary[Shape, Mapping[str, tuple[RollUp, ...]]] = WeakKeyDictionary()


def roll_ups_over(shape: Shape, child: str) -> tuple[RollUp, ...]:
    """The roll-ups that look at records of an object."""
    if shape not in _made:
        found: defaultdict[str, list[RollUp]] = defaultdict(list)
        for each in _roll_ups(shape):
            found[each.child].append(each)
        _made[shape] = {name: tuple(each) for name, each in found.items()}
    return _made[shape].get(child, ())


def roll_ups_of(shape: Shape, object_name: str) -> tuple[RollUp, ...]:
    """The roll-ups of an object."""
    children = dict.fromkeys(inverse.object_name for inverse in shape.objects[object_name].inverses)
    return tuple(each for child in children for each in roll_ups_over(shape, child) if each.object_name == object_name)


# --- as they are defined ----------------------------------------------------------------------------------------------


def settled(registry: Registry, object_name: str, field: Field) -> Field:
    """The field with everything that follows from its relation, function, field and condition."""
    inverse = _inverse(registry, object_name, field)
    function = str(field.option("function") or "")
    if function not in ROLLED_UP:
        known = ", ".join(ROLLED_UP)
        raise _bad("function", f"there are {known}", f"可用:{known}")
    of = _of(registry, inverse, function, field)
    result = _result(function, of)
    if field.option("result") not in {None, result}:
        raise _bad("result", f"it follows from the field: {result}", f"由字段决定:{result}")
    steps = [Step(inverse.object_name, each) for each in (inverse.field_name, *([of.name] if of else []))]
    found: dict[str, object] = {
        "result": result,
        "reads": tuple(sorted(f"{a.object_name}.{a.field_name}" for a in steps)),
    }
    kept = {name: each for name, each in field.options if name not in SETTLED | {"result"}}
    if field.option("filter") is not None:
        node = formulas.checked(
            registry, inverse.object_name, str(field.option("filter")), option="filter", condition=True
        )
        found |= {"filter": expressions.printed(node), **formulas.settled_options(node, *steps)}
    return replace(field, options=tuple(sorted({**kept, **found}.items())))  # type: ignore[arg-type]  # texts, tuples


def _inverse(registry: Registry, object_name: str, field: Field) -> Inverse:
    name = str(field.option("relation") or "")
    found = registry.shape.inverse(object_name, name)
    # Links tell no roll-up when they move.
    known = [each for each in registry.shape.objects[object_name].inverses if each.link is None]
    if found is None or found.link is not None or registry.shape.objects[found.object_name].kind is ObjectKind.SYSTEM:
        near = hints(name, (each.name for each in known)) if name else {}
        raise BadOption(
            option="relation",
            why=f"“{name[:LONGEST]}” is no many side of {object_name}{str(near.get('hint', '')).rstrip('.')}",
            why_zh=f"“{name[:LONGEST]}”不是 {object_name} 的对多关联{str(near.get('hint_zh', '')).rstrip('。')}",
        )
    return found


def _of(registry: Registry, inverse: Inverse, function: str, field: Field) -> Field | None:
    name = field.option("field")
    if function == COUNT:
        if name is not None:
            raise _bad("field", "counting needs none", "计数不需要字段")
        return None
    of = registry.shape.field(inverse.object_name, str(name or ""))
    offered = () if of is None or formulas.moves_by_itself(of.name) else of.type.functions
    if of is None or function not in {each.value for each in offered} or of.type.output not in _RESULTS:
        raise _bad(
            "field",
            f"a field of {inverse.object_name} is expected that has {function}",
            f"须为 {inverse.object_name} 中可以计算 {function} 的字段",
        )
    return of


def _result(function: str, of: Field | None) -> str:
    if of is None:
        return "integer"
    if function == Function.AVG and of.type.output in {Output.INT, Output.LONG}:
        return "decimal"
    return _RESULTS[of.type.output]


def _bad(option: str, why: str, why_zh: str) -> BadOption:
    return BadOption(option=option, why=why, why_zh=why_zh)


def _roll_ups(shape: Shape) -> Iterator[RollUp]:
    for object_name, name in shape.derivations.order:
        field = shape.field(object_name, name)
        if field is None or field.type.derivation is not Derivation.ROLL_UP:
            continue
        inverse = shape.inverse(object_name, str(field.option("relation")))
        if inverse is None:
            continue
        child, of, has_filter = inverse.object_name, field.option("field"), field.option("filter") is not None
        yield RollUp(
            object_name,
            field,
            child,
            inverse.field_name,
            str(field.option("function")),
            shape.field(child, str(of)) if of is not None else None,
            formulas.tree_of(shape, child, field) if has_filter else None,
        )
