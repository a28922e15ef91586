"""Rows as one statement: with a parameter, or as text that no value can break out of."""

from __future__ import annotations

import json

from schema.metadata import insertion

ROWS = [{"id": 1, "label": 'it\'s a \\ "test" $1'}]


def test_bound_statement_carries_the_rows_as_one_parameter() -> None:
    bound = insertion.bound("t_a", "role", ROWS)

    assert bound.text == (
        'INSERT INTO "t_a"."role" ("id", "label") SELECT "id", "label"'
        ' FROM jsonb_populate_recordset(NULL::"t_a"."role", $1::jsonb)'
    )
    assert [json.loads(str(each)) for each in bound.arguments] == [ROWS]


def test_rows_that_are_there_are_found_by_their_ids() -> None:
    bound = insertion.bound_change("t_a", "role", ROWS)

    assert bound.text == (
        'UPDATE "t_a"."role" AS kept SET "label" = new."label"'
        ' FROM jsonb_populate_recordset(NULL::"t_a"."role", $1::jsonb) AS new WHERE kept.id = new.id'
    )
    assert [json.loads(str(each)) for each in bound.arguments] == [ROWS]


def test_script_doubles_quotes_and_nothing_else() -> None:
    text = insertion.script("role", ROWS).bind("t_a", str)

    literal = text.removesuffix("::jsonb)").split(", '", 1)[1].removesuffix("'")
    assert json.loads(literal.replace("''", "'")) == ROWS
