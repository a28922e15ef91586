"""What tells two roles apart, one line for each thing that they say differently."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from services.explaining.sayings import RolePermissions, role_permissions

if TYPE_CHECKING:
    from uuid import UUID

    from tenants.context import ReadWork

# (object, what is said of it) → as it is said.
Said: TypeAlias = dict[tuple[str, str], str]
_VERBS = {
    "can_create": "create",
    "read_scope": "read",
    "update_scope": "update",
    "delete_scope": "delete",
    "can_import": "import",
    "export_scope": "export",
    "share_scope": "share",
    "merge_scope": "merge",
    "bulk_scope": "bulk",
    "assign_scope": "assign",
}
_OF_ALL = "*"
_SILENT = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that two roles say differently; an empty text where a role says nothing of it."""

    object_name: str
    aspect: str
    one: str
    other: str


async def role_difference(work: ReadWork, role_id: UUID, other_id: UUID) -> list[Difference]:
    """By object and what is said of it."""
    one, other = [_said(await role_permissions(work, each)) for each in (role_id, other_id)]
    return [
        Difference(*key, one.get(key, _SILENT), other.get(key, _SILENT))
        for key in sorted(one.keys() | other.keys())
        if one.get(key, _SILENT) != other.get(key, _SILENT)
    ]


def _said(given: RolePermissions) -> Said:
    said: Said = {(_OF_ALL, "administrator"): _word(given.is_admin)}
    for row in given.objects:
        said |= {(str(row["object_name"]), verb): _word(row[column]) for column, verb in _VERBS.items()}
    for row in given.fields:
        said[str(row["object_name"]), f"field {row['field_name']}"] = _level(row)
    for row in given.restrictions:
        limited = f"at most: field {row['field_name']}" if row["field_name"] else f"never: {row['verb']}"
        said[str(row["object_name"]), limited] = str(row["level"] or "yes")
    said |= {(each.partition(".")[0], f"action {each}"): "yes" for each in given.actions}
    said.update(_records(given))
    return said


def _records(given: RolePermissions) -> Iterator[tuple[tuple[str, str], str]]:
    for each in given.records:
        condition = json.dumps(each.condition, ensure_ascii=False, sort_keys=True)
        yield (each.object_name, f"records: {condition}"), each.reach


def _word(value: object) -> str:
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def _level(row: Mapping[str, object]) -> str:
    return f"{row['level']} ({row['mask']})" if row["mask"] else str(row["level"])
