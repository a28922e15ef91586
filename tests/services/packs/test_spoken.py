"""What is stored of layouts and views, in the words in which it was said."""

from __future__ import annotations

from services.packs.spoken import sections_of, view_parts


def test_sections_say_only_what_does_not_go_without_saying() -> None:
    condition = {"text": "a == 1", "tree": {}}
    plain = {"field": "name", "width": 1, "read_only": False, "visible_if": None}
    said = {"field": "level", "width": 2, "read_only": True, "visible_if": condition}
    stored = [{"label": {"zh": "基本", "en": ""}, "columns": 2, "visible_if": condition, "fields": [plain, said]}]

    assert sections_of(stored) == [
        {
            "labelZh": "基本",
            "columns": 2,
            "visibleIf": "a == 1",
            "fields": [{"field": "name"}, {"field": "level", "width": 2, "readOnly": True, "visibleIf": "a == 1"}],
        }
    ]


def test_parts_of_a_view_are_said_without_their_needs() -> None:
    row = {
        "kind": "table",
        "filter": {"shown": {"a": {"eq": 1}}, "needs": ["x"]},
        "settings": None,
        "order_by": None,
        "group_by": [],
        "columns": [{"shown": {"field": "a"}, "needs": ["x"]}],
        "shared_with": {"everybody": True},
    }

    assert view_parts(row) == {
        "filter": {"a": {"eq": 1}},
        "columns": [{"field": "a"}],
        "sharedWith": {"everybody": True},
    }
