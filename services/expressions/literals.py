"""Values that are written as quoted texts: days, moments, ids, currencies, and the choices of a field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from schema.metadata.currencies import CURRENCIES
from services.expressions.tree import Constant, Scalar
from services.expressions.types import DATE, DATETIME, ID, Type

if TYPE_CHECKING:
    from schema.metadata.registry import Registry


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment.astimezone(UTC)


READERS: Mapping[str, tuple[Callable[[str], Scalar], Type]] = {
    "date": (date.fromisoformat, DATE),
    "dateTime": (_moment, DATETIME),
    "id": (UUID, ID),
}


def literal(name: str, text: str) -> Constant | None:
    """`date('2026-03-01')` and its kin; nothing if the text is none."""
    read, type_ = READERS[name]
    try:
        return Constant(read(text), type_)
    except (ValueError, OverflowError):
        return None


def is_currency(node: Constant) -> bool:
    """Whether it is a code of ISO 4217."""
    return node.value in CURRENCIES


def choices(registry: Registry, type_: Type) -> Mapping[str, tuple[str, ...]]:
    """The keys of the field that a choice type names, retired ones too, each with its words."""
    object_name, _, field_name = type_.of.partition(".")
    field = registry.shape.field(object_name, field_name)
    labels = registry.names[object_name].fields[field_name].choice_labels
    return {
        each.key: (labels[each.key].zh, labels[each.key].en) if each.key in labels else ()
        for each in (() if field is None else field.choices)
    }
