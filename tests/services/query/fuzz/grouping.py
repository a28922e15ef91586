"""Groups and their measures in Python: rows put into lists by key, and plain arithmetic over them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cmp_to_key
from typing import Any
from zoneinfo import ZoneInfo

from schema.metadata.durations import of_seconds, seconds
from schema.metadata.naming import compose_type
from schema.metadata.types import Output
from schema.metadata.values import Money
from tests.services.query.fuzz.asked import Groups, Key
from tests.services.query.fuzz.days import bucket
from tests.services.query.fuzz.judge import Judge, compare, compared
from tests.services.query.fuzz.rows import Record
from tests.services.query.fuzz.values import plain_number, shown
from tests.services.query.world import ZONE

_MOST_GROUPS = 1000
_EXACT = Context(prec=200)
_MICRO = Decimal("1e-6")
_TEN_DECIMALS = Decimal("1e-10")
_TITLES = {"sum": "Sum", "avg": "Avg", "min": "Min", "max": "Max", "countDistinct": "CountDistinct"}


def groups(judge: Judge, asked: Groups, records: Sequence[Record]) -> list[Any]:
    """The groups in order."""
    found: dict[tuple[Any, ...], list[Record]] = {} if asked.by else {(): []}
    for record in records:
        found.setdefault(tuple(_key(judge, asked, each, record) for each in asked.by), []).append(record)
    made = [_Group(judge, asked, key, members) for key, members in found.items()]
    kept = [each for each in made if all(each.holds(*condition) for condition in asked.having)]
    kept.sort(key=cmp_to_key(_comparing(judge, asked)))
    return [each.answer() for each in kept[: _MOST_GROUPS if asked.size is None else asked.size]]


class _Group:
    def __init__(self, judge: Judge, asked: Groups, key: tuple[Any, ...], members: Sequence[Record]) -> None:
        self.judge, self.asked, self.key, self.members = judge, asked, key, members

    def measure(self, function: str, name: str) -> Any:
        """A number, a date, a list of money, or nothing."""
        if function == "count":
            return len(self.members)
        field = self.judge.field(self.asked.object_name, name)
        if field.type.output is Output.MONEY:
            return self._money(function, name)
        values = [value for each in self.members if (value := self.judge.value(each, (name,))) is not None]
        if not values and function != "countDistinct":
            return None
        if field.type.output is Output.DURATION:
            return _length(function, values)
        return _FUNCTIONS[function](values)

    def _money(self, function: str, name: str) -> list[Money]:
        amounts: dict[str, list[Decimal]] = {}
        for each in self.members:
            money = each.values[name]
            if money is not None:
                amounts.setdefault(money.currency, []).append(money.amount)
        return [Money(_FUNCTIONS[function](amounts[each]), each) for each in sorted(amounts)]

    def holds(self, function: str, name: str, operator: str, operand: Any) -> bool:
        is_count = function in {"count", "countDistinct"}
        field = self.judge.field(self.asked.object_name, "version" if is_count else name)
        return compare(field, self.measure(function, name), operator, operand)

    def answer(self) -> Any:
        return {key: self._part(name, inner) for key, name, inner in self.asked.parts}

    def _part(self, name: str, inner: Any) -> Any:
        match name:
            case "__typename":
                return compose_type(self.asked.object_name, "Aggregate")
            case "count":
                return self.measure("count", "")
            case "group":
                return self._group(inner, self.asked.object_name)
            case _:
                return {key: self._measured(name, field, parts) for key, field, parts in inner}

    def _group(self, parts: Sequence[tuple[str, str, Any]], object_name: str) -> Any:
        """Parts are a position, or those of the object behind a relation."""
        found: dict[str, Any] = {}
        for key, name, inner in parts:
            if name == "__typename":
                found[key] = compose_type(object_name, "Group")
            elif isinstance(inner, int):
                found[key] = self._shown(inner)
            else:
                relation = self.judge.field(object_name, name).relation
                assert relation is not None
                found[key] = self._group(inner, relation.target)
        return found

    def _shown(self, position: int) -> Any:
        key = self.asked.by[position]
        output = Output.DATE if key.granularity else _end(self.judge, self.asked.object_name, key).type.output
        return shown(output, self.key[position])

    def _measured(self, function: str, name: str, parts: Any) -> Any:
        if name == "__typename":
            return compose_type(self.asked.object_name, _TITLES[function])
        found, output = self.measure(function, name), self.judge.field(self.asked.object_name, name).type.output
        if output is Output.MONEY:
            return [_money_shown(each, parts) for each in found]
        if found is None or function == "countDistinct":
            return found
        if function == "avg" and output is not Output.DURATION:
            return plain_number(found)
        return shown(Output.LONG if function == "sum" and output is Output.INT else output, found)


def _money_shown(money: Money, parts: Sequence[tuple[str, str]]) -> Any:
    known = {"amount": plain_number(money.amount), "currency": money.currency, "__typename": "Money"}
    return {key: known[part] for key, part in parts}


def _key(judge: Judge, asked: Groups, key: Key, record: Record) -> Any:
    value = judge.value(record, key.path)
    if value is None or not key.granularity:
        return value
    day: date = value
    if isinstance(value, datetime):
        day = value.astimezone(ZONE if asked.zone is None else ZoneInfo(asked.zone)).date()
    return bucket(key.granularity, day)


def _end(judge: Judge, object_name: str, key: Key) -> Any:
    *relations, last = key.path
    for each in relations:
        relation = judge.field(object_name, each).relation
        assert relation is not None
        object_name = relation.target
    return judge.field(object_name, last)


def _comparing(judge: Judge, asked: Groups) -> Callable[[_Group, _Group], int]:
    chosen = {by for by, _ in asked.order}
    terms = [*asked.order, *((place, "ASC") for place in range(len(asked.by)) if place not in chosen)]

    def compare_(one: _Group, other: _Group) -> int:
        for by, way in terms:
            found = compared(_sorted_by(judge, asked, one, by), _sorted_by(judge, asked, other, by), way)
            if found:
                return found
        return 0

    return compare_


def _sorted_by(judge: Judge, asked: Groups, group: _Group, by: int | tuple[str, str]) -> Any:
    if not isinstance(by, int):
        return group.measure(*by)
    value, field = group.key[by], _end(judge, asked.object_name, asked.by[by])
    if value is None or not field.type.has_choices:
        return value
    return [each.key for each in field.choices].index(value)


def _length(function: str, values: Sequence[timedelta]) -> timedelta:
    found = _FUNCTIONS[function]([seconds(each) for each in values])
    return of_seconds(found.quantize(_MICRO, ROUND_HALF_UP, _EXACT))


def _average(values: Sequence[Any]) -> Decimal:
    mean = _EXACT.divide(Decimal(sum(values)), Decimal(len(values)))
    return mean.quantize(_TEN_DECIMALS, ROUND_HALF_UP, _EXACT)


_FUNCTIONS: Mapping[str, Callable[[Sequence[Any]], Any]] = {
    "sum": sum,
    "avg": _average,
    "min": min,
    "max": max,
    "countDistinct": lambda values: len(set(values)),
}
