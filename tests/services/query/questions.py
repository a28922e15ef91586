"""Random but repeatable filters and orders over companies and deals, as a caller would send them in variables."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from tests.services.query.rows import Rows

_UNITS = ("DAY", "WEEK", "MONTH", "QUARTER", "YEAR")
_WORDS = ("acme", "A", "华夏", "%", "_", "\\\\", "zeta", '"')
_ORDERED = ("eq", "ne", "in", "notIn", "lt", "lte", "gt", "gte", "between")
_FAMILIES: Mapping[str, tuple[str, ...]] = {
    "name": (*_ORDERED, "contains", "startsWith", "endsWith"),
    "title": (*_ORDERED, "contains", "startsWith", "endsWith"),
    "industry": ("eq", "ne", "in", "notIn"),
    "stage": ("eq", "ne", "in", "notIn"),
    "score": _ORDERED,
    "staff": _ORDERED,
    "foundedOn": (*_ORDERED, "within"),
    "closeOn": (*_ORDERED, "within"),
    "seenAt": (*_ORDERED, "within"),
    "vip": ("eq", "ne"),
    "tags": ("has", "hasAny", "hasAll"),
    "parentId": ("eq", "ne", "in", "notIn"),
    "companyId": ("eq", "ne", "in", "notIn"),
}
_FIELDS = {
    "company": ("name", "industry", "score", "staff", "foundedOn", "seenAt", "vip", "tags", "parentId", "revenue"),
    "deal": ("title", "stage", "closeOn", "companyId", "amount"),
}
_FOLLOWED = {"company": {"parent": "company"}, "deal": {"company": "company"}}
_CHILDREN = {"company": {"children": "company", "deals": "deal"}, "deal": {}}
_SORTED = {
    "company": ("name", "industry", "revenue", "score", "staff", "foundedOn", "seenAt", "vip", "createdAt"),
    "deal": ("title", "stage", "amount", "closeOn", "createdAt"),
}


class Questions:
    """One sequence of questions."""

    def __init__(self, seed: int, rows: Rows) -> None:
        self._rng = random.Random(seed)  # noqa: S311 - repeatable
        self._rows = {"company": rows.companies, "deal": rows.deals}

    def filter(self, object_name: str, depth: int = 3) -> dict[str, Any]:
        return dict(self._member(object_name, depth) for _ in range(self._rng.choice((1, 1, 2))))

    def order(self, object_name: str) -> list[tuple[tuple[str, ...], str]]:
        names = self._rng.sample(_SORTED[object_name], self._rng.choice((0, 1, 2, 3)))
        return [(self._path(object_name, name), self._rng.choice(("ASC", "DESC"))) for name in names]

    def _path(self, object_name: str, name: str) -> tuple[str, ...]:
        relation = next(iter(_FOLLOWED[object_name]))
        # A key of the related company now and then; both objects have `createdAt` there.
        return (relation, "createdAt") if name == "createdAt" and self._rng.random() < 0.5 else (name,)

    def _member(self, object_name: str, depth: int) -> tuple[str, Any]:
        roll = self._rng.random() if depth else 1.0
        if roll < 0.12:
            return "not", self.filter(object_name, depth - 1)
        if roll < 0.28:
            count = self._rng.randint(0, 3)
            return self._rng.choice(("and", "or")), [self.filter(object_name, depth - 1) for _ in range(count)]
        if roll < 0.4:
            name, target = self._rng.choice(list(_FOLLOWED[object_name].items()))
            return name, self.filter(target, depth - 1)
        if roll < 0.55 and _CHILDREN[object_name]:
            name, child = self._rng.choice(list(_CHILDREN[object_name].items()))
            return name, {self._rng.choice(("some", "none", "every")): self.filter(child, depth - 1)}
        return self._comparison(object_name)

    def _comparison(self, object_name: str) -> tuple[str, Any]:
        name = self._rng.choice(_FIELDS[object_name])
        if self._rng.random() < 0.15:
            return name, {"isEmpty": self._rng.random() < 0.5}
        if name in {"revenue", "amount"}:
            if self._rng.random() < 0.5:
                return name, {"currency": {self._rng.choice(("eq", "ne")): "CNY"}}
            return name, {"amount": self._operator(object_name, name, _ORDERED)}
        return name, self._operator(object_name, name, _FAMILIES[name])

    def _operator(  # noqa: PLR0911 - one return for each kind of operand
        self, object_name: str, name: str, offered: Sequence[str]
    ) -> dict[str, Any]:
        word = self._rng.choice(offered)
        match word:
            case "within":
                start = self._rng.randint(-3, 2)
                return {word: {"unit": self._rng.choice(_UNITS), "from": start, "to": start + self._rng.randint(0, 3)}}
            case "contains" | "startsWith" | "endsWith":
                return {word: self._rng.choice(_WORDS)}
            case "has":
                return {word: self._rng.choice(("vip", "华"))}
            case "hasAny" | "hasAll":
                return {word: self._rng.sample(("vip", "old", "华"), self._rng.randint(0, 2))}
            case "in" | "notIn":
                return {word: [self._stored(object_name, name) for _ in range(self._rng.randint(0, 3))]}
            case "between":
                return {word: sorted((self._stored(object_name, name), self._stored(object_name, name)))}
            case _:
                return {word: self._stored(object_name, name)}

    def _stored(self, object_name: str, name: str) -> Any:
        stored = [each[name.removesuffix("Id")] for each in self._rows[object_name]]
        return self._rng.choice([each for each in stored if each not in (None, "")])


def as_input(given: Any) -> Any:
    """The same filter as JSON variables."""
    match given:
        case dict():
            return {name: as_input(each) for name, each in given.items()}
        case list() | tuple():
            return [as_input(each) for each in given]
        case Decimal() | UUID():
            return str(given)
        case datetime():
            return given.isoformat().replace("+00:00", "Z")
        case date():
            return given.isoformat()
        case _:
            return given


def order_input(keys: Sequence[tuple[Sequence[str], str]]) -> list[dict[str, Any]]:
    """An order as JSON variables."""
    found = []
    for path, direction in keys:
        nested: Any = direction
        for name in reversed(path):
            nested = {name: nested}
        found.append(nested)
    return found
