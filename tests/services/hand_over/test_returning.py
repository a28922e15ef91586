"""[B11] A hand-over goes back within 30 days, but for what has moved on since."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa

from schema.tables.hand_over import hand_over as hand_over_table
from services import hand_over, identity, records
from services.hand_over import Rule
from services.hand_over.errors import HandOverLeaverLockedOut, HandOverNotDone, HandOverNotFound, HandOverTooOld
from tests.services.hand_over.conftest import Office


async def test_everything_goes_back_and_the_user_is_let_in_again(office: Office) -> None:
    made = await office.hand_over(Rule(office.tenant.user_id("colleague")), deactivates=True)

    again = await office.reverse(made)

    assert await office.owners() == dict.fromkeys(office.ids, "sales")
    assert await office.state_of_leaver() == "active"
    assert await office.progress(again) == ("done", 5, 5)
    row = await office.row(hand_over_table, made.id)
    assert (row["state"], row["moved"], row["returned"]) == ("reversed", 5, 5)


async def test_what_moved_on_since_and_what_was_there_before_stays(office: Office) -> None:
    await office.own("customer", "customer of another", person="colleague", name="云图")
    made = await office.hand_over(Rule(office.tenant.user_id("colleague")))
    stranger = {"ownerId": str(office.tenant.user_id("stranger"))}
    await office.tenant.write(lambda work: records.update(work, "lead", [office.ids["lead"]], stranger))

    await office.reverse(made)

    owners = await office.owners()
    assert (owners.pop("lead"), owners.pop("customer of another")) == ("stranger", "colleague")
    assert set(owners.values()) == {"sales"}
    row = await office.row(hand_over_table, made.id)
    assert (row["moved"], row["returned"]) == (5, 4)


async def test_who_gives_a_record_away_meanwhile_is_not_overruled(office: Office) -> None:
    made = await office.hand_over(Rule(office.tenant.user_id("colleague")))
    async with office.lead_given_away(to="stranger"):
        await office.reverse(made)

    assert await office.owners() == {**dict.fromkeys(office.ids, "sales"), "lead": "stranger"}
    assert (await office.row(hand_over_table, made.id))["returned"] == 4


async def test_who_was_locked_out_before_is_not_let_in(office: Office) -> None:
    await office.tenant.define(lambda work: identity.deactivate_user(work, office.leaver))
    made = await office.hand_over(Rule(office.tenant.user_id("colleague")), deactivates=True)

    with pytest.raises(HandOverLeaverLockedOut):
        await office.reverse(made)

    assert await office.state_of_leaver() == "inactive"


async def test_who_was_locked_out_again_since_is_not_let_in(office: Office) -> None:
    made = await office.hand_over(Rule(office.tenant.user_id("colleague")), deactivates=True)
    await office.tenant.define(lambda work: identity.reactivate_user(work, office.leaver))
    await office.tenant.define(lambda work: identity.deactivate_user(work, office.leaver))

    with pytest.raises(HandOverLeaverLockedOut):
        await office.reverse(made)

    assert await office.state_of_leaver() == "inactive"


async def test_one_that_was_parked_half_way_goes_back_and_never_on(office: Office) -> None:
    tenant, colleague = office.tenant, office.tenant.user_id("colleague")
    taker = await tenant.define(
        lambda work: identity.create_user(work, {"email": f"taker-{office.leaver}@tenant.example", "name": "taker"})
    )
    rules = (Rule(colleague, ("contact", "customer")), Rule(taker))
    made = await tenant.write(
        lambda work: hand_over.request(work, office.leaver, rules, deactivates=False), person="admin"
    )
    await tenant.define(lambda work: identity.deactivate_user(work, taker))
    await office.cell.drain()
    stopped = await office.progress(made)

    again = await office.reverse(made)
    await office.cell.put(
        tenant.placement.schema,
        message=hand_over.MoveRecords.name,
        payload=json.loads(hand_over.MoveRecords(made.id, made.job_id).payload()),
    )
    await office.cell.drain()

    assert stopped == ("parked", 3, 5)
    assert await office.owners() == dict.fromkeys(office.ids, "sales")
    assert await office.progress(again) == ("done", 3, 3)
    assert (await office.row(hand_over_table, made.id))["state"] == "reversed"


async def test_a_way_back_that_was_parked_goes_on_when_it_is_asked_for_again(office: Office) -> None:
    tenant = office.tenant
    made = await office.hand_over(Rule(tenant.user_id("colleague")))
    asked = await tenant.write(lambda work: hand_over.reverse(work, made.id), person="admin")
    with pytest.raises(HandOverNotDone):
        await office.reverse(made)
    await tenant.define(lambda work: identity.deactivate_user(work, office.leaver))
    await office.cell.drain()
    stopped = await office.progress(asked)
    with pytest.raises(HandOverLeaverLockedOut):
        await office.reverse(made)

    await tenant.define(lambda work: identity.reactivate_user(work, office.leaver))
    again = await office.reverse(made)
    await office.cell.put(
        tenant.placement.schema,
        message=hand_over.ReturnRecords.name,
        payload=json.loads(hand_over.ReturnRecords(made.id, asked.job_id).payload()),
    )
    await office.cell.drain()

    assert stopped[0] == "parked"
    assert await office.owners() == dict.fromkeys(office.ids, "sales")
    assert await office.progress(again) == ("done", 5, 5)
    row = await office.row(hand_over_table, made.id)
    assert (row["state"], row["returned"]) == ("reversed", 5)


async def test_it_goes_back_once(office: Office) -> None:
    made = await office.hand_over(Rule(office.tenant.user_id("colleague")))
    await office.reverse(made)

    with pytest.raises(HandOverNotDone):
        await office.reverse(made)


@pytest.mark.parametrize(("days", "too_late"), [(29, False), (31, True)])
async def test_after_thirty_days_it_is_too_late(office: Office, days: int, *, too_late: bool) -> None:
    made = await office.hand_over(Rule(office.tenant.user_id("colleague")))
    earlier = hand_over_table.c.finished_at - timedelta(days=days)
    long_ago = sa.update(hand_over_table).where(hand_over_table.c.id == made.id).values(finished_at=earlier)
    await office.tenant.write(lambda work: work.session.execute(long_ago))

    if too_late:
        with pytest.raises(HandOverTooOld):
            await office.reverse(made)
    else:
        await office.reverse(made)

    assert set((await office.owners()).values()) == ({"colleague"} if too_late else {"sales"})


async def test_one_that_is_not_there_is_not_found(office: Office) -> None:
    with pytest.raises(HandOverNotFound):
        await office.tenant.write(lambda work: hand_over.reverse(work, office.leaver), person="admin")
