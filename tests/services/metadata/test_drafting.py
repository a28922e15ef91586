"""[A1 A2 A5] From what was asked for to a definition, without a database."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schema.metadata import naming
from schema.metadata.errors import NotChangeable, TooManyChoices, TooManyFields, TooManyObjects, UnknownObject
from schema.metadata.fields import DeleteRule, Label, Relation
from schema.metadata.palette import palette
from schema.metadata.record_fields import TO_USER
from schema.metadata.system_objects import SYSTEM_OBJECTS
from services import packs
from services.metadata import ChoiceDraft, FieldDraft, ObjectDraft, Snapshot
from services.metadata.drafting import MOST_CHOICES, MOST_FIELDS, MOST_OBJECTS, new_choice, new_field, new_object
from tenants.errors import Fault, PathStep, Refused
from tenants.ids import IdMaker, object_number
from tests.builders.metadata import EQUIPMENT
from tests.builders.shapes import object_drafts

CRM = Snapshot(packs.load("crm").objects, 1)
NEW = IdMaker().new
WORDS = Label("字", "Word")


def with_field(draft: FieldDraft, object_name: str = "customer", before: Snapshot = CRM) -> Snapshot:
    return new_field(before, object_name, draft, NEW)


def last_field(after: Snapshot, object_name: str = "customer") -> str:
    return after.by_name[object_name].fields[-1].name


def relation_of(draft: FieldDraft, before: Snapshot = CRM) -> Relation | None:
    return with_field(draft, before=before).by_name["customer"].fields[-1].field.relation


def test_names_come_from_chinese_before_english() -> None:
    made = new_object(CRM, EQUIPMENT, NEW).objects[-1]

    assert (made.name, made.plural, made.number) == ("sheBei_c", "sheBeiList_c", 1000)
    assert [field.name for field in made.fields] == ["sheBeiXingHao_c", "zhuangTai_c", "keHu_c"]
    assert [field.number for field in made.fields] == [20, 21, 22]
    assert [field.position for field in made.fields] == [10, 20, 30]
    assert object_number(made.id) == 9
    assert {object_number(field.id) for field in made.fields} == {10}


def test_chosen_names_get_the_ending() -> None:
    made = new_object(CRM, ObjectDraft(WORDS, name="device", plural_name="devices_c"), NEW).objects[-1]

    assert (made.name, made.plural) == ("device_c", "devices_c")


def test_plural_label_falls_back_to_the_label() -> None:
    made = new_object(CRM, ObjectDraft(WORDS, Label("", "Words")), NEW).objects[-1]

    assert made.plural_label == Label("字", "Words")


def test_object_may_point_at_itself() -> None:
    draft = FieldDraft(Label("", "Parent"), "relation", target="device_c")
    made = new_object(CRM, ObjectDraft(WORDS, name="device", fields=(draft,)), NEW).objects[-1]

    assert made.fields[0].field.relation == Relation("device_c", "deviceList_c", DeleteRule.UNLINK)


def test_second_relation_gets_another_inverse() -> None:
    draft = FieldDraft(Label("", "Partner"), "relation", target="contact", delete_rule="CASCADE")
    once = with_field(draft)

    assert relation_of(draft) == Relation("contact", "customers_c", DeleteRule.CASCADE)
    assert relation_of(draft, once) == Relation("contact", "customers2_c", DeleteRule.CASCADE)


def test_person_points_at_users_without_an_inverse() -> None:
    assert relation_of(FieldDraft(WORDS, "person")) == TO_USER


def test_relation_to_a_system_object_has_an_inverse_there() -> None:
    draft = FieldDraft(WORDS, "relation", target="department", inverse_name="clients")

    assert relation_of(draft) == Relation("department", "clients_c")


def test_name_gives_way_to_members_of_other_fields() -> None:
    stage = FieldDraft(Label("", "Grade"), "choice", choices=(ChoiceDraft(WORDS),))
    after = with_field(FieldDraft(Label("", "Grade label"), "text"), before=with_field(stage))

    assert last_field(with_field(stage)) == "grade_c"
    assert last_field(after) == "gradeLabel2_c"


def test_keys_of_choices_come_from_their_labels() -> None:
    labels = (Label("高", ""), Label("高", "High"), Label("😀", ""))
    draft = FieldDraft(WORDS, "choice", choices=tuple(map(ChoiceDraft, labels)))

    assert [each.key for each in with_field(draft).by_name["customer"].fields[-1].choices] == ["gao", "gao2", "choice"]


def violations(refused: pytest.ExceptionInfo[Refused]) -> list[tuple[tuple[PathStep, ...], str]]:
    return [(each.path, each.fault.code) for each in refused.value.violations]


@pytest.mark.parametrize(
    ("draft", "path", "code"),
    [
        (FieldDraft(Label(), "text"), ("label",), "LABEL_MISSING"),
        (FieldDraft(WORDS, "heavy"), ("type",), "UNKNOWN_TYPE"),
        (FieldDraft(WORDS, "int"), ("type",), "UNKNOWN_TYPE"),
        (FieldDraft(WORDS, "text", name="1st"), ("name",), "NOT_A_NAME"),
        (FieldDraft(WORDS, "boolean", is_unique=True), ("unique",), "CANNOT_BE_UNIQUE"),
        (FieldDraft(WORDS, "boolean", options={"scale": 1}), ("options", "scale"), "UNKNOWN_OPTION"),
        (FieldDraft(WORDS, "decimal", options={"scale": 99}), ("options", "scale"), "BAD_OPTION"),
        (FieldDraft(WORDS, "choice"), ("choices",), "CHOICES_MISSING"),
        (FieldDraft(WORDS, "text", choices=(ChoiceDraft(WORDS),)), ("choices",), "CHOICES_NOT_ALLOWED"),
        (FieldDraft(WORDS, "choice", choices=(ChoiceDraft(WORDS, "a"),) * 2), ("choices", 1), "NAME_TAKEN"),
        (FieldDraft(WORDS, "relation"), ("target",), "TARGET_MISSING"),
        (FieldDraft(WORDS, "text", target="customer"), ("target",), "TARGET_NOT_ALLOWED"),
        (FieldDraft(WORDS, "text", delete_rule="cascade"), ("deleteRule",), "UNKNOWN_OPTION"),
        (FieldDraft(WORDS, "text", fields=(FieldDraft(WORDS, "text"),)), ("fields",), "UNKNOWN_OPTION"),
        (FieldDraft(WORDS, "lineTable"), ("fields",), "LINE_FIELDS_MISSING"),
        (
            FieldDraft(WORDS, "lineTable", fields=(FieldDraft(WORDS, "text"),), is_unique=True),
            ("unique",),
            "CANNOT_BE_UNIQUE",
        ),
        *(
            (FieldDraft(WORDS, kind, target=target), ("target",), "TARGET_NOT_ALLOWED")
            for kind in ("relation", "relations")
            for target in sorted(SYSTEM_OBJECTS.keys() - {"user", "department", "team"})
        ),
        (FieldDraft(WORDS, "relation", target="contact", delete_rule="x"), ("deleteRule",), "UNKNOWN_DELETE_RULE"),
        (FieldDraft(WORDS, "relation", target="contact", inverse_name="X"), ("inverseName",), "NOT_A_NAME"),
    ],
)
def test_bad_field_is_refused_with_its_place(draft: FieldDraft, path: tuple[PathStep, ...], code: str) -> None:
    with pytest.raises(Refused) as refused:
        with_field(draft)

    assert violations(refused) == [(path, code)]


def test_everything_that_is_wrong_is_told_at_once() -> None:
    fields = (FieldDraft(Label(), "text"), FieldDraft(WORDS, "text"), FieldDraft(WORDS, "heavy"))

    with pytest.raises(Refused) as refused:
        new_object(CRM, ObjectDraft(Label(), name="1st", fields=fields), NEW)

    assert violations(refused) == [
        (("label",), "LABEL_MISSING"),
        (("name",), "NOT_A_NAME"),
        (("fields", 0, "label"), "LABEL_MISSING"),
        (("fields", 2, "type"), "UNKNOWN_TYPE"),
    ]


def test_relation_to_nothing_is_told() -> None:
    with pytest.raises(UnknownObject):
        with_field(FieldDraft(WORDS, "relation", target="nothing"))


@pytest.mark.parametrize(("object_name", "fault"), [("nothing", UnknownObject), ("user", NotChangeable)])
def test_field_needs_an_object_that_may_change(object_name: str, fault: type[Fault]) -> None:
    with pytest.raises(fault):
        with_field(FieldDraft(WORDS, "text"), object_name)


def test_taken_names_are_refused() -> None:
    once = new_object(CRM, ObjectDraft(WORDS, name="device"), NEW)
    drafts = (ObjectDraft(WORDS, name="device"), ObjectDraft(WORDS, name="deviceList"),
              ObjectDraft(WORDS, name="deviceConnection"), ObjectDraft(WORDS, name="b", plural_name="b"))  # fmt: skip

    for draft in drafts:
        with pytest.raises(Refused) as refused:
            new_object(once, draft, NEW)
        assert violations(refused) == [(("name",), "NAME_TAKEN")]


def test_title_must_be_a_field_with_words() -> None:
    fields = (FieldDraft(WORDS, "boolean", name="flag"),)

    with pytest.raises(Refused) as refused:
        new_object(CRM, ObjectDraft(WORDS, fields=fields, title_field="flag"), NEW)

    assert violations(refused) == [(("titleField",), "UNKNOWN_TITLE")]


def test_limits_are_kept() -> None:
    customer = CRM.by_name["customer"]
    many_fields = CRM.with_object(replace(customer, fields=customer.fields[:1] * MOST_FIELDS))
    many_objects = Snapshot(tuple(replace(customer, number=1000 + each) for each in range(MOST_OBJECTS)), 1)
    many_choices = [new_choice((), ChoiceDraft(WORDS, f"k{each}"), NEW) for each in range(MOST_CHOICES)]

    with pytest.raises(TooManyFields):
        with_field(FieldDraft(WORDS, "text"), before=many_fields)
    with pytest.raises(TooManyObjects):
        new_object(many_objects, ObjectDraft(WORDS), NEW)
    with pytest.raises(TooManyChoices):
        new_choice(many_choices, ChoiceDraft(WORDS), NEW)


@settings(max_examples=60)
@given(st.lists(object_drafts(5), min_size=2, max_size=4))
def test_no_two_things_of_a_tenant_share_a_name(drafts: list[ObjectDraft]) -> None:
    after = CRM
    for draft in drafts:
        after = new_object(after, draft, NEW)

    shape = after.registry.shape
    roots = [naming.names_of_object(each.name, each.plural) for each in shape.objects.values()]
    assert sum(map(len, roots)) == len(frozenset().union(*roots))
    for thing in shape.objects.values():
        members = [
            *(
                naming.members_of_field(
                    field.name, is_relation=field.type.is_relation, has_choices=field.type.has_choices
                )
                for field in thing.fields
            ),
            *(naming.members_of_inverse(inverse.name) for inverse in thing.inverses),
        ]
        assert sum(map(len, members)) == len(frozenset().union(*members))


def test_type_that_is_none_is_answered_with_all_that_there_are() -> None:
    with pytest.raises(Refused) as refused:
        with_field(FieldDraft(WORDS, "heavy"))

    (violation,) = refused.value.violations
    assert str(violation.fault.details["types"]).split(", ") == [each.name for each in palette()]


@pytest.mark.parametrize(
    "name",
    ["'; DROP TABLE customer; --", 'x" CASCADE', "😀", "__proto__", "constructor()", "a" * 300, "select from", "a\0b", "a\ud83d", "名", " "],
)  # fmt: skip
def test_name_that_could_be_anything_but_a_name_is_refused(name: str) -> None:
    with pytest.raises(Refused) as refused:
        with_field(FieldDraft(WORDS, "text", name=name))

    assert violations(refused) == [(("name",), "NOT_A_NAME")]


@pytest.mark.parametrize(
    ("label", "code"),
    [("x" * 300, "TOO_LONG"), ("a\0b", "BAD_CHARACTERS"), ("a\ud83d", "BAD_CHARACTERS"), (" \u3000", "LABEL_MISSING")],
)
def test_label_that_is_none_is_refused(label: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        with_field(FieldDraft(Label(label), "text"))

    assert violations(refused) == [(("label",), code)]


@pytest.mark.parametrize(
    "label", ["'); DROP TABLE customer; --", "😀👨‍👩‍👧", "__proto__", "constructor", "SELECT", "id", "null", "'"]
)
def test_whatever_a_field_is_called_it_has_a_plain_name(label: str) -> None:
    name = last_field(with_field(FieldDraft(Label(label), "text")))

    assert re.fullmatch(r"[a-z][a-zA-Z0-9]{0,37}_c", name)
