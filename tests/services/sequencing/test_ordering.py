"""Rows in the order in which they were made, and those of one record by its version."""

from __future__ import annotations

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.sequencing.ordering import Unsequenced, arrange


def row(number: int, record: str | None = None, version: int | None = None) -> Unsequenced:
    return Unsequenced(UUID(int=number), record, version)


def numbers(rows: list[Unsequenced]) -> list[int]:
    return [each.int for each in arrange(rows)]


def test_rows_of_different_records_stand_as_they_were_made() -> None:
    assert numbers([row(3, "a", 1), row(1, "b", 1), row(2)]) == [1, 2, 3]


def test_a_record_goes_by_its_versions_whatever_the_clocks_said() -> None:
    assert numbers([row(1, "a", 2), row(2, "b", 1), row(3, "a", 1)]) == [3, 2, 1]


def test_rows_of_one_version_stand_as_they_were_made() -> None:
    assert numbers([row(5, "a", 1), row(4, "a", 1), row(6, "a", 1)]) == [4, 5, 6]


@given(st.lists(st.tuples(st.sampled_from(["a", "b", "c", None]), st.integers(min_value=1, max_value=5)), max_size=30))
def test_every_record_keeps_its_places_and_its_order(given_rows: list[tuple[str | None, int]]) -> None:
    rows = [row(number, record, version) for number, (record, version) in enumerate(given_rows, start=1)]
    by_id = {each.id: each for each in rows}

    found = [by_id[each] for each in arrange(rows)]

    assert sorted(each.id for each in found) == sorted(by_id)
    assert [each.record for each in found] == [each.record for each in rows]
    for record in ("a", "b", "c"):
        versions = [each.version for each in found if each.record == record]
        assert versions == sorted(version for version in versions if version is not None)
