"""A checked expression as data: every name is a field of the registry, every call one of the table, every node typed.

Frozen and hashable. Positions in the text are not part of it: two texts that mean the same are the same tree.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final, TypeAlias
from uuid import UUID

from services.expressions.types import Type

# Variables that differ between those who ask.
OF_CALLER: Final = frozenset({"currentUser", "currentDepartment"})

Scalar: TypeAlias = bool | Decimal | str | date | datetime | UUID


@dataclass(frozen=True, slots=True)
class Constant:
    """A value written in the text; `null` has the type of what it stands beside."""

    value: Scalar | None
    type: Type


@dataclass(frozen=True, slots=True)
class Parameter:
    """Where a constant was, once values travel beside the tree."""

    position: int
    type: Type


@dataclass(frozen=True, slots=True)
class Variable:
    """`today()`, `now()`, `currentUser()`, `currentDepartment()`."""

    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class Step:
    """One field of an object on a path."""

    object_name: str
    field_name: str


@dataclass(frozen=True, slots=True)
class Path:
    """A field of a record, over relations to one: all steps but the last are relations. Scope 0 is the record itself."""

    steps: tuple[Step, ...]
    type: Type
    scope: int = 0


@dataclass(frozen=True, slots=True)
class ListOf:
    """`[a, b]`."""

    items: tuple[Node, ...]
    type: Type


@dataclass(frozen=True, slots=True)
class Call:
    """A function or an operator of the table with its arguments."""

    function: str
    arguments: tuple[Node, ...]
    type: Type


@dataclass(frozen=True, slots=True)
class Quantified:
    """`deals.exists(d, …)`: `owner` leads from a record to the one whose `inverse` is meant; none is that record itself.

    `parent` is its object, `inverse` the name there, `child` the relation that points at it; `scope` numbers the variable.
    """

    quantifier: str
    owner: tuple[Step, ...]
    parent: str
    inverse: str
    child: Step
    variable: str
    scope: int
    condition: Node
    type: Type
    outer: int = 0


Node: TypeAlias = Constant | Parameter | Variable | Path | ListOf | Call | Quantified


def children(node: Node) -> tuple[Node, ...]:
    """The nodes right below."""
    match node:
        case ListOf():
            return node.items
        case Call():
            return node.arguments
        case Quantified():
            return (node.condition,)
        case _:
            return ()


def walk(node: Node) -> Iterator[Node]:
    """Every node, outer ones first."""
    yield node
    for each in children(node):
        yield from walk(each)


def dependencies(node: Node) -> frozenset[Step]:
    """Every field that the answer depends on: for the guard, and for who wants to change a field."""
    found: set[Step] = set()
    for each in walk(node):
        if isinstance(each, Path):
            found.update(each.steps)
        elif isinstance(each, Quantified):
            found.update((*each.owner, each.child))
    return frozenset(found)


def depends(node: Node) -> bool:
    """Whether the answer may differ between records, or between those who ask."""
    return any(
        isinstance(each, Path | Quantified) or (isinstance(each, Variable) and each.name in OF_CALLER)
        for each in walk(node)
    )


def is_settled(node: Node) -> bool:
    """Whether it is the same for every record, and known without asking the database."""
    return not any(
        isinstance(each, Path | Quantified) or (isinstance(each, Variable) and each.name == "currentDepartment")
        for each in walk(node)
    )
