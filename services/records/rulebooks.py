"""The rules of an object made ready to be asked: their expressions as functions, and which fields each looks at. Pure.

A rule whose expression fits the shape no more (a field of it is gone) asks nothing, and is counted.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

from prometheus_client import Counter

from services import expressions
from services.expressions import Closure, ExpressionOutdated, Node

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from schema.metadata.field_rules import Condition, FieldRules, OfferedChoices, ValidationRule
    from schema.metadata.registry import Registry, Shape
    from services.permissions import Withheld
    from tenants.context import ReadWork

OUTDATED = Counter(
    "kezhi_outdated_rules_total", "Rules over fields that asked nothing because they fit the shape no more."
)


@dataclass(frozen=True, slots=True)
class Asked:
    """An expression on a record: what it answers, and the fields of the record that it looks at."""

    node: Node
    looks_at: frozenset[str]
    answer: Closure = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class FieldBook:
    """What is asked of one field. Without `visible` it always is."""

    name: str
    is_required: bool
    required: Asked | None
    visible: Asked | None
    read_only: Asked | None
    offered_by: str
    offered: Mapping[str, frozenset[str]]

    @property
    def asks_for_value(self) -> bool:
        """Whether it depends on the record whether the field may stay empty."""
        return self.required is not None or (self.is_required and self.visible is not None)

    @property
    def conditions(self) -> Iterator[Asked]:
        """The conditions that there are."""
        return (each for each in (self.required, self.visible, self.read_only) if each is not None)


@dataclass(frozen=True, slots=True)
class RuleOfRecord:
    """A validation rule and its expression."""

    rule: ValidationRule
    asked: Asked


@dataclass(frozen=True)
class Rulebook:
    """Everything that is asked of the records of one object."""

    fields: Mapping[str, FieldBook]
    records: tuple[RuleOfRecord, ...]

    @cached_property
    def asked(self) -> tuple[Asked, ...]:
        """Every expression."""
        of_fields = (each for book in self.fields.values() for each in book.conditions)
        return (*of_fields, *(each.asked for each in self.records))

    @cached_property
    def conditional(self) -> frozenset[str]:
        """Fields that are only sometimes there to be filled, so that nothing asks for their values always."""
        return frozenset(name for name, book in self.fields.items() if book.visible is not None)

    def looks_at(self, names: Collection[str]) -> frozenset[str]:
        """The fields by which it is decided whether a record may have those of these names moved."""
        found: set[str] = set()
        for name, book in self.fields.items():
            looked = {name, book.offered_by, *(each for asked in book.conditions for each in asked.looks_at)} - {""}
            if not looked.isdisjoint(names):
                found |= looked
        for each in self.records:
            if not each.asked.looks_at.isdisjoint(names):
                found |= each.asked.looks_at
        return frozenset(found)


NOTHING_ASKED = Rulebook(MappingProxyType({}), ())


def kept_rulebook(work: ReadWork, registry: Registry, object_name: str) -> Rulebook:
    """What is asked of the records of an object; made once for a version of the definitions."""
    if object_name not in registry.rules:
        return NOTHING_ASKED
    tenant, key = work.placement.tenant_id, (registry.version, object_name)
    found = work.cache.get(Rulebook, tenant, key)
    if found is None:
        found = rulebook(registry, object_name)
        work.cache.put(Rulebook, tenant, key, found, weight=1 + len(found.asked))
    return found


def rulebook(registry: Registry, object_name: str) -> Rulebook:
    """The same, made anew."""
    rules = registry.rules.get(object_name)
    if rules is None:
        return NOTHING_ASKED
    shape = registry.shape
    fields = {name: _field_book(shape, object_name, name, each) for name, each in rules.fields.items()}
    ready = ((each, _asked(shape, object_name, each.condition)) for each in rules.validation)
    return Rulebook(fields, tuple(RuleOfRecord(rule, asked) for rule, asked in ready if asked is not None))


def without(book: Rulebook, closed: Collection[str], withheld: Withheld) -> Rulebook:
    """What is left for a writer from whom pilots withhold something: neither their rules, nor any that looks at theirs.

    `closed` are the fields of the object that are not there for him.
    """
    left = Rulebook(
        {name: _field_left(each, closed, withheld) for name, each in book.fields.items() if name not in closed},
        tuple(each for each in book.records if each.rule.id not in withheld.rules and _is_open(each.asked, withheld)),
    )
    return left if left.fields or left.records else NOTHING_ASKED


def _field_left(book: FieldBook, closed: Collection[str], withheld: Withheld) -> FieldBook:
    required, visible, read_only = (
        asked if asked is not None and _is_open(asked, withheld) else None
        for asked in (book.required, book.visible, book.read_only)
    )
    left = replace(book, required=required, visible=visible, read_only=read_only)
    return replace(left, offered_by="", offered={}) if book.offered_by in closed else left


def _is_open(asked: Asked, withheld: Withheld) -> bool:
    return not any(withheld.covers(step.object_name, step.field_name) for step in expressions.dependencies(asked.node))


def _field_book(shape: Shape, object_name: str, name: str, rules: FieldRules) -> FieldBook:
    found = shape.field(object_name, name)
    offered = _offered(shape, object_name, rules.offered)
    return FieldBook(
        name,
        found is not None and found.required,
        _asked(shape, object_name, rules.required_if),
        _asked(shape, object_name, rules.visible_if),
        _asked(shape, object_name, rules.read_only_if),
        offered.by if offered is not None else "",
        {key: frozenset(keys) for key, keys in offered.offered} if offered is not None else {},
    )


def _offered(shape: Shape, object_name: str, offered: OfferedChoices | None) -> OfferedChoices | None:
    return None if offered is None or shape.field(object_name, offered.by) is None else offered


def _asked(shape: Shape, object_name: str, condition: Condition | None) -> Asked | None:
    if condition is None:
        return None
    try:
        node = expressions.restored(json.loads(condition.tree), shape, object_name)
    except ExpressionOutdated:
        OUTDATED.inc()
        return None
    return Asked(node, own_fields(node, object_name), expressions.closure(node))


def own_fields(node: Node, object_name: str) -> frozenset[str]:
    """The fields of the record itself that an expression looks at; of a path that leads on, the first one."""
    steps = (each.steps[0] for each in expressions.walk(node) if isinstance(each, expressions.Path))
    return frozenset(step.field_name for step in steps if step.object_name == object_name)
