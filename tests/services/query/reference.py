"""What filters, orders and scopes mean, said again in Python and without the compiler: the judge of property tests.

A comparison with an empty value does not hold, `ne` and `notIn` do; `not` holds where its condition is not true.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cmp_to_key
from typing import Any
from uuid import UUID

from tests.services.query.rows import Record, Rows
from tests.services.query.world import NOW, ZONE

_RELATIONS = {"company": {"parent": "company"}, "deal": {"company": "company"}}
_INVERSES = {"company": {"children": ("company", "parent"), "deals": ("deal", "company")}}
_CHOICES = {"industry": ("software", "food", "retail"), "stage": ("open", "won", "lost")}
_LOWER = {code: code + 32 for code in range(65, 91)}
_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "eq": lambda value, operand: value == operand,
    "in": lambda value, operand: value in operand,
    "lt": lambda value, operand: value < operand,
    "lte": lambda value, operand: value <= operand,
    "gt": lambda value, operand: value > operand,
    "gte": lambda value, operand: value >= operand,
    "between": lambda value, operand: operand[0] <= value <= operand[1],
    "contains": lambda value, operand: operand.translate(_LOWER) in value.translate(_LOWER),
    "startsWith": lambda value, operand: value.translate(_LOWER).startswith(operand.translate(_LOWER)),
    "endsWith": lambda value, operand: value.translate(_LOWER).endswith(operand.translate(_LOWER)),
    "has": lambda value, operand: operand in value,
    "hasAny": lambda value, operand: bool(set(operand) & set(value)),
    "hasAll": lambda value, operand: set(operand) <= set(value),
}
_NEGATED = {"ne": "eq", "notIn": "in"}


class Reference:
    """The records that a caller sees, and what is asked of them."""

    def __init__(
        self, rows: Rows, *, owners: Collection[UUID] | None = None, seen: Mapping[str, Collection[UUID]] | None = None
    ) -> None:
        self._seen: dict[str, dict[UUID, Record]] = {
            name: {
                each["id"]: each
                for each in records
                if _is_seen(each, owners) and (seen is None or each["id"] in seen[name])
            }
            for name, records in (("company", rows.companies), ("deal", rows.deals))
        }

    def matching(self, object_name: str, given: Mapping[str, Any]) -> list[Record]:
        return [each for each in self._seen[object_name].values() if self.holds(object_name, each, given)]

    def holds(self, object_name: str, record: Record, given: Mapping[str, Any]) -> bool:
        return all(self._member(object_name, record, name, value) for name, value in given.items())

    def _member(  # noqa: PLR0911 - one return for each kind of member
        self, object_name: str, record: Record, name: str, value: Any
    ) -> bool:
        match name:
            case "and":
                return all(self.holds(object_name, record, each) for each in value)
            case "or":
                return any(self.holds(object_name, record, each) for each in value)
            case "not":
                return not self.holds(object_name, record, value)
        if name in _INVERSES.get(object_name, {}):
            return all(self._quantified(object_name, record, name, word, inner) for word, inner in value.items())
        if name in _RELATIONS[object_name]:
            target = _RELATIONS[object_name][name]
            behind = self._seen[target].get(record[name])
            return behind is not None and self.holds(target, behind, value)
        if name.removesuffix("Id") in _RELATIONS[object_name]:
            relation = name.removesuffix("Id")
            reference = record[relation] if record[relation] in self._seen[_RELATIONS[object_name][relation]] else None
            return all(_compare(reference, word, operand) for word, operand in value.items())
        if name in {"revenue", "amount"}:
            return all(_of_money(record, name, part, inner) for part, inner in value.items())
        return all(_compare(record[name], word, operand) for word, operand in value.items())

    def _quantified(self, object_name: str, record: Record, inverse: str, word: str, given: Any) -> bool:
        child, relation = _INVERSES[object_name][inverse]
        mine = [each for each in self._seen[child].values() if each[relation] == record["id"]]
        answers = [self.holds(child, each, given) for each in mine]
        return {"some": any(answers), "none": not any(answers), "every": all(answers)}[word]

    def value(self, record: Record, path: Sequence[str]) -> Any:
        """What stands at the end of a path, as it sorts and groups."""
        *relations, last = path
        for relation in relations:
            behind = self._seen["company"].get(record[relation])
            if behind is None:
                return None
            record = behind
        if last.endswith("Id"):
            relation = last.removesuffix("Id")
            return record[relation] if record[relation] in self._seen["company"] else None
        return record[last]

    def ordered(self, records: Sequence[Record], keys: Sequence[tuple[Sequence[str], str]]) -> list[UUID]:
        """Ids in order: choices by their place, names by their stored key, empty values last, the id at the end."""
        last = keys[-1][1] if keys else "DESC"

        def compare(one: Record, other: Record) -> int:
            for path, direction in [*keys, (("id",), last)]:
                first, second = (_sorted_by(self.value, each, path) for each in (one, other))
                if first == second:
                    continue
                if first is None or second is None:
                    return 1 if first is None else -1
                return (1 if first > second else -1) * (1 if direction == "ASC" else -1)
            return 0

        return [each["id"] for each in sorted(records, key=cmp_to_key(compare))]


def _sorted_by(value: Callable[[Record, Sequence[str]], Any], record: Record, path: Sequence[str]) -> Any:
    last = path[-1]
    if last == "name":
        return value(record, (*path[:-1], "name.sort"))
    found = value(record, path)
    return _CHOICES[last].index(found) if last in _CHOICES and found is not None else found


def _is_seen(record: Record, owners: Collection[UUID] | None) -> bool:
    return record["deletedAt"] is None and (owners is None or record["owner"] in owners)


def _of_money(record: Record, name: str, part: str, inner: Any) -> bool:
    if part == "isEmpty":
        return (record[name] is None) is inner
    stored = record[name if part == "amount" else f"{name}.currency"]
    return all(_compare(stored, word, operand) for word, operand in inner.items())


def _compare(value: Any, word: str, operand: Any) -> bool:
    if word == "isEmpty":
        return bool(value is None or value in ("", [])) is operand
    if word in _NEGATED:
        return not _compare(value, _NEGATED[word], operand)
    if value is None:
        return False
    if word == "within":
        return _within(value, operand)
    return _COMPARE[word](value, _plain(operand))


def _plain(operand: Any) -> Any:
    return unicodedata.normalize("NFKC", operand) if isinstance(operand, str) else operand


def _within(value: date | datetime, operand: Mapping[str, Any]) -> bool:
    """Counted day by day: the slow way, so that it shares no arithmetic with the compiler."""
    day = value.astimezone(ZONE).date() if isinstance(value, datetime) else value
    today = NOW.astimezone(ZONE).date()
    return bool(operand.get("from", 0) <= _distance(operand["unit"], today, day) <= operand.get("to", 0))


def _distance(unit: str, today: date, day: date) -> int:
    match unit:
        case "DAY":
            return (day - today).days
        case "WEEK":
            return ((day - timedelta(days=day.weekday())) - (today - timedelta(days=today.weekday()))).days // 7
        case "MONTH":
            return (day.year - today.year) * 12 + day.month - today.month
        case "QUARTER":
            return (day.year - today.year) * 4 + (day.month - 1) // 3 - (today.month - 1) // 3
        case _:
            return day.year - today.year
