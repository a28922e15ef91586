"""SQL text as data: fragments made only from literals, names of the registry and bound values.

Used by the compiler, the record statements and the DDL writer. A fragment knows no tenant: the schema and the physical
names are slots that are filled when a statement is bound, so one template serves every tenant of equal shape.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Any, LiteralString, NamedTuple, TypeAlias

_TYPE = re.compile(
    r"[a-z][a-z ]*(\(\d{1,3}(,\d{1,3})?\))?(\[\])?"
    r"( COLLATE \"C\"| PRIMARY KEY| NOT NULL DEFAULT (\d{1,9}|now\(\)))?\Z"
)
_PHYSICAL = re.compile(r"[a-z_][a-z0-9_]{0,62}\Z")
_CONSTANT = re.compile(r"[\[\]{}\",:_0-9A-Za-z-]*\Z")


@dataclass(frozen=True, slots=True)
class Slot:
    """A physical name that differs between tenants: a table, or a column of one (`part` names a companion column)."""

    object_name: str
    field_name: str = ""
    part: str = ""


@dataclass(frozen=True, slots=True)
class SchemaSlot:
    """Where the tenant's schema goes."""


@dataclass(frozen=True, slots=True)
class Value:
    """A bound value: `key` says which, `type` is the SQL type it is cast to. Equal keys share one parameter."""

    key: Hashable
    type: str


Part: TypeAlias = str | Slot | SchemaSlot | Value


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of SQL. Made by the functions below only."""

    parts: tuple[Part, ...]

    def __add__(self, other: Fragment) -> Fragment:
        return Fragment(self.parts + other.parts)


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Template:
    """A rendered statement: text pieces with the remaining slots, and the keys of its parameters in order `$1…`."""

    parts: tuple[str | Slot | SchemaSlot, ...]
    parameters: tuple[Hashable, ...]

    def bind(self, schema: str, physical: Callable[[Slot], str]) -> str:
        """The text for one tenant."""
        out = []
        for part in self.parts:
            match part:
                case str():
                    out.append(part)
                case SchemaSlot():
                    out.append(_quote(schema))
                case Slot():
                    out.append(_quote(physical(part)))
        return "".join(out)

    def bound(
        self,
        schema: str,
        values: Mapping[Any, object],  # keys of one statement may be of several types
        physical: Callable[[Slot], str] | None = None,
    ) -> BoundSql:
        """The text for one tenant with its values; without `physical` the statement may touch fixed tables only."""
        text = self.bind(schema, physical or _no_slot)
        return BoundSql(text, tuple(values[key] for key in self.parameters))


class BoundSql(NamedTuple):
    """Text for one tenant with its argument values; what a session executes."""

    text: str
    arguments: tuple[object, ...] = ()


SCHEMA = Fragment((SchemaSlot(),))
EMPTY = Fragment(())


def sql(text: LiteralString, /, **pieces: Fragment) -> Fragment:
    """A literal with `{name}` places for other fragments."""
    parts: list[Part] = []
    for literal, name, _, _ in Formatter().parse(text):
        if literal:
            parts.append(literal)
        if name is not None:
            parts.extend(pieces[name].parts)
    return Fragment(tuple(parts))


def ident(name: str | Slot) -> Fragment:
    """A quoted name: a physical name of ours, or a slot for one of the tenant's."""
    return Fragment((name,)) if isinstance(name, Slot) else Fragment((_quote(name),))


def value(key: Hashable, type_: LiteralString) -> Fragment:
    """A parameter."""
    return Fragment((Value(key, type_),))


def constant(text: str) -> Fragment:
    """JSON punctuation around GraphQL names as an SQL text literal; no sign in it could end the literal."""
    if not _CONSTANT.match(text):
        msg = f"not JSON punctuation and names: {text!r}"
        raise ValueError(msg)
    return Fragment((f"'{text}'",))


def type_name(name: str) -> Fragment:
    """The SQL type of a column, from the table of field types; anything else is a defect."""
    if not _TYPE.match(name):
        msg = f"not a type: {name!r}"
        raise ValueError(msg)
    return Fragment((name,))


def integer(number: int) -> Fragment:
    """A whole number written into the text, for limits and positions."""
    return Fragment((str(int(number)),))


def join(separator: LiteralString, fragments: Iterable[Fragment]) -> Fragment:
    """Fragments one after another."""
    parts: list[Part] = []
    for number, fragment in enumerate(fragments):
        if number:
            parts.append(separator)
        parts.extend(fragment.parts)
    return Fragment(tuple(parts))


def render(fragment: Fragment) -> Template:
    """Number the parameters and merge neighbouring text."""
    numbers: dict[tuple[Hashable, str], int] = {}
    keys: list[Hashable] = []
    out: list[str | Slot | SchemaSlot] = []
    for part in fragment.parts:
        piece: str | Slot | SchemaSlot
        if isinstance(part, Value):
            at = (part.key, part.type)
            if at not in numbers:
                numbers[at] = len(keys) + 1
                keys.append(part.key)
            piece = f"${numbers[at]}::{part.type}"
        else:
            piece = part
        if isinstance(piece, str) and out and isinstance(out[-1], str):
            out[-1] += piece
        else:
            out.append(piece)
    return Template(tuple(out), tuple(keys))


def _no_slot(slot: Slot) -> str:
    msg = f"no physical names were given for {slot!r}"
    raise ValueError(msg)


def _quote(name: str) -> str:
    if not _PHYSICAL.match(name):
        msg = f"not a physical name: {name!r}"
        raise ValueError(msg)
    return f'"{name}"'
