"""Twelve people in three departments, each in a role that the CRM pack has."""

from __future__ import annotations

from collections import Counter

from services import packs
from services.demo.people import DEPARTMENTS, DOMAIN, PEOPLE
from tests.builders.demo import STAFF, chronicle, named


def test_there_are_twelve_people_with_addresses_of_their_own() -> None:
    assert len({person.email for person in PEOPLE}) == len({person.name for person in PEOPLE}) == 12
    assert {person.email.partition("@")[2] for person in PEOPLE} == {DOMAIN}


def test_roles_are_those_of_the_pack_and_scopes_those_of_the_sign_ins() -> None:
    roles = {person.account: person.role for person in PEOPLE}

    assert set(roles.values()) <= {role.name for role in packs.load("crm").roles}
    assert Counter(roles.values()) == {
        "sales": 5, "manager": 2, "service": 2, "admin": 1, "director": 1, "finance": 1,
    }  # fmt: skip


def test_managers_sit_in_the_departments_that_they_manage() -> None:
    homes = {person.account: person.department for person in PEOPLE}

    assert {key: homes[manager] for key, _, manager in DEPARTMENTS} == {
        "east": "east", "south": "south", "operations": "operations",
    }  # fmt: skip


def test_sellers_and_engineers_are_drawn_from_theirs() -> None:
    source = chronicle().random

    assert named({STAFF.seller(source, "east") for _ in range(50)}) == {"sales1", "sales2", "sales3"}
    assert named({STAFF.seller(source, "south") for _ in range(50)}) == {"sales4", "sales5"}
    assert named({STAFF.engineer(source) for _ in range(50)}) == {"service", "service2"}
