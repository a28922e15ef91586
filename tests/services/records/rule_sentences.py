"""Random conditions on a visit, each with a reading of its own that shares nothing with the language's evaluation."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from random import Random

# Any: a value of any kind.
Raw: TypeAlias = Mapping[str, Any]
Truth: TypeAlias = "bool | None"

REGIONS = ("华东", "华北", None)
_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_KEYS = {"kind": ("call", "meeting", "trade_fair"), "result": ("won", "lost", "open")}
_DAYS = tuple(date(2026, 5, day) for day in range(1, 6))
_TOPICS = ("a", "ab", "b", "海", None)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A text, the fields that it looks at, and what it means."""

    text: str
    fields: frozenset[str]
    truth: Callable[[Raw], Truth]


def record(rng: Random) -> Raw:
    """A visit as values by their short names; any may be empty."""
    return {
        "kind": rng.choice((*_KEYS["kind"], None)),
        "result": rng.choice((*_KEYS["result"], None)),
        "startsOn": rng.choice((*_DAYS, None)),
        "endsOn": rng.choice((*_DAYS, None)),
        "heads": rng.choice((0, 1, 2, 3, None)),
        "cost": rng.choice((0, 1, 2, 3, None)),
        "topic": rng.choice(_TOPICS),
        "customer": rng.choice((0, 1, 2, None)),
    }


def sentences(rng: Random) -> Iterator[Sentence]:
    """One after another."""
    while True:
        yield _sentence(rng, depth=3)


def _sentence(rng: Random, depth: int) -> Sentence:
    if depth == 0 or rng.random() < 0.3:
        return rng.choice(_ATOMS)(rng)
    if rng.random() < 0.2:
        inner = _sentence(rng, depth - 1)
        return Sentence(f"!({inner.text})", inner.fields, lambda raw: _not(inner.truth(raw)))
    one, other = _sentence(rng, depth - 1), _sentence(rng, depth - 1)
    sign, both = rng.choice((("&&", _and), ("||", _or)))
    return Sentence(
        f"({one.text}) {sign} ({other.text})",
        one.fields | other.fields,
        lambda raw: both(one.truth(raw), other.truth(raw)),
    )


def _compared(left: str, right: str, fields: set[str], read: Callable[[Raw], tuple[Any, Any]], sign: str) -> Sentence:
    def truth(raw: Raw) -> Truth:
        first, second = read(raw)
        return None if first is None or second is None else _COMPARISONS[sign](first, second)

    return Sentence(f"{left} {sign} {right}", frozenset(fields), truth)


def _numbers(rng: Random) -> Sentence:
    limit, sign = rng.randint(0, 3), rng.choice(list(_COMPARISONS))
    if rng.random() < 0.5:
        return _compared("heads_c", str(limit), {"heads"}, lambda raw: (raw["heads"], limit), sign)
    return _compared(
        "cost_c.amount",
        f"heads_c + {limit}",
        {"cost", "heads"},
        lambda raw: (raw["cost"], None if raw["heads"] is None else raw["heads"] + limit),
        sign,
    )


def _days(rng: Random) -> Sentence:
    day, sign = rng.choice(_DAYS), rng.choice(list(_COMPARISONS))
    if rng.random() < 0.5:
        return _compared("endsOn_c", "startsOn_c", {"endsOn", "startsOn"}, lambda r: (r["endsOn"], r["startsOn"]), sign)
    return _compared("endsOn_c", f"date('{day}')", {"endsOn"}, lambda raw: (raw["endsOn"], day), sign)


def _choices(rng: Random) -> Sentence:
    name = rng.choice(list(_KEYS))
    keys = rng.sample(_KEYS[name], 2)
    text = f"{name}_c in ['{keys[0]}', '{keys[1]}']"
    return Sentence(text, frozenset({name}), lambda raw: None if raw[name] is None else raw[name] in keys)


def _emptiness(rng: Random) -> Sentence:
    name = rng.choice(("topic", "heads", "cost", "endsOn", "customer"))
    if rng.random() < 0.5:
        return Sentence(f"{name}_c == null", frozenset({name}), lambda raw: raw[name] is None)
    return Sentence(f"!isEmpty({name}_c)", frozenset({name}), lambda raw: raw[name] is not None)


def _texts(rng: Random) -> Sentence:
    start = rng.choice(("a", "海"))
    return Sentence(
        f"topic_c.startsWith('{start}')",
        frozenset({"topic"}),
        lambda raw: None if raw["topic"] is None else raw["topic"].startswith(start),
    )


def _behind(rng: Random) -> Sentence:
    sign, region = rng.choice(("==", "!=")), REGIONS[rng.randrange(2)]

    def read(raw: Raw) -> tuple[Any, Any]:
        return None if raw["customer"] is None else REGIONS[raw["customer"]], region

    return _compared("customer_c.region", f"'{region}'", {"customer"}, read, sign)


_ATOMS: tuple[Callable[[Random], Sentence], ...] = (_numbers, _days, _choices, _emptiness, _texts, _behind)


def _not(truth: Truth) -> Truth:
    return None if truth is None else not truth


def _and(one: Truth, other: Truth) -> Truth:
    return False if False in {one, other} else (None if None in {one, other} else True)


def _or(one: Truth, other: Truth) -> Truth:
    return True if True in {one, other} else (None if None in {one, other} else False)
