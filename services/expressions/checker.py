"""A written expression becomes a checked one: names are found in the registry, types fit, and all that is wrong is told at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from services.expressions import errors, limits, literals
from services.expressions.functions import FUNCTIONS, QUANTIFIERS, VARIABLES
from services.expressions.names import (
    chain_of,
    field_type,
    near_choices,
    near_fields,
    near_functions,
    there_all_the_same,
)
from services.expressions.parser import CONDITIONAL, parse
from services.expressions.places import ExpressionRefused, Finding, refused
from services.expressions.syntax import Invoke, Items, Literal, Member, Name, Written
from services.expressions.tree import Call, Constant, ListOf, Node, Path, Quantified, Step, Variable
from services.expressions.types import BOOLEAN, NUMBER, OWN_ID, TEXT, Kind, Type

if TYPE_CHECKING:
    from schema.metadata.registry import Registry
    from tenants.errors import Fault, Scalar

Chain: TypeAlias = Sequence[tuple[str, int]]

_PARTS: Final = ("amount", "currency")
# A text beside a choice is the key of one.
_TAKING_KEYS: Final = frozenset({"==", "!=", "in", "coalesce", CONDITIONAL, "hasAny", "hasAll"})
# Records of different objects are never the same, so nobody means to ask.
_COMPARING: Final = frozenset({"==", "!=", "in"})
_BESIDE_NULL: Final = {"==": "isNull", "!=": "isNotNull"}
_PAIR: Final = 2
_LITERALS_ZH: Final = {"date": "日期", "dateTime": "日期时间", "id": "编号", "currency": "币种"}


@dataclass(frozen=True, slots=True)
class Scope:
    """A record that names can be looked up on; the outermost has no variable."""

    object_name: str
    variable: str = ""


def check(registry: Registry, object_name: str, text: str, *, wanted: Type | None = None) -> Node:
    """The checked expression on records of an object; `ExpressionRefused` with all that is wrong."""
    node = _Checker(registry, object_name, text).node(parse(text))
    if wanted is not None and node.type.kind is not wanted.kind:
        raise ExpressionRefused([
            refused(text, 0, errors.ExpressionWrongResult, **_in_both("given", node.type), **_in_both("wanted", wanted))
        ])
    if limits.cost(node) > limits.MOST_COST:
        raise ExpressionRefused([Finding(0, limits.too_large("its cost", "执行代价", limits.MOST_COST))])
    return node


class _Checker:
    def __init__(self, registry: Registry, object_name: str, text: str) -> None:
        self._registry = registry
        self._text = text
        self._scopes = [Scope(object_name)]

    def node(self, written: Written) -> Node:
        match written:
            case Literal():
                return self._literal(written)
            case Name() | Member():
                return self._member(written)
            case Items():
                return self._items(written)
            case Invoke():
                return self._invoke(written)

    def _each(self, given: Sequence[Written]) -> tuple[Node, ...]:
        """All of them, or everything that is wrong with any of them."""
        nodes: list[Node] = []
        findings: list[Finding] = []
        for each in given:
            try:
                nodes.append(self.node(each))
            except ExpressionRefused as refusal:
                findings += refusal.findings
        if findings:
            raise ExpressionRefused(findings)
        return tuple(nodes)

    def _literal(self, written: Literal) -> Node:
        match written.value:
            case None:
                raise self._wrong_type(written.at, "null", "==, !=, ?:")
            case bool():
                return Constant(written.value, BOOLEAN)
            case str():
                return Constant(written.value, TEXT)
            case _:
                return Constant(written.value, NUMBER)

    # --- names --------------------------------------------------------------------------------------------------------

    def _member(self, written: Name | Member) -> Node:
        chain = chain_of(written)
        if chain is not None:
            return self._path(chain)
        assert isinstance(written, Member)
        of = self.node(written.of)
        if of.type.kind is not Kind.MONEY or written.name not in _PARTS:
            raise self._not_there(str(of.type), written.name, written.at)
        return self._call(written.name, (of,), (written.of,), written.at)

    def _path(self, chain: Chain) -> Node:
        scope, rest = self._scope_of(chain)
        thing = self._scopes[scope].object_name
        if not rest:
            return Path((Step(thing, OWN_ID),), Type(Kind.RECORD, thing), scope)
        steps, type_, left = self._followed(thing, rest)
        path = Path(steps, type_, scope)
        if not left:
            return path
        name, at = left[0]
        if type_.kind is not Kind.MONEY or name not in _PARTS or len(left) > 1:
            raise self._not_there(str(type_), name, at)
        return self._call(name, (path,), (), at)

    def _followed(self, object_name: str, names: Chain) -> tuple[tuple[Step, ...], Type, Chain]:
        """The steps as far as records lead on, the type there, and the names that are left."""
        steps: list[Step] = []
        type_ = Type(Kind.RECORD, object_name)
        for place, (name, at) in enumerate(names):
            if type_.kind is not Kind.RECORD or not type_.of or (steps and steps[-1].field_name == OWN_ID):
                return tuple(steps), type_, names[place:]
            step = Step(type_.of, name)
            found = field_type(self._registry, step)
            if found is None:
                raise self._unknown(type_.of, name, at)
            steps.append(step)
            type_ = found
            if len(steps) > limits.LONGEST_PATH:
                raise self._too_large(at, "the length of a path", "路径长度", limits.LONGEST_PATH)
        return tuple(steps), type_, ()

    def _scope_of(self, chain: Chain) -> tuple[int, Chain]:
        for number in range(len(self._scopes) - 1, 0, -1):
            if self._scopes[number].variable == chain[0][0]:
                return number, chain[1:]
        return 0, chain

    # --- calls --------------------------------------------------------------------------------------------------------

    def _items(self, written: Items) -> Node:
        if not written.items:
            raise self._wrong_type(written.at, "[ ]", "…")
        if len(written.items) > limits.MOST_ITEMS:
            raise self._too_large(written.at, "the length of a list", "列表长度", limits.MOST_ITEMS)
        items = self._with_keys(self._each(written.items), written.items)
        first = items[0].type
        if any(each.type.kind is not first.kind for each in items) or first.kind in {Kind.LIST, Kind.MONEY}:
            raise self._wrong_type(written.at, "[ ]", [each.type for each in items])
        return ListOf(items, Type(Kind.LIST, first.of, first.kind))

    def _invoke(self, written: Invoke) -> Node:
        given = written.arguments if written.receiver is None else (written.receiver, *written.arguments)
        name = written.name
        if name in QUANTIFIERS:
            return self._quantified(written)
        if name in VARIABLES and not given:
            return Variable(name, VARIABLES[name][0])
        if name in literals.READERS and len(given) == 1 and (quoted := _quoted(given[0])) is not None:
            return literals.literal(name, quoted) or self._refuse_literal(quoted, name, given[0].at)
        if name in _BESIDE_NULL and (compared := _beside_null(given)) is not None:
            return self._call(_BESIDE_NULL[name], (self.node(compared),), (compared,), written.at)
        if name == CONDITIONAL and (answer := _beside_null(given[1:])) is not None:
            condition, found = self._each((given[0], answer))
            nothing = Constant(None, found.type)
            branches = (found, nothing) if answer is given[1] else (nothing, found)
            return self._call(name, (condition, *branches), given, written.at)
        nodes = self._each(given)
        if name not in FUNCTIONS:
            near = near_functions(name)
            raise ExpressionRefused([
                self._finding(written.at, errors.ExpressionUnknownFunction, name=name[:60], **near)
            ])
        return self._call(name, nodes, given, written.at)

    def _call(self, name: str, nodes: tuple[Node, ...], written: Sequence[Written], at: int) -> Node:
        given = self._with_keys(nodes, written) if name in _TAKING_KEYS else nodes
        types = [each.type for each in given]
        overload = FUNCTIONS[name].overload(types)
        if overload is None or (name in _COMPARING and _differ(types)):
            raise self._wrong_type(at, name, types)
        if name == "money":
            code = given[1]
            if not isinstance(code, Constant) or not literals.is_currency(code):
                raise self._bad_literal(_quoted(written[1]) or "", "currency", written[1].at)
        return Call(name, given, overload.answer(types))

    def _with_keys(self, nodes: tuple[Node, ...], written: Sequence[Written]) -> tuple[Node, ...]:
        """Texts beside a choice read as its keys."""
        of_choices = (each.type for each in nodes if Kind.CHOICE in {each.type.kind, each.type.item} and each.type.of)
        chosen = next(of_choices, None)
        if chosen is None:
            return nodes
        return tuple(self._with_key(node, place, chosen) for node, place in zip(nodes, written, strict=True))

    def _with_key(self, node: Node, written: Written, chosen: Type) -> Node:
        if isinstance(node, ListOf) and isinstance(written, Items) and node.type.item is Kind.TEXT:
            items = tuple(self._with_key(*each, chosen) for each in zip(node.items, written.items, strict=True))
            are_keys = all(each.type.kind is Kind.CHOICE for each in items)
            return ListOf(items, Type(Kind.LIST, chosen.of, Kind.CHOICE)) if are_keys else node
        if not isinstance(node, Constant) or node.type.kind is not Kind.TEXT:
            return node
        keys, key = literals.choices(self._registry, chosen), str(node.value)
        if key not in keys:
            near = near_choices(keys, key)
            finding = self._finding(written.at, errors.ExpressionUnknownChoice, name=key[:60], field=chosen.of, **near)
            raise ExpressionRefused([finding])
        return Constant(key, Type(Kind.CHOICE, chosen.of))

    # --- the many side ------------------------------------------------------------------------------------------------

    def _quantified(self, written: Invoke) -> Node:
        chain = None if written.receiver is None else chain_of(written.receiver)
        variable = written.arguments[0] if len(written.arguments) == _PAIR else None
        if chain is None or not isinstance(variable, Name):
            raise self._wrong_type(written.at, written.name, "(x, …)")
        if len(self._scopes) > limits.DEEPEST_QUANTIFIER:
            raise self._too_large(
                written.at, "the nesting of exists and all", "exists 与 all 的嵌套", limits.DEEPEST_QUANTIFIER
            )
        outer, rest = self._scope_of(chain)
        if not rest:
            raise self._wrong_type(written.at, written.name, [Type(Kind.RECORD)])
        owner, type_, left = self._followed(self._scopes[outer].object_name, rest[:-1])
        name, at = rest[-1]
        if left or type_.kind is not Kind.RECORD or not type_.of:
            raise self._not_there(str(type_), name, at)
        inverse = self._registry.shape.inverse(type_.of, name)
        if inverse is None or inverse.link is not None:
            raise self._unknown(type_.of, name, at)
        scope = len(self._scopes)
        self._scopes.append(Scope(inverse.object_name, variable.name))
        try:
            condition = self.node(written.arguments[1])
        finally:
            self._scopes.pop()
        if condition.type != BOOLEAN:
            raise self._wrong_type(written.arguments[1].at, written.name, [condition.type])
        child = Step(inverse.object_name, inverse.field_name)
        return Quantified(
            written.name, owner, type_.of, name, child, variable.name, scope, condition, BOOLEAN, outer=outer
        )

    # --- refusals -----------------------------------------------------------------------------------------------------

    def _finding(self, at: int, fault: type[Fault], **details: Scalar) -> Finding:
        return refused(self._text, at, fault, **details)

    def _wrong_type(self, at: int, name: str, given: str | Sequence[Type]) -> ExpressionRefused:
        details = {"given": given, "given_zh": given} if isinstance(given, str) else _in_both("given", *given)
        return ExpressionRefused([self._finding(at, errors.ExpressionWrongType, name=name[:60], **details)])

    def _unknown(self, object_name: str, name: str, at: int) -> ExpressionRefused:
        there = there_all_the_same(self._registry, object_name, name)
        if there is not None:
            fault = errors.ExpressionFieldNotUsable
            return ExpressionRefused([self._finding(at, fault, name=name[:60], object=object_name, **there)])
        near = near_fields(self._registry, object_name, name)
        return ExpressionRefused([
            self._finding(at, errors.ExpressionUnknownName, name=name[:60], object=object_name, **near)
        ])

    def _not_there(self, type_: str, name: str, at: int) -> ExpressionRefused:
        return ExpressionRefused([self._finding(at, errors.ExpressionUnknownName, name=name[:60], object=type_)])

    def _bad_literal(self, text: str, type_: str, at: int) -> ExpressionRefused:
        details = {"type": type_, "type_zh": _LITERALS_ZH[type_]}
        return ExpressionRefused([self._finding(at, errors.ExpressionBadLiteral, name=text[:40], **details)])

    def _refuse_literal(self, text: str, type_: str, at: int) -> Node:
        raise self._bad_literal(text, type_, at)

    def _too_large(self, at: int, measure: str, measure_zh: str, most: int) -> ExpressionRefused:
        return ExpressionRefused([Finding(at, limits.too_large(measure, measure_zh, most))])


def _differ(types: Sequence[Type]) -> bool:
    """Whether these are records of different objects."""
    return len({each.of for each in types if Kind.RECORD in {each.kind, each.item} and each.of}) > 1


def _in_both(name: str, *given: Type) -> dict[str, str]:
    """The first few types in both languages."""
    few = given[:5]
    return {
        name: ", ".join(each.words("en") for each in few) or "()",
        f"{name}_zh": "、".join(each.words("zh") for each in few) or "()",
    }


def _quoted(written: Written) -> str | None:
    """A quoted text."""
    return written.value if isinstance(written, Literal) and isinstance(written.value, str) else None


def _beside_null(given: Sequence[Written]) -> Written | None:
    """The one of two that stands beside null."""
    others = [each for each in given if not (isinstance(each, Literal) and each.value is None)]
    return others[0] if len(others) == 1 and len(given) == _PAIR else None
