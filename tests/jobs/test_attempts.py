"""The life of one outbox row [D4]."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import sqlalchemy as sa

from jobs import attempts
from jobs.attempts import QUARANTINED, STARTS_WITHOUT_END
from tenants.cells import outbox, ticks
from tenants.clock import utc_now

if TYPE_CHECKING:
    from tests.builders.background import Cell


async def test_a_start_is_counted_before_anything_runs(cell: Cell) -> None:
    (message_id,) = await cell.put("t_one", message="test.count")

    (started,) = await cell.rows(attempts.start(message_id))

    assert dict(started) == {"tenant": "t_one", "message": "test.count", "payload": {}, "attempts": 1, "retries": 0}
    row = await cell.message(message_id)
    assert (row["state"], row["attempts"]) == ("running", 1)


async def test_a_message_that_arrives_twice_is_started_once(cell: Cell) -> None:
    (message_id,) = await cell.put()

    first, second = await cell.rows(attempts.start(message_id)), await cell.rows(attempts.start(message_id))

    assert (len(first), second) == (1, [])


async def test_a_message_that_is_not_due_yet_is_not_started(cell: Cell) -> None:
    (message_id,) = await cell.put(not_before=utc_now() + timedelta(hours=1))

    assert await cell.rows(attempts.start(message_id)) == []


async def test_the_third_start_without_an_end_is_poison_and_held_until_it_is_parked(cell: Cell) -> None:
    (message_id,) = await cell.put()
    for _ in range(STARTS_WITHOUT_END):
        (before,) = await cell.rows(attempts.start(message_id))
        assert not attempts.is_poison(before)
        await cell.execute(sa.update(outbox).values(state="waiting"))

    (started,) = await cell.rows(attempts.start(message_id))

    assert (attempts.is_poison(started), started["attempts"]) == (True, 3)
    held = await cell.message(message_id)
    assert (held["state"], held["lease_until"] > utc_now()) == ("running", True)
    await cell.execute(attempts.park(message_id, attempt=3, reason=QUARANTINED))
    row = await cell.message(message_id)
    assert (row["state"], row["reason"], row["lease_until"]) == ("parked", QUARANTINED, None)
    assert row["finished_at"] is not None


async def test_starts_that_ended_with_a_retry_are_not_held_against_a_message(cell: Cell) -> None:
    (message_id,) = await cell.put()
    for attempt in range(1, 6):
        await cell.rows(attempts.start(message_id))
        retry = attempts.retry(message_id, attempt=attempt, delay=timedelta(), reason="AWAY")
        assert await cell.execute(retry) == 1

    (started,) = await cell.rows(attempts.start(message_id))

    assert (attempts.is_poison(started), started["attempts"], started["retries"]) == (False, 6, 5)


async def test_a_retry_waits_for_its_delay(cell: Cell) -> None:
    (message_id,) = await cell.put()
    await cell.rows(attempts.start(message_id))

    await cell.execute(attempts.retry(message_id, attempt=1, delay=timedelta(minutes=5), reason="AWAY"))

    row = await cell.message(message_id)
    assert (row["state"], row["reason"], row["lease_until"]) == ("waiting", "AWAY", None)
    assert row["not_before"] > utc_now() + timedelta(minutes=4)
    assert await cell.rows(attempts.start(message_id)) == []


async def test_a_run_that_was_given_up_for_dead_cannot_retry_or_park(cell: Cell) -> None:
    (message_id,) = await cell.put()
    await cell.rows(attempts.start(message_id))
    await cell.execute(sa.update(outbox).values(state="waiting"))
    await cell.rows(attempts.start(message_id))

    retried = await cell.execute(attempts.retry(message_id, attempt=1, delay=timedelta(), reason="AWAY"))
    parked = await cell.execute(attempts.park(message_id, attempt=1, reason="BROKEN"))

    assert (retried, parked) == (0, 0)
    assert (await cell.message(message_id))["state"] == "running"


async def test_a_run_that_was_given_up_for_dead_may_still_finish(cell: Cell) -> None:
    (message_id,) = await cell.put()
    await cell.rows(attempts.start(message_id))
    await cell.execute(sa.update(outbox).values(state="waiting"))

    first, second = await cell.execute(attempts.finish(message_id)), await cell.execute(attempts.finish(message_id))

    assert (first, second) == (1, 0)
    assert (await cell.message(message_id))["state"] == "done"


async def test_a_beat_renews_the_leases_of_running_messages_only(cell: Cell) -> None:
    running, waiting = await cell.put(number=2)
    await cell.rows(attempts.start(running))
    await cell.let_leases_end()

    renewed = await cell.execute(attempts.beat([running, waiting, uuid4()]))

    assert renewed == 1
    assert (await cell.message(running))["lease_until"] > utc_now()
    assert (await cell.message(waiting))["lease_until"] is None


async def test_old_rows_are_cleaned_and_young_ones_stay(cell: Cell) -> None:
    now = utc_now()
    week, quarter = timedelta(days=8), timedelta(days=91)
    await cell.put(state="done", finished_at=now - week)
    kept_done = await cell.put(state="done", finished_at=now)
    kept_parked = await cell.put(state="parked", finished_at=now - week)
    await cell.put(state="parked", finished_at=now - quarter)
    kept_waiting = await cell.put(not_before=now - quarter)
    await cell.execute(sa.insert(ticks).values([{"job": "a", "at": now - week}, {"job": "a", "at": now}]))

    cleaned = [await cell.execute(statement) for statement in attempts.clean()]

    assert cleaned == [1, 1, 1]
    left = {row["id"] for row in await cell.rows(sa.select(outbox.c.id))}
    assert left == {*kept_done, *kept_parked, *kept_waiting}
    assert [row["at"] for row in await cell.rows(sa.select(ticks.c.at))] == [now]


def test_backoff_grows_and_ends() -> None:
    delays = [attempts.backoff(retries) for retries in range(len(attempts.BACKOFF))]

    assert delays == sorted(attempts.BACKOFF)
    assert attempts.backoff(len(attempts.BACKOFF)) is None
