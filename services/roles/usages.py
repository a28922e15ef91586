"""What roles and sharing rules say of an object or a field: levels, restrictions, and the conditions that open records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from schema.tables.permissions import criteria_rule, field_permission, object_permission, restriction, role
from services import metadata, query
from services.metadata import Usage

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from schema.metadata.registry import Registry
    from services.metadata import Subject
    from tenants.context import ReadWork

PERMISSION, RESTRICTION, OPENED = "permission", "restriction", "openedRecords"


async def permissions(work: ReadWork, subject: Subject) -> Iterable[Usage]:
    """Roles that say how far the field is open, or what may be done with the object."""
    table = field_permission if subject.field_name else object_permission
    return await _of_roles(work, subject, table, PERMISSION)


async def restrictions(work: ReadWork, subject: Subject) -> Iterable[Usage]:
    """Roles that keep their people from it."""
    return await _of_roles(work, subject, restriction, RESTRICTION)


async def opened_records(work: ReadWork, subject: Subject) -> Iterable[Usage]:
    """Conditions that open records to a role or to whom a sharing rule names; only names are told, no operand.

    They keep the type of what they look at: values that compare differently would open other records, and nobody said so.
    """
    found = await work.session.rows(
        sa
        .select(criteria_rule, role.c.name.label("role_name"))
        .select_from(criteria_rule.outerjoin(role, role.c.id == criteria_rule.c.role_id))
        .order_by(criteria_rule.c.id)
    )
    rows = [dict(row) for row in found]
    return [_opened(subject, row) for row in rows if _looks_at(subject, row)]


def _opened(subject: Subject, row: Mapping[str, Any]) -> Usage:
    breaks = subject.is_retyped or not _works(subject.after, row)
    return Usage(OPENED, row["role_name"] or row["object_name"], row["id"], breaks=breaks, keeps=subject.is_retyped)


async def _of_roles(work: ReadWork, subject: Subject, table: sa.Table, kind: str) -> list[Usage]:
    said = sa.select(role.c.id, role.c.name).join(table, table.c.role_id == role.c.id)
    said = said.where(table.c.object_name == subject.object_name)
    if subject.field_name:
        said = said.where(table.c.field_name == subject.field_name)
    rows = await work.session.rows(said.distinct().order_by(role.c.name))
    # They are kept and say the same once it comes back.
    return [Usage(kind, row["name"], row["id"], breaks=subject.is_gone) for row in rows]


def _looks_at(subject: Subject, row: Mapping[str, Any]) -> bool:
    places = _touched(subject.before, row)
    return subject.is_named_by({(row["object_name"], ""), *places} if not subject.field_name else places)


def _works(shape: Registry, row: Mapping[str, Any]) -> bool:
    return row["object_name"] in shape.shape.objects and bool(_touched(shape, row))


def _touched(registry: Registry, row: Mapping[str, Any]) -> set[tuple[str, str]]:
    """Nothing where it does not fit the shape."""
    if row["object_name"] not in registry.shape.objects:
        return set()
    try:
        found = query.touched_by(registry.shape, row["object_name"], row["condition"])
    except query.OUTDATED_BY:
        return set()
    return {(each.object_name, each.field_name) for each in found}


metadata.provide_usages(PERMISSION, permissions)
metadata.provide_usages(RESTRICTION, restrictions)
metadata.provide_usages(OPENED, opened_records)
