"""The template of an import (导入模板): a column for every field that the caller may write, and the sheet to fill.

It is made for whoever asks: what is closed to him has no column, as if it had never been there.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from schema.metadata import patterns
from schema.metadata.fields import NO_LABEL, Field, Label
from schema.metadata.import_forms import FORMS, IMPORTED
from services import metadata, permissions
from services.identity import access
from services.permissions import Level, Verb

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema.metadata.objects import ObjectNames
    from schema.metadata.registry import Registry
    from services.permissions import Policy
    from tenants.context import ReadWork
    from tenants.errors import Language

# Read by programs of sheets as the beginning of a formula.
_FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r")
_BYTE_ORDER_MARK: Final = "\ufeff"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its field, its heading, and what a cell may hold."""

    field: Field
    label: Label
    heading: str
    form: Label
    example: str
    choices: tuple[tuple[str, Label], ...] = ()


@dataclass(frozen=True, slots=True)
class Template:
    """The columns in the order of the form, and the sheet with headings and an example."""

    object_name: str
    label: Label
    columns: tuple[Column, ...]
    csv: str


async def template_of(work: ReadWork, object_name: str) -> Template | None:
    """Nothing for an object that the caller may not write, as for one that is not there."""
    access.require_signed_in(work)
    registry, policy = await metadata.registry(work), await permissions.policy(work)
    if object_name not in registry.names:
        return None
    rights = policy.on(object_name)
    if not (rights.create or rights.arms(Verb.UPDATE)):
        return None
    columns = tuple(_columns(registry, policy, object_name, work.origin.language))
    label = registry.names[object_name].label
    return Template(object_name, label, columns, _sheet(columns)) if columns else None


def _columns(registry: Registry, policy: Policy, object_name: str, language: Language) -> Iterator[Column]:
    names = registry.names[object_name]
    fields = {each.name: each for each in registry.shape.objects[object_name].fields}
    chosen = [each for each in fields.values() if _may_enter(policy, object_name, each)]
    seen: set[str] = set()
    for field in sorted(chosen, key=lambda each: (each.name == "owner", names.fields[each.name].position, each.name)):
        label = names.fields[field.name].label
        heading = label.text(language, field.name)
        if heading in seen:
            # A sheet finds its columns by their headings.
            heading = f"{heading} ({field.name})"
        seen.add(heading)
        choices = tuple(_choices(names, field))
        form = FORMS[field.type_name]
        example = choices[0][1].text(language, choices[0][0]) if choices else _example(field, form.shown(language))
        yield Column(field, label, heading, form.words, example, choices)


def _example(field: Field, usual: str) -> str:
    # An example that an import would refuse misleads.
    pattern = str(field.option("pattern") or "")
    return usual if not pattern or patterns.matches(pattern, usual) else patterns.example(pattern)


def _may_enter(policy: Policy, object_name: str, field: Field) -> bool:
    is_open = policy.on(object_name).level(field.name) is Level.WRITE and not field.read_only
    if not is_open or field.type_name not in IMPORTED:
        return False
    # Who may not read the others cannot name one of them.
    return field.relation is None or bool(policy.on(field.relation.target).arms(Verb.READ))


def _choices(names: ObjectNames, field: Field) -> Iterator[tuple[str, Label]]:
    labels = names.fields[field.name].choice_labels
    yield from ((each.key, labels.get(each.key, NO_LABEL)) for each in field.choices if not each.retired)


def _sheet(columns: tuple[Column, ...]) -> str:
    """With a byte order mark, because programs of sheets take the text for another without it."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow([_cell(each.heading) for each in columns])
    rows.writerow([_cell(each.example) for each in columns])
    return _BYTE_ORDER_MARK + text.getvalue()


def _cell(text: str) -> str:
    """Words of an administrator never become a formula on somebody else's machine."""
    return f"'{text}" if text.startswith(_FORMULAS) else text
