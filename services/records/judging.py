"""What is wrong with one record as it will be, by the rules of its object. Pure.

Conditions hold where they are true; a validation rule is broken where it is false. What is unknown is neither.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from schema.metadata.errors import Required
from services.records.errors import ChoiceNotOffered, FieldInvisible, ReadOnlyNow, RuleBroken

if TYPE_CHECKING:
    from schema.metadata.fields import Label
    from services.expressions import Circumstance
    from services.records.rulebooks import Asked, FieldBook, Rulebook
    from tenants.errors import Fault


@dataclass(frozen=True, slots=True)
class Standing:
    """A record as it will be, and what of it this write decides."""

    record: Mapping[str, object]
    # The fields that move; nothing where the record is new, so that all of it does.
    moved: Collection[str] | None
    # Fields that the caller writes; those that begin with their default are not among them.
    given: Collection[str]
    # Fields whose input was refused: nothing is known of what they will hold.
    refused: Collection[str] = frozenset()

    def concerns(self, names: Collection[str]) -> bool:
        """Whether this write decides a question that looks at these fields, and they are all known."""
        if not _apart(names, self.refused):
            return False
        return self.moved is None or not _apart(names, self.moved)


def found_wrong(book: Rulebook, standing: Standing, around: Circumstance) -> Iterator[tuple[tuple[str, ...], Fault]]:
    """Every fault, with the fields that it is told of."""
    for each in book.fields.values():
        for fault in _of_field(each, standing, around):
            yield (each.name,), fault
    for rule in book.records:
        if standing.concerns(rule.asked.looks_at) and rule.asked.answer(standing.record, around) is False:
            yield rule.rule.fields, RuleBroken(**_said(rule.rule.message, rule.rule.name))


def is_empty(value: object) -> bool:
    """Whether a field holds nothing that could be asked for."""
    return value is None or value in ("", [], ())


def _of_field(book: FieldBook, standing: Standing, around: Circumstance) -> Iterator[Fault]:
    if book.name in standing.refused:
        return
    value = standing.record.get(book.name)
    visible = _answer(book.visible, standing, around, otherwise=True)
    if book.name in standing.given:
        if not is_empty(value) and visible is False:
            yield FieldInvisible()
        elif _answer(book.read_only, standing, around, otherwise=False) is True:
            yield ReadOnlyNow()
    if is_empty(value):
        if visible is True and _is_asked_for(book, standing, around):
            yield Required()
    elif book.offered_by and standing.concerns((book.name, book.offered_by)):
        offered = book.offered.get(str(standing.record.get(book.offered_by)), frozenset())
        missing = [key for key in (value if isinstance(value, list | tuple) else (value,)) if key not in offered]
        if missing:
            yield ChoiceNotOffered(key=str(missing[0]), field=book.offered_by)


def _is_asked_for(book: FieldBook, standing: Standing, around: Circumstance) -> bool:
    if not book.asks_for_value or not standing.concerns({
        book.name,
        *_looked_at(book.visible),
        *_looked_at(book.required),
    }):
        return False
    return (book.is_required and book.visible is not None) or _answer(
        book.required, standing, around, otherwise=False
    ) is True


def _looked_at(asked: Asked | None) -> Collection[str]:
    return () if asked is None else asked.looks_at


def _answer(asked: Asked | None, standing: Standing, around: Circumstance, *, otherwise: bool) -> bool | None:
    """Whether a condition holds; nothing where that cannot be told, because an input that it looks at was refused."""
    if asked is None:
        return otherwise
    if not _apart(asked.looks_at, standing.refused):
        return None
    return asked.answer(standing.record, around) is True


def _apart(some: Collection[str], others: Collection[str]) -> bool:
    return not any(each in others for each in some)


def _said(message: Label, name: str) -> dict[str, str]:
    return {"message": message.text("en", name), "message_zh": message.text("zh", name)}
