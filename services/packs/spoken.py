"""Layouts and views as they are stored, in the words in which somebody says them. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

_LISTS = {"orderBy": "order_by", "groupBy": "group_by", "columns": "columns"}
_WHOLES = {"filter": "filter", "settings": "settings"}


def sections_of(stored: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:  # Any: JSON
    """The sections of a layout as `createLayout` takes them; what is left to itself is not said."""
    return [
        {
            **_words(each["label"]),
            **({"columns": each["columns"]} if each["columns"] != 1 else {}),
            **_condition(each["visible_if"]),
            "fields": [
                {
                    "field": one["field"],
                    **({"width": one["width"]} if one["width"] != 1 else {}),
                    **({"readOnly": True} if one["read_only"] else {}),
                    **_condition(one["visible_if"]),
                }
                for one in each["fields"]
            ],
        }
        for each in stored
    ]


def view_parts(row: Mapping[str, Any]) -> dict[str, Any]:  # Any: as above
    """The parts of a view as `createSavedView` takes them."""
    lists = {name: [part["shown"] for part in row[column]] for name, column in _LISTS.items() if row[column]}
    wholes = {name: row[column]["shown"] for name, column in _WHOLES.items() if row[column]}
    kind = {} if row["kind"] == "table" else {"kind": row["kind"]}
    return {**kind, **wholes, **lists, "sharedWith": row["shared_with"]}


def _words(label: Mapping[str, str]) -> dict[str, str]:
    said = {"labelZh": label["zh"], "labelEn": label["en"]}
    return {name: words for name, words in said.items() if words}


def _condition(stored: Mapping[str, Any] | None) -> dict[str, str]:
    return {} if stored is None else {"visibleIf": stored["text"]}
