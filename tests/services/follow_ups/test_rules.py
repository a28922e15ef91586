"""When a customer is due for a follow-up [D4]."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from services.follow_ups import rules

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)
CUSTOMER = UUID("01890a5d-ac96-774b-bcce-b302099a8057")


def test_a_customer_has_one_timer() -> None:
    assert rules.timer_key(CUSTOMER) == "followup:01890a5d-ac96-774b-bcce-b302099a8057"


def test_seven_days_without_an_activity_are_too_many() -> None:
    assert rules.due_after(NOW) == NOW + 7 * DAY


@pytest.mark.parametrize(
    ("old", "new", "due"),
    [
        pytest.param(None, NOW, None, id="first activity now: the timer from the customer's coming will do"),
        pytest.param(None, NOW - timedelta(minutes=59), None, id="first activity within the hour: as now"),
        pytest.param(None, NOW - 2 * DAY, NOW + 5 * DAY, id="first activity two days ago: due in five"),
        pytest.param(None, NOW - 8 * DAY, NOW, id="first activity eight days ago: due at once"),
        pytest.param(NOW - 3 * DAY, NOW, None, id="later activity: the timer fires early and is armed anew"),
        pytest.param(NOW, NOW - 3 * DAY, NOW + 4 * DAY, id="the last activity was taken back: due earlier"),
        pytest.param(NOW, NOW - 9 * DAY, NOW, id="the last activity was taken back: overdue"),
        pytest.param(NOW, None, NOW, id="the only activity was taken back: look at once"),
    ],
)
def test_only_what_makes_a_customer_due_earlier_moves_the_timer(
    old: datetime | None, new: datetime | None, due: datetime | None
) -> None:
    assert rules.due_after_move(old, new, now=NOW) == due


def test_what_is_overdue_when_it_is_loaded_is_spread_over_a_period() -> None:
    customers = [UUID(int=number * 7919) for number in range(1_000)]

    dues = [rules.spread(each, NOW, now=NOW) for each in customers]

    assert all(NOW <= due < NOW + 7 * DAY for due in dues)
    assert dues == [rules.spread(each, NOW - DAY, now=NOW) for each in customers]
    by_day = [sum(due.date() == (NOW + day * DAY).date() for due in dues) for day in range(1, 7)]
    assert all(100 < number < 190 for number in by_day)


def test_what_is_due_later_is_not_spread() -> None:
    assert rules.spread(CUSTOMER, NOW + DAY, now=NOW) == NOW + DAY
