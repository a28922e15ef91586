"""Which rules use a field: told before it is retired or becomes another type. Those that would not fit any more keep it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from services import expressions, metadata
from services.field_rules import conditions
from services.metadata import Usage

if TYPE_CHECKING:
    from uuid import UUID

    from schema.metadata.field_rules import Condition, ObjectRules
    from services.metadata import Subject
    from tenants.context import ReadWork

KIND = "fieldRule"
# Of one type or the other, a value is the same text: what is compared with it stays what it was.
_TEXTS = frozenset({"text", "longText"})


async def usages(_: ReadWork, subject: Subject) -> Iterable[Usage]:
    """The live rules of all objects that look at what changes, but for those that go along with it."""
    of_rules = [
        usage
        for object_name, rules in subject.before.rules.items()
        if subject.field_name or object_name != subject.object_name
        for usage in _of_object(subject, object_name, rules)
    ]
    return [*of_rules, *_of_combinations(subject)]


def _of_combinations(subject: Subject) -> Iterator[Usage]:
    """A unique rule over several fields holds only while all of them are there."""
    thing = subject.before.shape.objects.get(subject.object_name)
    for index in () if thing is None or not subject.field_name else thing.indexes:
        if index.is_unique and subject.field_name in index.fields:
            name = f"{subject.object_name} ({', '.join(index.fields)})"
            yield _usage(name, None, breaks=subject.is_gone)


def _of_object(subject: Subject, object_name: str, rules: ObjectRules) -> Iterator[Usage]:
    for name, each in rules.fields.items():
        if (object_name, name) == (subject.object_name, subject.field_name) and subject.is_gone:
            continue
        for said, condition in each.conditions:
            yield from _of_condition(subject, object_name, condition, f"{object_name}.{name}.{said}")
        if each.offered is not None and subject.is_named_by([(object_name, each.offered.by), (object_name, name)]):
            yield _usage(f"{object_name}.{name}.offered", None, breaks=subject.is_gone or subject.is_retyped)
    for rule in rules.validation:
        yield from _of_condition(subject, object_name, rule.condition, f"{object_name} “{rule.name}”", rule.id)


def _of_condition(
    subject: Subject, object_name: str, condition: Condition, name: str, rule_id: UUID | None = None
) -> Iterator[Usage]:
    node = conditions.node_of(subject.before.shape, object_name, condition)
    if node is None:
        return
    places = [(each.object_name, each.field_name) for each in expressions.dependencies(node)]
    is_named = subject.is_named_by(places)
    breaks = conditions.node_of(subject.after.shape, object_name, condition) is None
    if breaks or is_named:
        yield _usage(name, rule_id, breaks=breaks or _says_something_else(subject))


def _says_something_else(subject: Subject) -> bool:
    """Whether what is compared with the field is compared with other values afterwards, as labels are not keys."""
    if subject.field is None or subject.changed is None:
        return False
    return subject.is_retyped and not {subject.field.type_name, subject.changed.type_name} <= _TEXTS


def _usage(name: str, rule_id: UUID | None, *, breaks: bool) -> Usage:
    return Usage(KIND, name, rule_id, breaks=breaks, keeps=breaks)


metadata.provide_usages(KIND, usages)
