"""[B11] What one user owns goes to others by rule, leaves its traces, and stands under the name of who asked for it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import sqlalchemy as sa

from schema.tables.audit import audit_entry
from schema.tables.hand_over import hand_over as hand_over_table
from schema.tables.permissions import role
from schema.tables.records import record_history
from services import hand_over, identity, records
from services.hand_over import MoveRecords, Rule
from tests.builders.records import create_one, lines_of
from tests.services.hand_over.conftest import Office

if TYPE_CHECKING:
    from tenants.context import Work


def to(office: Office, person: str, **reach: object) -> Rule:
    return Rule(office.tenant.user_id(person), **reach)  # type: ignore[arg-type] # only fields of a rule


async def test_everything_goes_to_one(office: Office) -> None:
    made = await office.hand_over(to(office, "colleague"))

    assert await office.owners() == dict.fromkeys(office.ids, "colleague")
    assert await office.progress(made) == ("done", 5, 5)
    assert await office.state_of_leaver() == "active"


async def test_lines_go_with_their_heads_and_are_counted(office: Office) -> None:
    quote = await create_one(office.tenant, "quote", person="sales", lines=[{"quantity": "1"}, {"quantity": "2"}])

    made = await office.hand_over(to(office, "colleague"))

    colleague = office.tenant.user_id("colleague")
    assert [line["owner_id"] for line in await lines_of(office.tenant, quote)] == [colleague, colleague]
    assert await office.progress(made) == ("done", 8, 8)


async def test_a_region_takes_along_what_belongs_to_it(office: Office) -> None:
    await office.hand_over(
        to(office, "colleague", regions=("east",)), to(office, "manager", regions=("west",)), to(office, "stranger")
    )

    assert await office.owners() == {
        "customer east": "colleague",
        "contact east": "colleague",
        "customer west": "manager",
        "opportunity west": "manager",
        "lead": "stranger",
    }


async def test_an_object_goes_alone_and_the_rest_stays(office: Office) -> None:
    made = await office.hand_over(to(office, "colleague", objects=("lead", "contact")))

    assert await office.owners() == {
        "customer east": "sales",
        "customer west": "sales",
        "contact east": "colleague",
        "opportunity west": "sales",
        "lead": "colleague",
    }
    assert await office.progress(made) == ("done", 2, 2)


async def test_chosen_records_take_along_what_belongs_to_them(office: Office) -> None:
    await office.own(
        "contact", "contact of another", person="manager", name="赵", customerId=office.ids["customer east"]
    )

    await office.hand_over(to(office, "colleague", record_ids=(office.ids["customer east"],)))

    assert await office.owners() == {
        "customer east": "colleague",
        "contact east": "colleague",
        "contact of another": "manager",
        "customer west": "sales",
        "opportunity west": "sales",
        "lead": "sales",
    }


async def test_deleted_records_and_those_of_others_stay(office: Office) -> None:
    await office.own("customer", "customer of another", person="stranger", name="云图")
    await office.tenant.write(lambda work: records.delete(work, "lead", [office.ids["lead"]]))

    await office.hand_over(to(office, "colleague"))

    owners = await office.owners()
    assert (owners["customer of another"], owners["lead"], owners["customer east"]) == (
        "stranger",
        "sales",
        "colleague",
    )


async def test_every_record_has_its_history_under_the_name_of_who_asked(office: Office) -> None:
    made = await office.hand_over(to(office, "colleague"))

    admin = office.tenant.user_id("admin")
    own = record_history.c.record_id.in_(office.ids.values())
    changed = sa.select(record_history.c.principal_id).where(own, record_history.c.verb == "updated")
    found = await office.tenant.read(lambda work: work.session.rows(changed))
    assert [row["principal_id"] for row in found] == [admin] * 5
    told = sa.select(audit_entry).where(
        audit_entry.c.action.like("handOver.%"), audit_entry.c.record_id == office.leaver
    )
    entries = told.order_by(audit_entry.c.id)
    asked, done = await office.tenant.read(lambda work: work.session.rows(entries))
    assert [(row["action"], row["record_id"], row["principal_id"]) for row in (asked, done)] == [
        ("handOver.requested", office.leaver, admin),
        ("handOver.done", office.leaver, admin),
    ]
    assert json.loads(done["body"])["details"] == {"handOver": str(made.id), "records": 5}


async def test_the_leaver_is_locked_out_once_all_has_gone(office: Office) -> None:
    await office.hand_over(to(office, "colleague"), deactivates=True)

    assert await office.state_of_leaver() == "inactive"
    assert await office.owners() == dict.fromkeys(office.ids, "colleague")


async def test_who_became_the_last_administrator_meanwhile_is_not_locked_out(own_office: Office) -> None:
    tenant, leaver = own_office.tenant, own_office.leaver
    admin = tenant.user_id("admin")
    admins = await tenant.read(lambda work: work.session.scalar(sa.select(role.c.id).where(role.c.is_admin)))
    await tenant.define(lambda work: identity.assign_role(work, user_id=leaver, role_id=admins))
    rules = (to(own_office, "colleague"),)
    made = await tenant.write(lambda work: hand_over.request(work, leaver, rules, deactivates=True), person="admin")
    await tenant.define(lambda work: identity.deactivate_user(work, admin))

    await own_office.cell.drain()

    assert (await own_office.row(hand_over_table, made.id))["state"] == "done"
    assert await own_office.state_of_leaver() == "active"


async def test_the_message_may_come_twice(office: Office) -> None:
    made = await office.hand_over(to(office, "colleague"))
    again = MoveRecords(made.id, made.job_id)
    await office.cell.put(office.tenant.placement.schema, message=MoveRecords.name, payload=json.loads(again.payload()))

    await office.cell.drain()

    row = await office.row(hand_over_table, made.id)
    assert (row["state"], row["moved"]) == ("done", 5)
    assert await office.progress(made) == ("done", 5, 5)


async def test_a_hand_over_that_broke_off_goes_on_where_it_was(office: Office) -> None:
    rules = (to(office, "colleague"),)

    async def ask(work: Work) -> None:
        await hand_over.request(work, office.leaver, rules, deactivates=False)

    await office.tenant.write(ask, person="admin")
    # As if a first worker had come so far.
    await office.tenant.write(
        lambda work: records.update(
            work, "lead", [office.ids["lead"]], {"ownerId": str(office.tenant.user_id("colleague"))}
        )
    )

    await office.cell.drain()

    assert await office.owners() == dict.fromkeys(office.ids, "colleague")


async def test_who_gave_a_record_away_meanwhile_is_not_overruled(office: Office) -> None:
    async with office.lead_given_away(to="stranger"):
        made = await office.hand_over(to(office, "colleague"))

    assert await office.owners() == {**dict.fromkeys(office.ids, "colleague"), "lead": "stranger"}
    assert (await office.row(hand_over_table, made.id))["moved"] == 4


async def test_a_record_that_came_back_goes_again_and_counts_once(office: Office) -> None:
    tenant, lead = office.tenant, office.ids["lead"]
    made = await office.hand_over(to(office, "colleague"))
    await tenant.write(lambda work: records.update(work, "lead", [lead], {"ownerId": str(office.leaver)}))
    # As if the worker had been stopped before it could say that it is done.
    running = sa.update(hand_over_table).where(hand_over_table.c.id == made.id).values(state="running")
    await tenant.write(lambda work: work.session.execute(running))
    again = MoveRecords(made.id, made.job_id)
    await office.cell.put(tenant.placement.schema, message=MoveRecords.name, payload=json.loads(again.payload()))

    await office.cell.drain()

    assert await office.owners() == dict.fromkeys(office.ids, "colleague")
    row = await office.row(hand_over_table, made.id)
    assert (row["state"], row["moved"]) == ("done", 5)
