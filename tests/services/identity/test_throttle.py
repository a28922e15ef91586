"""How long a key is blocked, as a table; what is counted is shown in `test_sign_in`."""

from __future__ import annotations

import pytest

from services.identity.throttle import LONGEST_BLOCK, MEMORY, PER_ADDRESS, PER_MAIL, block_after


@pytest.mark.parametrize(
    ("attempts", "seconds"),
    [(1, 0), (4, 0), (5, 30), (6, 60), (7, 120), (8, 240), (9, 480), (10, 900), (11, 900), (10_000, 900)],
)
def test_block_of_a_mail_address_doubles_up_to_a_quarter_of_an_hour(attempts: int, seconds: int) -> None:
    assert block_after(attempts, PER_MAIL).total_seconds() == seconds


@pytest.mark.parametrize(("attempts", "seconds"), [(99, 0), (100, 30), (101, 60)])
def test_network_address_has_room_for_an_office(attempts: int, seconds: int) -> None:
    assert block_after(attempts, PER_ADDRESS).total_seconds() == seconds


def test_failures_are_remembered_longer_than_any_block_lasts() -> None:
    assert MEMORY > LONGEST_BLOCK
