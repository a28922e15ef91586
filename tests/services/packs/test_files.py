"""[A9] A pack is read from files that people write; what does not fit is refused with its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from schema.metadata.errors import NameReserved
from schema.metadata.fields import Choice, DeleteRule, Label, Relation
from schema.metadata.naming import names_of_object
from schema.metadata.system_objects import FIRST_PACK_NUMBER, FIRST_TENANT_NUMBER, SYSTEM_OBJECTS
from schema.tables.base import tenant_metadata
from services import packs
from services.packs import BadPack, Pack, files
from tests.builders.packs import Document, next_crm

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# The standard objects of the public contract.
_STANDARD = """
lead customer contact opportunity activity task product priceBook quote quoteLine contract order orderLine paymentPlan
receipt invoice ticket campaign
"""


@pytest.fixture(scope="module")
def crm() -> Pack:
    return packs.load("crm")


def test_crm_has_every_standard_object(crm: Pack) -> None:
    assert {each.name for each in crm.objects} == set(_STANDARD.split())
    assert (crm.name, crm.version) == ("crm", 1)


def test_everything_has_words_in_both_languages(crm: Pack) -> None:
    labels = [crm.label, *(role.label for role in crm.roles)]
    for thing in crm.objects:
        labels += [thing.label, thing.plural_label]
        for field in thing.fields:
            labels += [field.label, *(choice.label for choice in field.choices)]
            labels += [field.inverse_label] if field.field.type_name == "relation" else []

    assert [label for label in labels if not (label.zh and label.en)] == []


def test_a_label_keeps_what_follows_its_comma(crm: Pack) -> None:
    customer = next(each for each in crm.objects if each.name == "customer")
    scale = customer.field("scale")

    assert scale is not None
    assert [(each.label.zh, each.label.en) for each in scale.choices] == [
        ("50 人以下", "Under 50"),
        ("50–200 人", "50 to 200"),
        ("200–1000 人", "200 to 1,000"),
        ("1000 人以上", "Over 1,000"),
    ]


def test_numbers_are_a_packs_and_differ(crm: Pack) -> None:
    numbers = [each.number for each in crm.objects]

    assert len(numbers) == len(set(numbers))
    assert all(FIRST_PACK_NUMBER <= number < FIRST_TENANT_NUMBER for number in numbers)


def test_tables_stay_clear_of_the_fixed_ones(crm: Pack) -> None:
    assert {each.table for each in crm.objects}.isdisjoint(tenant_metadata.tables)


def test_names_stay_clear_of_each_other_and_of_tenants(crm: Pack) -> None:
    names = [names_of_object(each.name, each.plural) for each in crm.objects]
    names += [names_of_object(thing.name, thing.plural) for thing, _ in SYSTEM_OBJECTS.values()]

    assert sum(map(len, names)) == len(frozenset().union(*names))
    assert not [each for each in frozenset().union(*names) if each.endswith("_c")]


def test_every_relation_reaches_a_known_object(crm: Pack) -> None:
    known = {each.name for each in crm.objects} | SYSTEM_OBJECTS.keys()

    relations = [field.field.relation for each in crm.objects for field in each.fields if field.field.relation]
    assert {relation.target for relation in relations} <= known


def test_every_title_is_a_field(crm: Pack) -> None:
    assert [each.name for each in crm.objects if each.title_field and each.field(each.title_field) is None] == []


def test_field_is_read_as_written(crm: Pack) -> None:
    contact = next(each for each in crm.objects if each.name == "contact")
    customer, phone = contact.field("customer"), contact.field("phone")

    assert customer is not None
    assert phone is not None
    assert customer.field.relation == Relation("customer", "contacts", DeleteRule.CASCADE)
    assert (customer.column, customer.inverse_label) == ("customer_id", Label("联系人", "Contacts"))
    assert (phone.label, phone.field.is_indexed) == (Label("手机", "Phone"), True)


def test_shared_choices_are_named(crm: Pack) -> None:
    sources = [
        field.field.choices for each in crm.objects for field in each.fields if field.name == "source" and each.pack
    ]

    assert len(sources) == 3
    assert len(set(sources)) == 1
    assert Choice("website") in sources[0]


def test_roles_grant_what_the_contract_says(crm: Pack) -> None:
    everything = {
        role.name: (grant.read, grant.update) for role in crm.roles for grant in role.grants if grant.object_name == "*"
    }

    assert everything == {
        "admin": ("all", "all"),
        "director": ("all", "all"),
        "manager": ("team", "team"),
        "sales": ("own", "own"),
        "service": ("all", "none"),
        "finance": ("all", "none"),
    }
    assert [role.name for role in crm.roles if role.is_admin] == ["admin"]


def test_grants_name_known_objects(crm: Pack) -> None:
    known = {each.name for each in crm.objects} | {packs.EVERY_OBJECT}

    assert {grant.object_name for role in crm.roles for grant in role.grants} <= known


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        (lambda document: document["fields"]["level"].update(type="heavy"), r"customer\.level: unknown type heavy"),
        (lambda document: document["fields"]["level"].update(maxLength=3), r"customer\.level: .*no option maxLength"),
        (lambda document: document["fields"]["parent"].pop("target"), r"customer\.parent: a relation names"),
        # As `{en: 1,000}` is read, without quotes.
        (lambda document: document["label"].update({0: None}), r"customer\.yaml: unknown 0"),
        (lambda document: document.update(colour="red"), r"customer\.yaml: unknown colour"),
        (lambda document: document.update(fields=[]), r"customer\.yaml: a mapping is expected"),
    ],
)
def test_bad_object_is_refused_with_its_place(tmp_path: Path, changed: Callable[[Document], None], place: str) -> None:
    with pytest.raises(BadPack, match=place):
        next_crm(tmp_path, changed)


def test_reserved_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NameReserved):
        next_crm(tmp_path, lambda document: document.update(name="node"))


@pytest.mark.parametrize(
    ("grant", "place"), [({"read": "everything"}, "unknown scope"), ({"approve": "all"}, "unknown approve")]
)
def test_bad_grant_is_refused(tmp_path: Path, grant: dict[str, str], place: str) -> None:
    with pytest.raises(BadPack, match=place):
        next_crm(tmp_path, lambda roles: roles["sales"]["objects"].update(task=grant), file="roles.yaml")


def test_indexes_over_several_fields_are_read(tmp_path: Path) -> None:
    wanted = [{"fields": ["region", "level"], "unique": True}]

    pack = next_crm(tmp_path, lambda document: document.update(indexes=wanted))

    customer = next(each for each in pack.objects if each.name == "customer")
    assert [(each.index.fields, each.index.is_unique, each.pack) for each in customer.indexes] == [
        (("region", "level"), True, "crm")
    ]
    assert files.FOLDER.name == "packs"
