"""Passwords: what is stored, what fits, what is refused, and that nobody who waits stops the event loop."""

from __future__ import annotations

import asyncio

import pytest

from services.identity import passwords
from services.identity.errors import PasswordChecksBusy, PasswordWeak

PASSWORD = "正确的马电池订书钉"


async def test_stored_hash_is_argon2id_with_the_parameters_of_the_module() -> None:
    stored = await passwords.hash_password(PASSWORD)

    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert PASSWORD not in stored
    assert not passwords.is_outdated(stored)


async def test_same_password_has_another_hash_each_time() -> None:
    first, second = await passwords.hash_password(PASSWORD), await passwords.hash_password(PASSWORD)

    assert first != second


@pytest.mark.parametrize(
    ("given", "fits"),
    [
        ("Kezhi 2026!", True),
        ("Ｋezhi ２０２６！", True),
        ("kezhi 2026!", False),
        ("", False),
        ("Kezhi 2026!\x00", False),
        ("\ud800", False),
        ("Kezhi 2026!" * 1000, False),
    ],
    ids=["right", "full width", "other case", "empty", "with a NUL", "lone surrogate", "far too long"],
)
async def test_only_the_right_password_fits(given: str, *, fits: bool) -> None:
    stored = await passwords.hash_password("Kezhi 2026!")

    assert await passwords.verify(given, stored) is fits


@pytest.mark.parametrize("stored", [None, "", "!", passwords.DECOY], ids=["nobody", "empty", "locked", "decoy"])
async def test_nothing_fits_where_there_is_no_password(stored: str | None) -> None:
    assert await passwords.verify("", stored) is False
    assert await passwords.verify(PASSWORD, stored) is False


def test_decoy_costs_as_much_as_a_stored_hash() -> None:
    assert not passwords.is_outdated(passwords.DECOY)


def test_hash_with_other_parameters_is_outdated() -> None:
    assert passwords.is_outdated(passwords.DECOY.replace("m=19456", "m=8192"))


@pytest.mark.parametrize("password", ["1234567", "a" * 129, "Anna@Demo.example", "１２３４５６７"])
def test_weak_password_is_refused(password: str) -> None:
    found = passwords.weakness(password, "anna@demo.example")

    assert isinstance(found, PasswordWeak)
    assert found.details == {"minimum": 8, "maximum": 128}


@pytest.mark.parametrize("password", ["12345678", "八个字的密码可以", "a" * 128])
def test_length_is_all_that_is_asked(password: str) -> None:
    assert passwords.weakness(password, "anna@demo.example") is None


async def test_event_loop_runs_while_a_password_is_hashed() -> None:
    hashing = asyncio.ensure_future(passwords.hash_password(PASSWORD))
    turns = 0
    while not hashing.done():
        turns += 1
        await asyncio.sleep(0)

    assert turns > 10


async def test_queue_of_waiting_checks_is_bounded() -> None:
    answers = await asyncio.gather(
        *(passwords.verify("x", None) for _ in range(passwords.MOST_WAITING + 5)), return_exceptions=True
    )

    assert answers.count(False) == passwords.MOST_WAITING
    assert [type(each) for each in answers if each is not False] == [PasswordChecksBusy] * 5
