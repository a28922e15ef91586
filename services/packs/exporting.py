"""Objects of a tenant as a pack (form template, 表单模板): everything that is defined of them, and nothing of their records.

Lines go with their head, and dictionaries with the fields that offer them. What is retired, private, or shared with
departments and teams stays: it means nothing in another tenant.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from schema.metadata.fields import Label
from schema.tables.dictionaries import dictionary
from schema.tables.layouts import layout
from schema.tables.permissions import role
from schema.tables.views import saved_view
from services import metadata, permissions
from services.packs.arrangements import document
from services.packs.errors import Place
from services.packs.files import refuse_reserved
from services.packs.leaning import leaned_on
from services.packs.model import (
    EVERYBODY,
    HEAD,
    ROLES,
    DictionaryDefinition,
    EntryDefinition,
    LayoutDefinition,
    Pack,
    ViewDefinition,
)
from services.packs.rows import of_tenant
from services.packs.spoken import sections_of, view_parts

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from uuid import UUID

    from schema.metadata.definitions import ObjectDefinition
    from services.metadata import Snapshot
    from tenants.context import DefinitionWork


@dataclass(frozen=True, slots=True)
class Exported:
    """A pack out of a tenant, and what it leans on there: other objects, and fields that the tenant gave them."""

    pack: Pack
    leans_on: tuple[str, ...]


async def export(work: DefinitionWork, names: Sequence[str], *, name: str, label: Label, version: int) -> Exported:
    """The objects of these names with their lines; without names all that the tenant made itself."""
    refuse_reserved(name, Place(HEAD, "name"))
    before = await metadata.opened(work)
    chosen = _chosen(before, names)
    await _refuse_piloted(work, chosen)
    objects = tuple(each for each in before.objects if each.name in chosen)
    roles = {row["id"]: row["name"] for row in await work.session.rows(sa.select(role.c.id, role.c.name))}
    pack = Pack(
        name=name,
        version=version,
        label=label,
        objects=tuple(sorted(objects, key=lambda each: each.name)),
        dictionaries=tuple([await _dictionary(work, each) for each in sorted(_dictionaries(objects))]),
        layouts=tuple(_layouts(await of_tenant(work, layout), chosen, roles)),
        views=tuple(_views(await of_tenant(work, saved_view), chosen, roles)),
    )
    return Exported(pack, leaned_on(before, objects))


async def _refuse_piloted(work: DefinitionWork, chosen: Collection[str]) -> None:
    """What only a group has leaves as nothing that everybody has; and without it the rest may not fit."""
    found = metadata.Findings()
    for pilot in await permissions.running_pilots(work):
        for each in pilot.coordinates:
            if each.object_name in chosen:
                place = (each.object_name, each.field_name) if each.field_name else (each.object_name,)
                name = each.field_name or each.object_name
                found.note(metadata.AlreadyPiloted(name=name, title=pilot.title), *place)
    found.settle()


def _chosen(before: Snapshot, names: Sequence[str]) -> frozenset[str]:
    if names:
        chosen = {before.live(each).name for each in names}
    else:
        chosen = {each.name for each in before.objects if not each.is_retired and not each.is_released}
    lines = {
        thing.name
        for thing in before.objects
        for field in thing.fields
        if not thing.is_retired and not field.is_retired and (relation := field.field.relation) is not None
        if relation.lines_by and relation.target in chosen
    }
    return frozenset(chosen | lines)


def _dictionaries(objects: Collection[ObjectDefinition]) -> frozenset[str]:
    live = (field.field for thing in objects for field in thing.fields if not field.is_retired)
    return frozenset(name for each in live if (name := metadata.dictionary_of(each)))


async def _dictionary(work: DefinitionWork, name: str) -> DictionaryDefinition:
    row = await work.session.row(sa.select(dictionary).where(dictionary.c.name == name))
    assert row is not None, "a field names only dictionaries that are there"
    entries = await metadata.entries_of(work, name)
    keys = {each.id: each.key for each in entries}
    return DictionaryDefinition(
        row["id"],
        name,
        Label(row["label_zh"], row["label_en"]),
        tuple(
            EntryDefinition(e.id, e.key, e.label, e.retired, keys.get(e.parent_id, "") if e.parent_id else "")
            for e in entries
        ),
    )


def _layouts(
    rows: Sequence[Mapping[str, Any]], chosen: frozenset[str], roles: Mapping[UUID, str]
) -> Iterator[LayoutDefinition]:
    found = [
        LayoutDefinition(
            row["id"],
            row["object_name"],
            document(sections_of(row["sections"])),
            roles.get(row["role_id"], ""),
            row["stage_field"],
            row["stage"],
        )
        for row in rows
        if row["object_name"] in chosen
    ]
    yield from sorted(found, key=lambda each: (each.object_name, each.role, each.stage_field, each.stage))


def _views(
    rows: Sequence[Mapping[str, Any]], chosen: frozenset[str], roles: Mapping[UUID, str]
) -> Iterator[ViewDefinition]:
    found = {}
    for row in sorted(rows, key=lambda row: (row["object_name"], row["name"], row["id"])):
        shared = _audience(row["shared_with"] or {}, roles)
        key = (row["object_name"], row["name"])
        if row["object_name"] in chosen and shared and key not in found:
            parts = {**view_parts(row), "sharedWith": shared}
            found[key] = ViewDefinition(row["id"], *key, document(parts))
    yield from found.values()


def _audience(shared: Mapping[str, Any], roles: Mapping[UUID, str]) -> dict[str, object]:
    if EVERYBODY in shared:
        return {EVERYBODY: True}
    by_id = {str(key): name for key, name in roles.items()}
    named = sorted(by_id[each] for each in shared.get("roleIds", ()) if each in by_id)
    return {ROLES: named} if named else {}
