"""An object of a form template: opaque tables, no number, everything in the order of its file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema.metadata.objects import Index, ObjectKind
from tests.builders.templates import small_pack

if TYPE_CHECKING:
    from pathlib import Path


def test_object_with_the_ending_of_tenants_is_a_tenants(tmp_path: Path) -> None:
    more = {
        "indexes": "[{fields: [name_c, stage_c], unique: true}]",
        "rules": "{r: {expression: count_c > 1, message: {zh: 不行}, fields: [count_c]}}",
    }

    head, line = small_pack(tmp_path, "", **more).objects

    assert (head.number, head.kind, head.is_released, head.table[:2]) == (0, ObjectKind.TENANT, False, "x_")
    assert [(each.name, each.column[:2], each.position) for each in line.fields] == [
        ("cost_c", "f_", 10),
        ("at_c", "f_", 20),
        ("head_c", "f_", 30),
    ]
    assert [(each.index, each.is_released) for each in head.indexes] == [
        (Index(("name_c", "stage_c"), is_unique=True), False)
    ]
    assert [(each.name, each.message.zh, each.fields, each.pack) for each in head.validation] == [
        ("r", "不行", ("count_c",), "small")
    ]
