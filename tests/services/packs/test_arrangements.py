"""Layouts and views of an object are read as the verbs on them take them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from services.packs import BadPack
from tests.builders.templates import small_pack

if TYPE_CHECKING:
    from pathlib import Path


def test_layouts_and_views_are_read(tmp_path: Path) -> None:
    layouts = "[{role: sales, sections: [{labelZh: 基本, fields: [{field: name_c}]}]}]"
    views = "{Mine: {kind: kanban, settings: {columns: stage_c}}, Theirs: {sharedWith: {roles: [sales, admin]}}}"

    pack = small_pack(tmp_path, "", layouts=layouts, views=views)

    (layout,) = pack.layouts
    assert (layout.object_name, layout.role, json.loads(layout.sections)[0]["fields"]) == (
        "head_c",
        "sales",
        [{"field": "name_c"}],
    )
    assert {each.name: json.loads(each.parts) for each in pack.views} == {
        "Mine": {"kind": "kanban", "settings": {"columns": "stage_c"}, "sharedWith": {"everybody": True}},
        "Theirs": {"sharedWith": {"roles": ["admin", "sales"]}},
    }


@pytest.mark.parametrize(
    "more",
    [
        {"layouts": "{}"},
        {"layouts": "[{sections: x}]"},
        {"layouts": "[{colour: red, sections: []}]"},
        {"views": "{A: {sharedWith: {}}}"},
        {"views": "{A: {sharedWith: {teams: [x]}}}"},
    ],
)
def test_malformed_arrangements_are_refused(tmp_path: Path, more: dict[str, str]) -> None:
    with pytest.raises(BadPack, match=r"head_c\.yaml:\d+ (layouts|views)"):
        small_pack(tmp_path, "", **more)
