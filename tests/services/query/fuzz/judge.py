"""Filters, orders, scopes and search said again in Python and without the compiler: the judge of random questions.

A comparison with an empty value does not hold, `ne` and `notIn` do; `not` holds where its condition is not true.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cmp_to_key
from typing import TYPE_CHECKING, Any
from uuid import UUID

from schema.metadata.addresses import Address
from schema.metadata.fields import FieldState
from schema.metadata.naming import id_member, ids_member
from schema.metadata.places import Point, distance, point
from schema.metadata.rich_text import plain
from schema.metadata.search_keys import pattern, search_text
from schema.metadata.types import Operators, Output
from schema.metadata.values import Money
from services.permissions import Level, Mask
from tests.services.query.fuzz.days import within
from tests.services.query.fuzz.rows import Record, Rows
from tests.services.query.fuzz.values import normal_text

if TYPE_CHECKING:
    from schema.metadata.fields import Field
    from schema.metadata.objects import Inverse
    from schema.metadata.registry import Shape
    from tests.services.query.fuzz.asked import Filter, Order, Path

_LOWER = {code: code + 32 for code in range(65, 91)}
_NEGATED = {"ne": "eq", "notIn": "in"}
_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "eq": lambda value, operand: bool(value == operand),
    "in": lambda value, operand: value in operand,
    "lt": lambda value, operand: bool(value < operand),
    "lte": lambda value, operand: bool(value <= operand),
    "gt": lambda value, operand: bool(value > operand),
    "gte": lambda value, operand: bool(value >= operand),
    "between": lambda value, operand: bool(operand[0] <= value <= operand[1]),
    "contains": lambda value, operand: operand.translate(_LOWER) in value.translate(_LOWER),
    "startsWith": lambda value, operand: value.translate(_LOWER).startswith(operand.translate(_LOWER)),
    "endsWith": lambda value, operand: value.translate(_LOWER).endswith(operand.translate(_LOWER)),
    "has": lambda value, operand: operand in value,
    "hasAny": lambda value, operand: bool(set(operand) & set(value)),
    "hasAll": lambda value, operand: set(operand) <= set(value),
    "countAtLeast": lambda value, operand: len(value) >= operand,
}
_EDGE = "\n"


@dataclass(frozen=True)
class Judge:
    """What one caller sees of the records."""

    shape: Shape
    # The ids that scopes reach, deleted records included; those whose deletion may be seen, too.
    seen: Mapping[str, frozenset[UUID]]
    trashed: Mapping[str, frozenset[UUID]]
    rows: Rows
    levels: Callable[[str, str], Level]
    masks: Callable[[str, str], Mask]

    # --- records ------------------------------------------------------------------------------------------------------

    def live(self, object_name: str) -> list[Record]:
        return [each for each in self.rows[object_name] if not each.is_deleted and each.id in self.seen[object_name]]

    def deleted(self, object_name: str) -> list[Record]:
        reached = self.seen[object_name] & self.trashed[object_name]
        return [each for each in self.rows[object_name] if each.is_deleted and each.id in reached]

    def behind(self, record: Record, relation: str) -> Record | None:
        field = self.field(record.object_name, relation)
        assert field.relation is not None
        wanted = record.values[relation]
        return next((each for each in self.live(field.relation.target) if each.id == wanted), None)

    def field(self, object_name: str, name: str) -> Field:
        found = self.shape.field(object_name, name)
        if found is not None:
            return found
        fields = self.shape.objects[object_name].fields
        return next(each for each in fields if name in {id_member(each.name), ids_member(each.name)})

    def shown(self, object_name: str, lookup: str) -> tuple[str, str, Field]:
        """What a lookup shows: its relation, the object behind that, and the field there."""
        own = next(each for each in self.shape.objects[object_name].lookups if each.name == lookup)
        relation = self.field(object_name, str(own.option("relation")))
        assert relation.relation is not None
        target = relation.relation.target
        return relation.name, target, self.field(target, str(own.option("field")))

    def several(self, record: Record, name: str) -> list[Record]:
        """The persons of a field that are seen, in their order."""
        seen = {each.id: each for each in self.live("user")}
        return [seen[each] for each in record.values[name] or () if each in seen]

    # --- filters ------------------------------------------------------------------------------------------------------

    def holds(self, record: Record, given: Filter) -> bool:
        return all(self._member(record, name, value) for name, value in given.items())

    def _member(self, record: Record, name: str, value: Any) -> bool:
        match name:
            case "and":
                return all(self.holds(record, each) for each in value)
            case "or":
                return any(self.holds(record, each) for each in value)
            case "not":
                return not self.holds(record, value)
        inverse = self.shape.inverse(record.object_name, name)
        if inverse is not None:
            mine = [each for each in self.live(inverse.object_name) if leads_to(inverse, record, each)]
            return all(_quantified(word, [self.holds(each, inner) for each in mine]) for word, inner in value.items())
        field = self.field(record.object_name, name)
        if field.relation is not None and field.name == name:
            behind = self.behind(record, name)
            return behind is not None and self.holds(behind, value)
        return self._compared(record, field, value)

    def _compared(self, record: Record, field: Field, value: Mapping[str, Any]) -> bool:
        stored = record.values[field.name]
        if field.relation is not None:
            behind = self.behind(record, field.name)
            stored = None if behind is None else behind.id
        if field.type.has_several:
            stored = [each.id for each in self.several(record, field.name)] or None
        if field.type.operators is Operators.ADDRESS:
            return all(_of_address(field, stored, part, inner) for part, inner in value.items())
        if field.type.output is not Output.MONEY:
            return all(compare(field, stored, word, operand) for word, operand in value.items())
        return all(_of_money(field, stored, part, inner) for part, inner in value.items())

    # --- search -------------------------------------------------------------------------------------------------------

    def open_fields(self, object_name: str) -> list[Field]:
        thing = self.shape.objects[object_name]
        found = [
            each for each in thing.fields
            if each.option("search") is True and each.state is FieldState.LIVE
            and self.levels(object_name, each.name) >= Level.READ
        ]  # fmt: skip
        return sorted(found, key=lambda each: each.name != thing.title_field)

    def rank(self, record: Record, asked: str) -> tuple[int, str] | None:
        """How well it is met, the less the better, and by which field; nothing if it is not."""
        sought = pattern(asked)
        if sought is None:
            return None
        head = _EDGE + sought.removeprefix(_EDGE)
        title = self.shape.objects[record.object_name].title_field
        found = []
        for place, wanted in enumerate((head + _EDGE, head, sought)):
            for field in self.open_fields(record.object_name):
                stored = record.values[field.name]
                assert field.type.lines is not None
                if stored is not None and wanted in (search_text(field.type.lines, stored) or ""):
                    found.append((2 * place + (field.name != title), place, field.name))
        if not found:
            return None
        # The field that is named is the first of those that are met best, without regard to the title.
        best = min(place for _, place, _ in found)
        return min(found)[0], next(name for _, place, name in found if place == best)

    # --- order --------------------------------------------------------------------------------------------------------

    def value(self, record: Record, path: Path) -> Any:
        """What stands at the end of a path."""
        *relations, last = path
        for relation in relations:
            behind = self.behind(record, relation)
            if behind is None:
                return None
            record = behind
        field = self.field(record.object_name, last)
        if field.relation is not None:
            behind = self.behind(record, field.name)
            return None if behind is None else behind.id
        return record.values[last]

    def sorts_by(self, record: Record, path: Path) -> Any:
        *relations, last = path
        end = record
        for relation in relations:
            behind = self.behind(end, relation)
            if behind is None:
                return None
            end = behind
        field, stored = self.field(end.object_name, last), end.values[last]
        if stored is None:
            return None
        if field.type.has_choices:
            return [each.key for each in field.choices].index(stored)
        if field.option("sortKey") is not None:
            return end.companions[last]["sort"]
        if isinstance(stored, Address):
            return stored.code
        return stored.amount if isinstance(stored, Money) else stored

    def ordered(self, records: Iterable[Record], order: Order, search: str | None) -> list[Record]:
        return sorted(records, key=cmp_to_key(self.comparing(order, search)))

    def comparing(self, order: Order, search: str | None) -> Callable[[Record, Record], int]:
        """Empty values last in both directions, the id at the end, as the last key goes."""
        keys: list[tuple[Path, str]] = [*(order or ((("createdAt",), "DESC"),))]
        keys.append((("id",), keys[-1][1]))

        def compare_(one: Record, other: Record) -> int:
            if search is not None and not order:
                ranks = [self.rank(each, search) for each in (one, other)]
                first, second = (each[0] for each in ranks if each is not None)
                if first != second:
                    return -1 if first < second else 1
            for path, way in keys:
                found = compared(self.sorts_by(one, path), self.sorts_by(other, path), way)
                if found:
                    return found
            return 0

        return compare_


def leads_to(inverse: Inverse, record: Record, other: Record) -> bool:
    """Whether the other one is among the many of a record."""
    if inverse.link is None:
        return bool(other.values[inverse.field_name] == record.id)
    source, target = (other, record) if inverse.link.is_backward else (record, other)
    return target.id in source.values[inverse.link.field_name]


def compare(field: Field, value: Any, word: str, operand: Any) -> bool:
    """One operator on one value."""
    if word == "isEmpty":
        return bool(value is None or value in ("", [])) is operand
    if word in _NEGATED:
        return not compare(field, value, _NEGATED[word], operand)
    if value is None:
        return word == "countAtLeast" and bool(operand == 0)
    if word in _ON_EARTH:
        return _ON_EARTH[word](value, operand)
    if word not in _COMPARE:
        return within(value, word, operand)
    if field.type.operators is Operators.WORDS:
        value = plain(value)
    return _COMPARE[word](value, _normal(field, operand))


def _normal(field: Field, operand: Any) -> Any:
    if field.type.operators not in {Operators.TEXT, Operators.LIST, Operators.WORDS}:
        return operand
    if isinstance(operand, str):
        return normal_text(field, operand)
    return [normal_text(field, each) for each in operand]


def _of_money(field: Field, stored: Money | None, part: str, inner: Any) -> bool:
    if part == "isEmpty":
        return (stored is None) is inner
    value = None if stored is None else getattr(stored, part)
    return all(compare(field, value, word, operand) for word, operand in inner.items())


def _of_address(field: Field, stored: Address | None, part: str, inner: Any) -> bool:
    if part == "isEmpty":
        return (stored is None) is inner
    value = None if stored is None else getattr(stored, part)
    return all(compare(field, value, word, operand) for word, operand in inner.items())


def _is_in_box(value: Point, box: Mapping[str, float]) -> bool:
    north, east = float(value.latitude), float(value.longitude)
    if not box["south"] <= north <= box["north"]:
        return False
    # From west to east, perhaps over the line of date.
    return (east - box["west"]) % 360 <= (box["east"] - box["west"]) % 360


_ON_EARTH: Mapping[str, Callable[[Point, Any], bool]] = {
    "near": lambda value, asked: distance(value, point(asked["latitude"], asked["longitude"])) <= asked["metres"],
    "inBox": _is_in_box,
}


def _quantified(word: str, answers: Sequence[bool]) -> bool:
    return {"some": any(answers), "none": not any(answers), "every": all(answers)}[word]


def compared(one: Any, other: Any, way: str) -> int:
    """Less than nothing if the one comes first; empty values are last both ways."""
    if one == other:
        return 0
    if one is None or other is None:
        return 1 if one is None else -1
    return (1 if one > other else -1) * (1 if way == "ASC" else -1)
