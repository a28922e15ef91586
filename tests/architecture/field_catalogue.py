"""The table of field types as a page: every type in every place of the API, with an example of what is written and read.

`python -m tests.architecture.field_catalogue` writes `docs/fields.md`; a test compares the two, and
`tests/journeys/test_field_types.py` looks behind each cell.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from graphql import GraphQLSchema, build_schema

from schema.metadata.registry import Shape
from schema.metadata.types import FIELD_TYPES, FieldType, Operators, Output
from schema.sdl.filters import FAMILIES
from schema.sdl.types import NoWords, Types
from tests.architecture import source
from tests.builders.field_cases import ALICE, BOB, CASES, COMPUTED, ENTERED, FILED

PAGE = source.ROOT / "docs" / "fields.md"
_HEAD = """# Field types

What a form is made of: every type in every place of the API. Administrators choose one with `addField` or `createObject`; what the
values mean is told in [the API](api.md), what an administrator can say of a field in [metadata](capabilities/metadata.md).

- **Store:** the columns of a value. Fields that are sorted by sound, unique in a normal form or searched have more.
- **Input** and **output:** the GraphQL types; import and export take and give the same. There is no import or export of files yet.
- **Filter:** the operators, beside `isEmpty`, which every filter has; dates also have the words for days.
- **Mask:** what a masked field shows; nobody filters, sorts, groups or searches by it.

Limits beside those of [metadata](capabilities/metadata.md): 20,000 characters of long and of rich text (`maxLength` up to 100,000; the source of
rich text 200,000), 100 values of a list, 50 characters of a tag, 64,000 characters and 16 levels of JSON, 200 characters of a street,
100,000,000,000 seconds of a length of time. Addresses name areas as they are now: a code that was given up is refused.

This page is written by `python -m tests.architecture.field_catalogue`. Behind each cell stands a test in `tests/journeys/test_field_types.py`.
"""
_COMPANIONS = frozenset({"sort", "norm", "search", "grams"})
_DATES = frozenset({Output.DATE, Output.DATETIME})
_BY_PARTS: Mapping[Operators, str] = {
    Operators.MONEY: "`amount` like decimal, `currency` `eq ne in notIn`",
    Operators.ADDRESS: "`code` `eq ne in notIn startsWith`, `text` like text",
    Operators.POINT: "`near inBox`",
    Operators.NONE: "—",
}
_MASKED = {Output.TEXT: "a part of it", Output.SEALED: "`***`"}
_EXAMPLE = UUID(int=(1_767_225_600_000 << 80) | (7 << 76) | (2 << 62))


def page() -> str:
    """The whole page."""
    types = Types(Shape(()), _static().type_map, NoWords())
    return "\n".join([
        _HEAD,
        "## What each type offers",
        "",
        *_table(ENTERED + FILED + COMPUTED, _columns(types)),
        "",
        "`relations` joins two objects many to many: its values stand in a table of [links](capabilities/links.md), are read as a connection, asked",
        "for with `some none every`, and given as `{set}` or `{add, remove}`.",
        "",
        "`attachment`, `image` and `signature` hold [files](capabilities/files.md), which are uploaded first; inputs take their ids.",
        "",
        "Types without input are computed by the platform. What is computed from other fields is kept and asked for as the type of its",
        "result. A `lookup` keeps nothing: it [shows](capabilities/lookup_fields.md) a field of a related record, as what that field is.",
        "",
        "## What is written and read",
        "",
        *_table(ENTERED, _FORMS),
        "",
    ])


def _columns(types: Types) -> Mapping[str, Callable[[str, FieldType], str]]:
    return {
        "type": lambda name, _: f"`{name}`",
        "store": lambda _, row: _store(row),
        "input": lambda _, row: "—" if row.computed else f"`{types.input(row.output)}`",
        "output": lambda _, row: _output(types, row),
        "filter": lambda _, row: _filter(row),
        "aggregate": lambda _, row: _words(each.value for each in row.functions),
        "group": lambda _, row: _group(row),
        "sort": lambda _, row: _yes(row.sortable),
        "search": lambda _, row: _yes(row.lines is not None),
        "unique": lambda _, row: _yes(row.may_be_unique),
        "default": lambda _, row: _yes("default" in row.options),
        "mask": lambda _, row: _MASKED.get(row.output, "null"),
    }


_FORMS: Mapping[str, Callable[[str, FieldType], str]] = {
    "type": lambda name, _: f"`{name}`",
    "written (import)": lambda name, _: _json(CASES[name].low),
    "read (export)": lambda name, _: _json(CASES[name].read(low=True)),
    "in history": lambda name, _: _json(CASES[name].kept),
    "masked": lambda name, _: _json(CASES[name].masked),
}


def _static() -> GraphQLSchema:
    return build_schema("type Query { nothing: Boolean }")


def _store(row: FieldType) -> str:
    own = (sql.removesuffix(' COLLATE "C"') for part, sql in row.columns.items() if part not in _COMPANIONS)
    return ", ".join(f"`{each}`" for each in own)


def _output(types: Types, row: FieldType) -> str:
    if row.output is Output.RECORD:
        return "record, and `ID`"
    return "records, and `[ID!]`" if row.has_several else f"`{types.output(row.output)}`"


def _filter(row: FieldType) -> str:
    if row.operators in _BY_PARTS:
        return _BY_PARTS[row.operators]
    return _words(each for each in FAMILIES[row.operators][1] if "N" not in each and not _is_day(each))


def _is_day(operator: str) -> bool:
    return (
        operator == "within" or operator.startswith(("this", "last", "next")) or operator.endswith(("day", "tomorrow"))
    )


def _group(row: FieldType) -> str:
    if not row.groupable:
        return "—"
    return "by day, week, month, quarter, year" if row.output in _DATES else "yes"


def _yes(given: bool) -> str:
    return "yes" if given else "—"


def _words(given: Any) -> str:
    text = " ".join(given)
    return f"`{text}`" if text else "—"


def _json(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False).replace(BOB, str(_EXAMPLE)).replace(ALICE, str(_EXAMPLE))
    return "`" + text.replace("|", "\\|") + "`"


def _table(names: tuple[str, ...], columns: Mapping[str, Callable[[str, FieldType], str]]) -> list[str]:
    rows = [[cell(name, FIELD_TYPES[name]) for cell in columns.values()] for name in names]
    return ["| " + " | ".join(each) + " |" for each in [list(columns), ["---"] * len(columns), *rows]]


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
