"""[D4] The operator sees what stopped for good, and lets it run again."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from tenants.cells import outbox
from tenants.clock import utc_now
from tenants.installation import Installation

if TYPE_CHECKING:
    from collections.abc import Callable

    from tenants.settings import Settings


@pytest.fixture
def parked(settings: Settings) -> list[UUID]:
    """Two messages of one kind and one of another."""
    ids = [uuid4() for _ in range(3)]
    row = {"tenant": "t_nobody", "payload": {}, "state": "parked", "attempts": 3, "reason": "INVALID"}
    rows = [
        {**row, "id": each, "message": f"test.{kind}", "finished_at": utc_now()}
        for each, kind in zip(ids, ("one", "one", "two"), strict=True)
    ]

    async def put() -> None:
        async with Installation.open(settings) as installation:
            (cell,) = await installation.catalog.cells()
            await installation.cells.execute(cell, "relay", sa.delete(outbox))
            await installation.cells.execute(cell, "relay", sa.insert(outbox).values(rows))

    asyncio.run(put())
    return ids


def listed(kezhi: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> list[tuple[str, ...]]:
    capsys.readouterr()
    assert kezhi("jobs", "parked") == 0
    return [tuple(re.split(r"  +", line)) for line in capsys.readouterr().out.splitlines()]


def test_parked_messages_are_listed_and_replayed(
    kezhi: Callable[..., int], capsys: pytest.CaptureFixture[str], parked: list[UUID]
) -> None:
    head, *rows = listed(kezhi, capsys)

    assert head == ("id", "tenant", "message", "starts", "since (UTC)", "reason")
    assert sorted((each[0], *each[1:4], each[5]) for each in rows) == sorted(
        (str(each), "t_nobody", f"test.{kind}", "3", "INVALID")
        for each, kind in zip(parked, ("one", "one", "two"), strict=True)
    )
    assert kezhi("jobs", "replay", str(parked[2])) == 0
    assert capsys.readouterr().out == "1 messages wait again.\n"
    assert sorted(each[0] for each in listed(kezhi, capsys)[1:]) == sorted(map(str, parked[:2]))
    assert kezhi("jobs", "replay", "--message", "test.one") == 0
    assert capsys.readouterr().out == "2 messages wait again.\n"
    assert listed(kezhi, capsys) == [("No message is parked.",)]


def test_message_that_is_not_parked_is_one_sentence(
    kezhi: Callable[..., int], capsys: pytest.CaptureFixture[str], parked: list[UUID]
) -> None:
    nobody = uuid4()

    assert kezhi("jobs", "replay", str(nobody), str(parked[0])) == 1
    assert (
        capsys.readouterr().err.splitlines()[-1] == f"kezhi: There is no parked message {nobody}; nothing was replayed."
    )
    assert len(listed(kezhi, capsys)) == 1 + 3


@pytest.mark.parametrize("named", [(), ("--message", "test.one", str(UUID(int=1)))])
def test_messages_are_named_in_one_way(
    kezhi: Callable[..., int], capsys: pytest.CaptureFixture[str], named: tuple[str, ...]
) -> None:
    assert kezhi("jobs", "replay", *named) == 1
    assert capsys.readouterr().err == "kezhi: Name the messages either by their ids or by --message.\n"
