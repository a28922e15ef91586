"""A checked expression as text: the one way to write it. Parsing and checking that text answers the same tree."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from services.expressions.functions import FUNCTIONS
from services.expressions.parser import CHAINS, COMPARISON, CONDITIONAL, TIGHTNESS, UNARY
from services.expressions.tree import Call, Constant, ListOf, Node, Parameter, Path, Quantified, Step, Variable
from services.expressions.values import number_text

_SIGN_OF: Final = {name: sign for sign, name in UNARY.items()}
_PARTS: Final = frozenset({"amount", "currency"})
_BESIDE_NULL: Final = {"isNull": "==", "isNotNull": "!="}
_ESCAPES: Final = str.maketrans({"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t"})
_LOOSEST, _TIGHTEST = 0, 9
_UNARY: Final = 6


def printed(node: Node) -> str:
    """The text."""
    return _text(node, (), _LOOSEST)


def quoted(text: str) -> str:
    """A text in quotes."""
    return f"'{text.translate(_ESCAPES)}'"


def _text(  # noqa: PLR0911 - one return for each kind of node
    node: Node, variables: tuple[str, ...], least: int
) -> str:
    """The text, in brackets where it binds more loosely than its place needs."""
    match node:
        case Constant():
            text = _constant(node)
            return f"({text})" if text.startswith("-") and least > _UNARY else text
        case Parameter():
            return f"${node.position}"
        case Variable():
            return f"{node.name}()"
        case Path():
            return _dotted(node.scope, node.steps, variables)
        case ListOf():
            return "[" + ", ".join(_text(each, variables, _LOOSEST) for each in node.items) + "]"
        case Quantified():
            return _quantified(node, variables)
        case Call():
            return _call(node, variables, least)


def _call(node: Call, variables: tuple[str, ...], least: int) -> str:
    name, given = node.function, node.arguments
    if name == CONDITIONAL:
        parts = [_text(given[0], variables, 1), *(_text(each, variables, _LOOSEST) for each in given[1:])]
        return _bracketed(f"{parts[0]} ? {parts[1]} : {parts[2]}", _LOOSEST, least)
    if name in _BESIDE_NULL:
        text = f"{_text(given[0], variables, COMPARISON + 1)} {_BESIDE_NULL[name]} null"
        return _bracketed(text, COMPARISON, least)
    if name in TIGHTNESS:
        tightness = TIGHTNESS[name]
        # Left-associative, but for chains, whose own brackets mean a tree of their own, and comparisons, which do not chain.
        first = tightness + (name in CHAINS or tightness == COMPARISON)
        places = [first, *[tightness + 1] * (len(given) - 1)]
        operands = [_text(each, variables, place) for each, place in zip(given, places, strict=True)]
        return _bracketed(f" {name} ".join(operands), tightness, least)
    if name in _SIGN_OF:
        return _bracketed(f"{_SIGN_OF[name]}{_text(given[0], variables, _UNARY)}", _UNARY, least)
    if name in _PARTS:
        return f"{_text(given[0], variables, _TIGHTEST)}.{name}"
    arguments = [_text(each, variables, _LOOSEST) for each in given[FUNCTIONS[name].is_method :]]
    before = f"{_text(given[0], variables, _TIGHTEST)}." if FUNCTIONS[name].is_method else ""
    return f"{before}{name}({', '.join(arguments)})"


def _bracketed(text: str, tightness: int, least: int) -> str:
    return f"({text})" if tightness < least else text


def _quantified(node: Quantified, variables: tuple[str, ...]) -> str:
    before = _dotted(node.outer, node.owner, variables)
    many = f"{before}.{node.inverse}" if before else node.inverse
    condition = _text(node.condition, (*variables[: node.scope - 1], node.variable), _LOOSEST)
    return f"{many}.{node.quantifier}({node.variable}, {condition})"


def _dotted(scope: int, steps: tuple[Step, ...], variables: tuple[str, ...]) -> str:
    names = [each.field_name for each in steps]
    return ".".join([variables[scope - 1], *names] if scope else names)


def _constant(node: Constant) -> str:  # noqa: PLR0911 - one return for each kind of value
    match node.value:
        case None:
            return "null"
        case bool():
            return "true" if node.value else "false"
        case Decimal():
            return number_text(node.value)
        case str():
            return quoted(node.value)
        case datetime():
            return f"dateTime({quoted(node.value.astimezone(UTC).isoformat())})"
        case date():
            return f"date({quoted(node.value.isoformat())})"
        case UUID():
            return f"id({quoted(str(node.value))})"
