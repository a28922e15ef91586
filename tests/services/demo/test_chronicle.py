"""The chronicle keeps what happened, and tells it in sets whose order the write path can follow."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.demo.chronicle import PERIOD, Change, Create
from tenants.ids import object_number
from tests.builders.demo import BEGIN, END, chronicle, operations

DAY = timedelta(days=1)


def test_id_carries_the_moment_and_the_number_of_the_object() -> None:
    at = datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC)

    record_id = chronicle().create("customer", at, {})

    assert (record_id.version, record_id.variant) == (7, "specified in RFC 4122")
    assert datetime.fromtimestamp((record_id.int >> 80) / 1000, UTC) == at
    assert object_number(record_id) == 101


def test_ids_are_drawn_from_the_seed() -> None:
    first, again, other = [chronicle(seed).create("customer", BEGIN, {}) for seed in (1, 1, 2)]

    assert first == again
    assert first != other


def test_what_others_point_at_comes_first_and_equal_objects_come_together() -> None:
    story = chronicle()
    contacts = [story.create("contact", BEGIN + day * DAY, {"day": day}) for day in (1, 3)]
    customer = story.create("customer", BEGIN + 2 * DAY, {"name": "甲"})

    assert operations(story) == [
        Create("customer", BEGIN + 2 * DAY, (customer,), ({"name": "甲"},)),
        Create("contact", BEGIN + 3 * DAY, tuple(contacts), ({"day": 1}, {"day": 3})),
    ]


def test_periods_are_half_months_and_empty_ones_are_left_out() -> None:
    story = chronicle()
    early = story.create("task", BEGIN - DAY, {})
    late = story.create("task", BEGIN + 3 * PERIOD, {})

    told = [[each.ids for each in period if isinstance(each, Create)] for period in story.periods()]

    assert told == [[(early,)], [(late,)]]


def test_equal_changes_come_together_after_what_was_created() -> None:
    story = chronicle()
    ids = [story.create("opportunity", BEGIN + 5 * DAY, {}) for _ in range(3)]
    for day, record_id in enumerate(ids, 6):
        story.change("opportunity", BEGIN + day * DAY, record_id, stage="needs")

    assert operations(story)[1:] == [Change("opportunity", BEGIN + 8 * DAY, tuple(ids), (("stage", "needs"),))]


def test_record_that_changes_twice_within_a_period_keeps_its_order() -> None:
    story = chronicle()
    slow, quick = UUID(int=1), UUID(int=2)
    story.change("opportunity", BEGIN + 1 * DAY, slow, stage="proposal")
    story.change("opportunity", BEGIN + 2 * DAY, quick, stage="needs")
    story.change("opportunity", BEGIN + 9 * DAY, quick, stage="proposal")
    story.change("opportunity", BEGIN + 12 * DAY, slow, stage="won")

    assert operations(story) == [
        Change("opportunity", BEGIN + 1 * DAY, (slow,), (("stage", "proposal"),)),
        Change("opportunity", BEGIN + 2 * DAY, (quick,), (("stage", "needs"),)),
        Change("opportunity", BEGIN + 9 * DAY, (quick,), (("stage", "proposal"),)),
        Change("opportunity", BEGIN + 12 * DAY, (slow,), (("stage", "won"),)),
    ]


def test_changes_never_come_before_what_was_created_with_them() -> None:
    story = chronicle()
    early = story.create("opportunity", BEGIN, {})
    story.create("opportunity", BEGIN + 9 * DAY, {})
    story.change("opportunity", BEGIN + 1 * DAY, early, stage="lost")

    assert [each.at for each in operations(story)] == [BEGIN + 9 * DAY] * 2


def test_end_itself_still_happened() -> None:
    story = chronicle()

    assert [story.happened(END + delta) for delta in (-DAY, timedelta(), timedelta(seconds=1))] == [True, True, False]


@given(start=st.integers(0, 10**6), length=st.integers(0, 10**5), seed=st.integers(0, 1000))
def test_moment_lies_between_the_two_others(start: int, length: int, seed: int) -> None:
    after = BEGIN + timedelta(seconds=start)
    before = after + timedelta(seconds=length)

    assert after <= chronicle(seed).moment(after, before) <= before


def test_moments_of_long_spans_are_working_hours_in_china() -> None:
    story = chronicle()

    assert {story.moment(BEGIN + DAY, END - DAY).hour for _ in range(200)} == set(range(1, 10))
