"""Raw input of the API becomes values by field name, with everything that is wrong in it at once. Pure.

Missing means default on creation and untouched on change; null means empty and clear.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from schema.metadata.errors import ReadOnly, Required, UnknownField
from schema.metadata.options import default_of
from schema.metadata.types import Output
from schema.metadata.values import in_region
from services.records import decided
from services.records.errors import FieldNotWritable
from tenants.errors import Invalid, Violation

if TYPE_CHECKING:
    from schema.metadata.fields import Field
    from services.records.targets import Target
    from tenants.errors import PathStep

# Read-only fields that a verb of the platform may set; no input of a caller ever names one.
NO_FIELDS: Collection[str] = frozenset()


def for_creation(
    target: Target, record: Mapping[str, object], path: tuple[PathStep, ...], opened: Collection[str] = NO_FIELDS
) -> tuple[dict[str, object], list[Violation]]:
    """Values of a new record: what was given, then defaults; and every violation."""
    values, violations = for_change(target, record, path, opened)
    violations += decided.refuse_new(target, values, path, opened)
    refused = {violation.path for violation in violations}
    for name, field in target.filled_fields:
        at = (*path, name)
        if field.name not in values and at not in refused:
            try:
                default = _default(target, field)
            except Invalid as fault:
                # The present moment need not lie within the limits of the field.
                violations.append(Violation(at, fault))
                continue
            if default is not None:
                values[field.name] = default
            elif _is_required(target, field) and not field.type.computed:
                violations.append(Violation(at, Required()))
    return values, violations


def for_change(
    target: Target, changes: Mapping[str, object], path: tuple[PathStep, ...], opened: Collection[str] = NO_FIELDS
) -> tuple[dict[str, object], list[Violation]]:
    """Values of the named fields only; and every violation."""
    values: dict[str, object] = {}
    violations: list[Violation] = []
    for name, raw in changes.items():
        field = _writable(target, name, opened)
        try:
            value = _value(target, field, raw, opened)
        except Invalid as fault:
            violations.append(Violation((*path, name), fault))
            continue
        values[field.name] = value
    return values, violations


def _writable(target: Target, name: str, opened: Collection[str]) -> Field:
    field = target.by_input.get(name)
    if field is None:
        raise UnknownField(object=target.name, name=name)
    if field.name not in opened and not target.may_write(field.name):
        raise FieldNotWritable(object=target.name, field=name)
    return field


def _value(target: Target, field: Field, raw: object, opened: Collection[str]) -> object:
    if field.type.computed or (field.read_only and field.name not in opened):
        raise ReadOnly
    if field.type.output is Output.MONEY and isinstance(raw, Mapping) and "amount" in raw and not raw.get("currency"):
        raw = {**raw, "currency": target.work.settings.currency}
    value = field.type.normalise(in_region(raw, field, target.work.settings.phone_region), field)
    if value is None and _is_required(target, field):
        raise Required
    return value


def _is_required(target: Target, field: Field) -> bool:
    """Whether it must be filled in every record; where it is only sometimes visible, its rules say when."""
    return field.required and field.name not in target.rulebook.conditional and not target.is_withheld(field)


def beginning(target: Target, field: Field) -> object:
    """What a field of a new record holds where nothing is said of it."""
    try:
        return _default(target, field)
    except Invalid:
        return None


def _default(target: Target, field: Field) -> object:
    if field.name == target.object.owner_field:
        return target.author
    work = target.work
    return default_of(field, now=work.now.astimezone(work.zone), currency=work.settings.currency)


def differs(old: object, new: object) -> bool:
    """Whether a stored value and a new one are not the same content."""
    if isinstance(old, list | tuple) and isinstance(new, list | tuple):
        return list(old) != list(new)
    return old != new
