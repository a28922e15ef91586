"""Customers, their contacts and the leads that did not become customers yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from schema.metadata import codes
from schema.metadata.pinyin import syllables
from services.demo import vocabulary as words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from services.demo.chronicle import Chronicle
    from services.demo.people import Staff

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Customer:
    """What later chapters need to know of a customer."""

    id: UUID
    name: str
    owner: UUID
    since: datetime
    contacts: tuple[UUID, ...]


def weighted(story: Chronicle, rows: Sequence[tuple[T, int]]) -> T:
    """One of several things, by weight."""
    return story.random.choices([thing for thing, _ in rows], [weight for _, weight in rows])[0]


def write_customer(story: Chronicle, staff: Staff, at: datetime, used: set[str]) -> Customer:
    """A customer with two to four contacts."""
    province, city, dialling, _ = weighted(story, [(place, place[3]) for place in words.CITIES])
    name, brand, industry = _company(story, city, used)
    region = "east" if city in words.EAST else "south"
    owner = staff.seller(story.random, region)
    domain = "".join(syllables(brand)) + "".join(syllables(city)) + ".example"
    customer_id = story.create(
        "customer",
        at,
        {
            "name": name,
            # Where it was registered, and which one it is.
            "creditCode": codes.with_checks(f"91{words.AREA_CODES[city]}{len(used):08}"),
            "phone": f"+86{dialling.lstrip('0')}{story.random.randint(58_000_000, 68_999_999)}",
            "email": f"info@{domain}",
            "website": f"https://www.{domain}",
            "industry": industry,
            "region": "华东" if region == "east" else "华南",
            "level": weighted(story, [("a", 15), ("b", 35), ("c", 50)]),
            "status": weighted(story, [("active", 70), ("potential", 22), ("dormant", 8)]),
            "source": weighted(story, _SOURCES),
            "address": f"{province}{city}市{story.random.choice(words.DISTRICTS)}{story.random.choice(words.ROADS)}"
            f"{story.random.randint(1, 999)}号",
            "ownerId": owner,
        },
    )
    contacts = tuple(
        _contact(story, at, customer_id, owner, domain, first=number == 0)
        for number in range(weighted(story, [(2, 30), (3, 50), (4, 20)]))
    )
    return Customer(customer_id, name, owner, at, contacts)


def write_lead(story: Chronicle, staff: Staff, at: datetime) -> None:
    """Somebody who asked and was not converted yet."""
    place = weighted(story, [(place, place[3]) for place in words.CITIES])
    company, brand, industry = _company(story, place[1], set())
    person = person_name(story)
    story.create(
        "lead",
        at,
        {
            "name": person,
            "company": company,
            "phone": mobile(story),
            "email": f"{''.join(syllables(person))}@{''.join(syllables(brand))}.example",
            "source": weighted(story, _SOURCES),
            "status": weighted(story, [("new", 50), ("contacted", 30), ("unqualified", 20)]),
            "industry": industry,
            "ownerId": staff.seller(story.random, "east" if place[1] in words.EAST else "south"),
        },
    )


def person_name(story: Chronicle) -> str:
    """A Chinese name."""
    return story.random.choice(words.SURNAMES) + story.random.choice(words.GIVEN)


def mobile(story: Chronicle) -> str:
    """A mobile number in E.164."""
    return (
        f"+86{story.random.choice(('138', '139', '136', '158', '186', '189'))}{story.random.randint(10**7, 10**8 - 1)}"
    )


_SOURCES = [("website", 30), ("exhibition", 22), ("referral", 20), ("advertising", 14), ("phone", 14)]


def _company(story: Chronicle, city: str, used: set[str]) -> tuple[str, str, str]:
    while True:
        brand = story.random.choice(words.BRANDS)
        trade, industry = story.random.choice(words.TRADES)
        name = f"{city}{brand}{trade}{weighted(story, words.FORMS)}"
        if (stem := f"{city}{brand}{trade}") not in used:
            used.add(stem)
            return name, brand, industry


def _contact(story: Chronicle, at: datetime, customer_id: UUID, owner: UUID, domain: str, *, first: bool) -> UUID:
    person = person_name(story)
    return story.create(
        "contact",
        at,
        {
            "name": person,
            "customerId": customer_id,
            "phone": mobile(story),
            "email": f"{''.join(syllables(person))}{story.random.randint(1, 99)}@{domain}",
            "title": story.random.choice(words.TITLES),
            "isPrimary": first,
            "ownerId": owner,
        },
    )
