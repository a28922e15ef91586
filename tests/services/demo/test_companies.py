"""Customers, contacts and leads as a sales director knows them."""

from __future__ import annotations

import re
from collections import Counter

from schema.metadata import codes
from services.demo import vocabulary as words
from services.demo.companies import mobile, person_name, weighted, write_customer, write_lead
from tests.builders.demo import BEGIN, STAFF, chronicle, created, named, operations

FORMS = "|".join(form for form, _ in words.FORMS)
EAST = {"sales1", "sales2", "sales3"}
SOUTH = {"sales4", "sales5"}


def test_weights_decide_how_often() -> None:
    story = chronicle()

    drawn = Counter(weighted(story, [("often", 9), ("seldom", 1), ("never", 0)]) for _ in range(1_000))

    assert set(drawn) == {"often", "seldom"}
    assert 850 < drawn["often"] < 950


def test_customers_sit_in_a_city_and_have_names_of_their_own() -> None:
    story = chronicle()
    used: set[str] = set()

    known = [write_customer(story, STAFF, BEGIN, used) for _ in range(300)]

    cities = "|".join(city for _, city, _, _ in words.CITIES)
    records = created(operations(story), "customer")
    assert [each.id for each in known] == list(records)
    assert len({re.sub(FORMS, "", each.name) for each in known}) == 300
    assert len({record["creditCode"] for record in records.values()}) == 300
    for record in records.values():
        assert codes.credit_code(str(record["creditCode"])) == record["creditCode"]
        assert re.fullmatch(rf"({cities})\S+?({FORMS})", str(record["name"]))
        assert re.fullmatch(r"\+86[1-9]\d{1,2}[56]\d{7}", str(record["phone"]))
        assert str(record["email"]) == "info@" + str(record["website"]).removeprefix("https://www.")


def test_customers_belong_to_the_sales_people_of_their_region() -> None:
    story = chronicle()
    for _ in range(300):
        write_customer(story, STAFF, BEGIN, set())

    owners: dict[str, set[str]] = {"华东": set(), "华南": set()}
    for record in created(operations(story), "customer").values():
        owners[str(record["region"])] |= named([record["ownerId"]])

    assert owners == {"华东": EAST, "华南": SOUTH}


def test_each_customer_has_two_to_four_contacts_and_one_of_them_is_the_first() -> None:
    story = chronicle()

    known = [write_customer(story, STAFF, BEGIN, set()) for _ in range(100)]

    contacts = created(operations(story), "contact")
    assert {len(each.contacts) for each in known} == {2, 3, 4}
    for customer in known:
        its = [contacts[contact] for contact in customer.contacts]
        assert {each["customerId"] for each in its} == {customer.id}
        assert {each["ownerId"] for each in its} == {customer.owner}
        assert [each["isPrimary"] for each in its] == [True] + [False] * (len(its) - 1)


def test_leads_are_not_converted_yet() -> None:
    story = chronicle()
    for _ in range(100):
        write_lead(story, STAFF, BEGIN)

    leads = created(operations(story), "lead").values()

    assert {each["status"] for each in leads} == {"new", "contacted", "unqualified"}
    assert named({each["ownerId"] for each in leads}) == EAST | SOUTH


def test_people_have_chinese_names_and_mobile_numbers() -> None:
    story = chronicle()

    assert all(re.fullmatch(r"[一-龥]{2,3}", person_name(story)) for _ in range(100))
    assert all(re.fullmatch(r"\+861[3-9]\d{9}", mobile(story)) for _ in range(100))
