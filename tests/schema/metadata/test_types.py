"""The rows of derived types stand for the rows of their results."""

from __future__ import annotations

import pytest

from schema.metadata.types import DERIVED, FIELD_TYPES


@pytest.mark.parametrize("name", sorted(DERIVED))
def test_derived_value_is_asked_for_as_its_result_and_entered_by_nobody(name: str) -> None:
    row = FIELD_TYPES[name]

    for result in row.results:
        made, kept = row.as_result(result), FIELD_TYPES[result]
        assert (made.columns, made.output, made.operators, made.functions, made.sortable, made.groupable) == (
            kept.columns,
            kept.output,
            kept.operators,
            kept.functions,
            kept.sortable,
            kept.groupable,
        )
        assert (made.name, made.computed, made.may_be_unique, made.lines, made.options, made.derivation) == (
            name,
            True,
            False,
            None,
            row.options,
            row.derivation,
        )


def test_no_other_type_has_results() -> None:
    assert {name for name, row in FIELD_TYPES.items() if row.results} == DERIVED == {"formula", "rollUp"}
