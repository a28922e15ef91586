"""Values that say the same are one; those that only Python calls equal, or only print alike, stay two."""

from __future__ import annotations

import gc
from dataclasses import dataclass, field
from decimal import Decimal

from schema.metadata.interning import Interned
from tenants.sql import Template


@dataclass(frozen=True)
class Part:
    """Something that is not all in its text."""

    name: str
    hidden: int = field(default=0, repr=False)


def test_equal_values_are_one_as_long_as_somebody_has_it() -> None:
    parts: Interned[Part] = Interned()
    first, second, other = Part("a"), Part("a"), Part("b")

    assert parts.find(first) is None
    assert parts.one(first) is first
    assert parts.one(second) is first
    assert parts.find(second) is first
    assert parts.one(other) is other
    del first, second
    gc.collect()
    assert parts.find(Part("a")) is None


def test_what_only_python_calls_equal_stays_two() -> None:
    templates: Interned[Template] = Interned()
    short, long, truth = (Template(("SELECT $1",), (given,)) for given in (Decimal("1.0"), Decimal("1.00"), True))

    assert short == long == truth
    assert [templates.one(each) for each in (short, long, truth)] == [short, long, truth]
    assert templates.one(long) is long
    assert templates.one(truth) is truth


def test_what_only_prints_alike_stays_two() -> None:
    parts: Interned[Part] = Interned()
    first, second = Part("a", 1), Part("a", 2)

    assert parts.one(first) is first
    assert parts.one(second) is second
