"""Tickets, next steps and campaigns."""

from __future__ import annotations

import itertools
from datetime import timedelta

from services.demo.after_sales import write_campaigns, write_service
from services.demo.companies import write_customer
from tests.builders.demo import BEGIN, END, STAFF, chronicle, created, named, operations


def test_old_tickets_are_closed_and_service_people_have_them() -> None:
    story = chronicle()
    for _ in range(300):
        write_service(story, STAFF, write_customer(story, STAFF, BEGIN, set()))

    tickets = created(operations(story), "ticket")

    old = END - timedelta(days=10)
    for ticket, record in tickets.items():
        is_old = (ticket.int >> 80) / 1000 < old.timestamp()
        assert (record["status"] == "closed") == is_old
    assert named({each["ownerId"] for each in tickets.values()}) == {"service", "service2"}


def test_about_a_third_of_the_customers_has_a_next_step_of_its_owner() -> None:
    story = chronicle()
    known = {each.id: each for each in (write_customer(story, STAFF, BEGIN, set()) for _ in range(300))}
    for customer in known.values():
        write_service(story, STAFF, customer)

    tasks = created(operations(story), "task").values()

    assert 70 < len(tasks) < 120
    assert all(each["ownerId"] == known[each["customerId"]].owner for each in tasks)
    assert {each["status"] for each in tasks} == {"open"}


def test_there_is_a_campaign_every_quarter() -> None:
    story = chronicle()
    write_campaigns(story, STAFF)

    campaigns = list(created(operations(story), "campaign").values())

    starts = [each["startsOn"] for each in campaigns]
    assert len(campaigns) == 6
    assert starts[0] == BEGIN.date()
    assert [(later - earlier).days for earlier, later in itertools.pairwise(starts)] == [91, 91, 92, 91, 91]
    assert {each["ownerId"] for each in campaigns} == {STAFF.ids["director"]}
