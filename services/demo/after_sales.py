"""What comes after the sale and beside it: tickets, tasks and campaigns."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from services.demo import vocabulary as words
from services.demo.companies import weighted
from services.demo.deals import yuan

if TYPE_CHECKING:
    from services.demo.chronicle import Chronicle
    from services.demo.companies import Customer
    from services.demo.people import Staff

_CAMPAIGNS = ("上海工博会", "新品发布会", "老客户回访季", "线上研讨会", "华南巡展", "年终答谢会")


def write_service(story: Chronicle, staff: Staff, customer: Customer) -> None:
    """Tickets of some customers, and a next step for most."""
    for _ in range(weighted(story, [(0, 72), (1, 20), (2, 8)])):
        at = story.moment(customer.since, story.end)
        closed = at + timedelta(days=10) < story.end
        story.create(
            "ticket",
            at,
            {
                "customerId": customer.id,
                "subject": story.random.choice(words.COMPLAINTS),
                "status": "closed" if closed else weighted(story, [("open", 60), ("inProgress", 40)]),
                "priority": weighted(story, [("low", 25), ("normal", 55), ("high", 20)]),
                "ownerId": staff.engineer(story.random),
            },
        )
    if story.random.random() < 0.3:  # noqa: PLR2004 - a third of the customers has a next step planned
        story.create(
            "task",
            story.end,
            {
                "customerId": customer.id,
                "subject": story.random.choice(words.VISITS),
                "dueOn": (story.end + timedelta(days=story.random.randint(-5, 20))).date(),
                "status": "open",
                "ownerId": customer.owner,
            },
        )


def write_campaigns(story: Chronicle, staff: Staff) -> None:
    """A campaign every quarter."""
    length = (story.end - story.begin) / len(_CAMPAIGNS)
    for number, name in enumerate(_CAMPAIGNS):
        at = story.begin + number * length
        story.create(
            "campaign",
            at,
            {
                "name": f"{at.year} {name}",
                "kind": "exhibition",
                "status": "finished",
                "startsOn": at.date(),
                "endsOn": (at + timedelta(days=14)).date(),
                "budget": yuan(80_000 + 20_000 * number),
                "ownerId": staff.ids["director"],
            },
        )
