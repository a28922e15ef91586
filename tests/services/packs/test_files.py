"""[A9] A pack is read from files that people write; what does not fit is refused with its place."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from schema.metadata.fields import DeleteRule, Label, Relation
from schema.metadata.naming import names_of_object
from schema.metadata.system_objects import FIRST_PACK_NUMBER, FIRST_TENANT_NUMBER, SYSTEM_OBJECTS
from schema.tables.base import tenant_metadata
from services import packs
from services.metadata import dictionary_of
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


def test_values_of_several_fields_stand_in_dictionaries_once(crm: Pack) -> None:
    named = sorted(
        (dictionary_of(field.field), f"{each.name}.{field.name}")
        for each in crm.objects
        for field in each.fields
        if dictionary_of(field.field)
    )

    assert named == [
        ("industries", "customer.industry"), ("industries", "lead.industry"), ("levels", "customer.level"),
        ("sources", "customer.source"), ("sources", "lead.source"), ("sources", "opportunity.source"),
    ]  # fmt: skip
    assert [(each.name, len(each.entries)) for each in crm.dictionaries] == [
        ("levels", 4), ("sources", 9), ("industries", 15),
    ]  # fmt: skip


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
    ("changed", "node", "code"),
    [
        (lambda document: document["fields"]["level"].update(type="heavy"), "fields.level.type", "UNKNOWN_TYPE"),
        (lambda document: document["fields"]["level"].update(maxLength=3), "fields.level.options.maxLength", "UNKNOWN_OPTION"),
        (lambda document: document["fields"]["scale"].pop("choices"), "fields.scale.choices", "CHOICES_MISSING"),
        (lambda document: document["fields"]["name"].update(choices="sources"), "fields.name.choices", "CHOICES_NOT_ALLOWED"),
        (lambda document: document["fields"]["scale"].update(choices="sources"), "fields.scale.choices", "PACK_MALFORMED"),
        (lambda document: document["fields"]["source"].update(choices={"a": {"zh": "甲"}}), "fields.source.choices", "CHOICES_NOT_ALLOWED"),
        (lambda document: document["fields"]["parent"].pop("target"), "fields.parent.target", "TARGET_MISSING"),
        (lambda document: document["fields"]["parent"].update(onDelete="explode"), "fields.parent.onDelete", "UNKNOWN_DELETE_RULE"),
        (lambda document: document["fields"]["parent"].update(linesBy="name"), "fields.parent.linesBy", "LINES_NOT_CASCADING"),
        (lambda document: document["fields"]["tags"].update(unique=True), "fields.tags.unique", "CANNOT_BE_UNIQUE"),
        (lambda document: document["fields"]["name"].update(tree="x"), "fields.name.tree", "PACK_KEY_UNKNOWN"),
        (lambda document: document["fields"]["name"].update(required="yes"), "fields.name.required", "PACK_MALFORMED"),
        (lambda document: document["fields"]["name"].update(label={}), "fields.name.label", "LABEL_MISSING"),
        (lambda document: document["fields"]["name"].update(maxLength=[[1]]), "fields.name.maxLength", "PACK_MALFORMED"),
        (lambda document: document["fields"].update({"id": {"type": "text"}}), "fields.id", "NAME_RESERVED"),
        (lambda document: document["fields"].update({"../x": {"type": "text"}}), "fields.../x", "NOT_A_NAME"),
        # As `{en: 1,000}` is read, without quotes.
        (lambda document: document["label"].update({0: None}), "label.0", "PACK_KEY_UNKNOWN"),
        (lambda document: document.update(colour="red"), "colour", "PACK_KEY_UNKNOWN"),
        (lambda document: document.update(fields=[]), "fields", "PACK_MALFORMED"),
        (lambda document: document.update(name="node"), "name", "NAME_RESERVED"),
        (lambda document: document.update(name="a/b"), "name", "NOT_A_NAME"),
        (lambda document: document.update(number=99), "number", "PACK_MALFORMED"),
        (lambda document: document.update(name="customer_c"), "fields.name", "PACK_MALFORMED"),
    ],
)  # fmt: skip
def test_bad_object_is_refused_with_its_place(
    tmp_path: Path, changed: Callable[[Document], None], node: str, code: str
) -> None:
    with pytest.raises(BadPack) as refused:
        next_crm(tmp_path, changed)

    found = refused.value.findings[0]
    assert (found.place.file, found.place.node, found.fault.code) == ("objects/customer.yaml", node, code)
    assert found.place.line > 0


def test_everything_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    def changed(document: Document) -> None:
        document["fields"]["level"].update(type="heavy")
        document["fields"]["name"].update(label={})

    with pytest.raises(BadPack) as refused:
        next_crm(tmp_path, changed)

    assert [each.fault.code for each in refused.value.findings] == ["LABEL_MISSING", "UNKNOWN_TYPE"]
    assert str(refused.value).splitlines()[1].startswith("objects/customer.yaml:")


@pytest.mark.parametrize(
    ("grant", "code"), [({"read": "everything"}, "PACK_MALFORMED"), ({"approve": "all"}, "PACK_KEY_UNKNOWN")]
)
def test_bad_grant_is_refused(tmp_path: Path, grant: dict[str, str], code: str) -> None:
    with pytest.raises(BadPack) as refused:
        next_crm(tmp_path, lambda roles: roles["sales"]["objects"].update(task=grant), file="roles.yaml")

    found = refused.value.findings[0]
    assert (found.place.file, found.fault.code) == ("roles.yaml", code)


@pytest.mark.parametrize(
    ("head", "code"),
    [
        ("name: ../../etc\nversion: 1\nlabel: {en: x}", "PACK_MALFORMED"),
        ("name: crm\nversion: zero\nlabel: {en: x}", "PACK_MALFORMED"),
        ("name: crm\nversion: 0\nlabel: {en: x}", "PACK_MALFORMED"),
        ("name: crm\nversion: 1\nlabel: {en: x}\ncolour: red", "PACK_KEY_UNKNOWN"),
    ],
)
def test_bad_head_is_refused(tmp_path: Path, head: str, code: str) -> None:
    (tmp_path / "pack.yaml").write_text(head, "utf-8")

    with pytest.raises(BadPack) as refused:
        packs.load_folder(tmp_path)

    assert [each.fault.code for each in refused.value.findings] == [code]


@pytest.mark.parametrize(
    ("head", "key"), [("name: crm", "name"), ("name: light", "name"), ("name: mine\ngrowsFrom: [crm]", "growsFrom")]
)
def test_names_of_this_release_are_reserved(tmp_path: Path, head: str, key: str) -> None:
    (tmp_path / "pack.yaml").write_text(f"{head}\nversion: 7\nlabel: {{en: Fake}}", "utf-8")

    with pytest.raises(BadPack, match=rf"pack\.yaml {key}: PACK_NAME_RESERVED: "):
        packs.load_folder(tmp_path)

    assert packs.load_folder(files.FOLDER / "crm").name == "crm"


def test_folder_without_a_head_is_no_pack(tmp_path: Path) -> None:
    with pytest.raises(BadPack, match=r"pack\.yaml: PACK_NOT_READABLE"):
        packs.load_folder(tmp_path)


def test_file_that_leads_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "pack"
    (folder / "objects").mkdir(parents=True)
    (folder / "pack.yaml").write_text("name: x\nversion: 1\nlabel: {en: x}", "utf-8")
    (tmp_path / "secret.yaml").write_text("name: y", "utf-8")
    (folder / "objects" / "y.yaml").symlink_to(tmp_path / "secret.yaml")

    with pytest.raises(BadPack, match="it lies outside the folder"):
        packs.load_folder(folder)


@pytest.mark.parametrize("file", ["pack.yaml", "roles.yaml", "dictionaries.yaml", "objects/y.yaml"])
def test_what_is_no_regular_file_is_refused_and_not_opened(tmp_path: Path, file: str) -> None:
    (tmp_path / "objects").mkdir()
    (tmp_path / "pack.yaml").write_text("name: x\nversion: 1\nlabel: {en: x}", "utf-8")
    (tmp_path / file).unlink(missing_ok=True)
    os.mkfifo(tmp_path / file)

    with pytest.raises(BadPack) as refused:
        packs.load_folder(tmp_path)

    assert str(refused.value) == f"{file}: PACK_NOT_READABLE: This cannot be read as YAML: it is no regular file."


@pytest.mark.parametrize(("said", "shown"), [('name: "q\\0_c"', r"q\x00_c"), ('name: q_c\n"\\e[31m": 1', r"\x1b[31m")])
def test_what_would_steer_a_terminal_is_told_as_an_escape(tmp_path: Path, said: str, shown: str) -> None:
    (tmp_path / "objects").mkdir()
    (tmp_path / "pack.yaml").write_text("name: x\nversion: 1\nlabel: {en: x}", "utf-8")
    (tmp_path / "objects" / "q.yaml").write_text(said, "utf-8")

    with pytest.raises(BadPack) as refused:
        packs.load_folder(tmp_path)

    assert shown in str(refused.value)
    assert all(line.isprintable() for line in str(refused.value).splitlines())


def test_entries_of_a_dictionary_stand_in_no_circle(tmp_path: Path) -> None:
    (tmp_path / "pack.yaml").write_text("name: x\nversion: 1\nlabel: {en: x}", "utf-8")
    entries = "{a: {en: A, parent: b}, b: {en: B, parent: a}}"
    (tmp_path / "dictionaries.yaml").write_text(f"regions_c: {{label: {{en: R}}, entries: {entries}}}", "utf-8")

    with pytest.raises(BadPack, match=r"dictionaries\.yaml:1 regions_c\.entries\.a\.parent: PACK_MALFORMED"):
        packs.load_folder(tmp_path)


def test_indexes_over_several_fields_are_read(tmp_path: Path) -> None:
    wanted = [{"fields": ["region", "level"], "unique": True}]

    pack = next_crm(tmp_path, lambda document: document.update(indexes=wanted))

    customer = next(each for each in pack.objects if each.name == "customer")
    assert [(each.index.fields, each.index.is_unique, each.pack) for each in customer.indexes] == [
        (("region", "level"), True, "crm")
    ]
    assert files.FOLDER.name == "packs"
