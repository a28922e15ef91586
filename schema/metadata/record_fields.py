"""The fields that every record of a pack or tenant object has, over `schema.tables.records.RECORD_COLUMNS`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from schema.metadata.fields import DeleteRule, Field, FieldNames, Label, Relation

# The inverse of a person field has no name: nobody asks a user for every record that he touched.
TO_USER = Relation("user", "", DeleteRule.RESTRICT)
# The same for departments.
TO_DEPARTMENT = Relation("department", "", DeleteRule.RESTRICT)
# Types whose target is always the same.
TARGETS: Mapping[str, Relation] = MappingProxyType({"person": TO_USER, "department": TO_DEPARTMENT})
# Their output is never null, and no order or cursor has to reckon with an empty one.
NEVER_EMPTY = frozenset({"id", "version", "createdAt", "updatedAt"})
# Numbers below this belong to the fields here; a history row names a field by its number.
FIRST_FIELD_NUMBER = 20

_ROWS: tuple[tuple[int, Field, str, Label], ...] = (
    (1, Field("id", "id", read_only=True), "id", Label("编号", "ID")),
    (2, Field("version", "int", read_only=True), "version", Label("版本", "Version")),
    (3, Field("createdAt", "dateTime", read_only=True), "created_at", Label("创建时间", "Created at")),
    (4, Field("updatedAt", "dateTime", read_only=True), "updated_at", Label("更新时间", "Updated at")),
    (5, Field("deletedAt", "dateTime", read_only=True), "deleted_at", Label("删除时间", "Deleted at")),
    (6, Field("owner", "person", relation=TO_USER), "owner_id", Label("负责人", "Owner")),
    (7, Field("createdBy", "person", read_only=True, relation=TO_USER), "created_by_id", Label("创建人", "Created by")),
    (8, Field("updatedBy", "person", read_only=True, relation=TO_USER), "updated_by_id", Label("更新人", "Updated by")),
)

RECORD_FIELDS: tuple[Field, ...] = tuple(field for _, field, _, _ in _ROWS)
RECORD_FIELD_NAMES: Mapping[str, FieldNames] = MappingProxyType({
    field.name: FieldNames(number, column, label, MappingProxyType({}), position=number)
    for number, field, column, label in _ROWS
})
