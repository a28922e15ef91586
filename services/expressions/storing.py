"""A checked expression as JSON, stored and compiled alike: objects and fields stand there by their names, which no label moves.

The types are not stored: they are those of the shape at hand, and an expression that fits it no more is `ExpressionOutdated`.
Numbers of objects and fields are a tenant's own; names are of the shape, so that tenants share what is compiled.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from services.expressions.errors import ExpressionOutdated
from services.expressions.functions import FUNCTIONS, QUANTIFIERS, VARIABLES
from services.expressions.scalars import read_scalar, write_scalar
from services.expressions.tree import Call, Constant, ListOf, Node, Parameter, Path, Quantified, Step, Variable
from services.expressions.types import BOOLEAN, OWN_ID, Kind, Type, type_of

if TYPE_CHECKING:
    from schema.metadata.registry import Shape

# Any: JSON.
Stored: TypeAlias = "dict[str, Any]"


def stored(node: Node) -> Stored:
    """The JSON of an expression; what people wrote in it stands under `operand`."""
    return _Writer().node(node)


def restored(given: Mapping[str, Any], shape: Shape, object_name: str) -> Node:
    """The expression on records of an object; operands that are whole numbers are positions of parameters."""
    return _Reader(shape).node(given, (object_name,))


def lifted(node: Node) -> tuple[Stored, tuple[object, ...]]:
    """The JSON of an expression with positions for operands, and the values beside it."""
    values: list[object] = []
    return _Writer(values).node(node), tuple(values)


class _Writer:
    def __init__(self, values: list[object] | None = None) -> None:
        self._values = values

    def node(self, node: Node) -> Stored:  # noqa: PLR0911 - one return for each kind of node
        match node:
            case Constant():
                return self._constant(node)
            case Parameter():
                return {"constant": {"kind": node.type.kind, "operand": node.position}}
            case Variable():
                return {"variable": node.name}
            case Path():
                return {"field": {"scope": node.scope, "steps": [_pair(each) for each in node.steps]}}
            case ListOf():
                return {"list": [self.node(each) for each in node.items]}
            case Call():
                return {"call": {"function": node.function, "arguments": [self.node(each) for each in node.arguments]}}
            case Quantified():
                return {"many": {
                    "quantifier": node.quantifier,
                    "outer": node.outer,
                    "owner": [_pair(each) for each in node.owner],
                    "child": _pair(node.child),
                    "variable": node.variable,
                    "condition": self.node(node.condition),
                }}  # fmt: skip

    def _constant(self, node: Constant) -> Stored:
        if node.value is None:
            return {"null": self._type(node.type)}
        operand: object = write_scalar(node.value)
        if self._values is not None:
            self._values.append(operand)
            operand = len(self._values) - 1
        return {"constant": self._type(node.type) | {"operand": operand}}

    def _type(self, type_: Type) -> Stored:
        if not type_.of:
            return {"kind": type_.kind}
        # A choice is of a field, a record of an object, which stands for itself by its id.
        object_name, _, field_name = (type_.of if type_.kind is Kind.CHOICE else f"{type_.of}.{OWN_ID}").partition(".")
        return {"kind": type_.kind, "of": _pair(Step(object_name, field_name))}


class _Reader:
    def __init__(self, shape: Shape) -> None:
        self._shape = shape

    def node(  # noqa: PLR0911 - one return for each kind of node
        self, given: Mapping[str, Any], scopes: tuple[str, ...]
    ) -> Node:
        ((kind, inner),) = given.items()
        match kind:
            case "constant":
                return self._constant(inner)
            case "null":
                return Constant(None, self._type(inner))
            case "variable":
                return Variable(inner, VARIABLES[inner][0])
            case "field":
                return self._path(inner, scopes)
            case "list":
                items = tuple(self.node(each, scopes) for each in inner)
                return ListOf(items, Type(Kind.LIST, items[0].type.of, items[0].type.kind))
            case "call":
                return self._call(inner, scopes)
            case _:
                return self._many(inner, scopes)

    def _constant(self, given: Mapping[str, Any]) -> Node:
        type_, operand = self._type(given), given["operand"]
        if isinstance(operand, int) and not isinstance(operand, bool):
            return Parameter(operand, type_)
        return Constant(read_scalar(type_.kind, operand), type_)

    def _type(self, given: Mapping[str, Any]) -> Type:
        kind = Kind(given["kind"])
        if "of" not in given:
            return Type(kind)
        step = _step(given["of"])
        return Type(kind, f"{step.object_name}.{step.field_name}" if kind is Kind.CHOICE else step.object_name)

    def _path(self, given: Mapping[str, Any], scopes: tuple[str, ...]) -> Node:
        steps = tuple(map(_step, given["steps"]))
        return Path(steps, self._end(scopes[given["scope"]], steps), given["scope"])

    def _end(self, object_name: str, steps: tuple[Step, ...]) -> Type:
        """The type at the end of a path, which has to lead from an object over relations."""
        type_ = Type(Kind.RECORD, object_name)
        if any(each.field_name == OWN_ID for each in steps[:-1]):
            raise ExpressionOutdated
        for step in steps:
            thing = self._shape.objects.get(step.object_name)
            field = None if thing is None else self._shape.field(step.object_name, step.field_name)
            found = None if field is None else type_of(step.object_name, field)
            if type_ != Type(Kind.RECORD, step.object_name) or found is None:
                raise ExpressionOutdated
            type_ = found
        return type_

    def _call(self, given: Mapping[str, Any], scopes: tuple[str, ...]) -> Node:
        arguments = tuple(self.node(each, scopes) for each in given["arguments"])
        types = [each.type for each in arguments]
        function = FUNCTIONS.get(given["function"])
        overload = None if function is None else function.overload(types)
        if overload is None:
            raise ExpressionOutdated
        return Call(given["function"], arguments, overload.answer(types))

    def _many(self, given: Mapping[str, Any], scopes: tuple[str, ...]) -> Node:
        assert given["quantifier"] in QUANTIFIERS
        owner, child = tuple(map(_step, given["owner"])), _step(given["child"])
        outer = given["outer"]
        parent = self._end(scopes[outer], owner).of
        inverses = self._shape.objects[parent].inverses if parent in self._shape.objects else ()
        inverse = next((each.name for each in inverses if (each.object_name, each.field_name)
                        == (child.object_name, child.field_name)), None)  # fmt: skip
        if inverse is None:
            raise ExpressionOutdated
        condition = self.node(given["condition"], (*scopes, child.object_name))
        return Quantified(
            given["quantifier"],
            owner,
            parent,
            inverse,
            child,
            given["variable"],
            len(scopes),
            condition,
            BOOLEAN,
            outer,
        )


def _pair(step: Step) -> list[str]:
    return [step.object_name, step.field_name]


def _step(pair: list[str]) -> Step:
    object_name, field_name = pair
    return Step(object_name, field_name)
