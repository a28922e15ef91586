"""Names for what a tenant defines never clash with those that are there."""

from __future__ import annotations

import pytest

from schema.metadata.errors import NameTaken
from schema.metadata.fields import Label
from services import packs
from services.metadata import ChoiceDraft, FieldDraft, ObjectDraft, Snapshot, free_names

CRM = Snapshot(packs.load("crm").objects, 1)
CUSTOMER = CRM.by_name["customer"]
NOTHING = Label()


def test_object_without_a_name_takes_one_from_its_label() -> None:
    assert free_names.for_object(CRM, ObjectDraft(NOTHING), "合同评审") == ("heTongPingShen_c", "heTongPingShenList_c")


def test_object_without_letters_is_called_object() -> None:
    assert free_names.for_object(CRM, ObjectDraft(NOTHING), "★") == ("object_c", "objectList_c")


def test_plural_must_differ() -> None:
    with pytest.raises(NameTaken):
        free_names.for_object(CRM, ObjectDraft(NOTHING, name="sheep", plural_name="sheep"), "")


def test_field_with_choices_needs_its_label_member_free() -> None:
    draft = FieldDraft(NOTHING, "choice", choices=(ChoiceDraft(NOTHING),))

    assert free_names.for_field(CRM, CUSTOMER, draft, "等级") == "dengJi_c"


def test_relation_is_seen_as_the_plural_of_its_object() -> None:
    draft = FieldDraft(NOTHING, "relation", target="product")

    assert free_names.for_inverse(CRM, CUSTOMER, draft, "chanPin_c") == "customers_c"


def test_relation_to_itself_gives_way_to_its_own_field() -> None:
    draft = FieldDraft(NOTHING, "relation", target="customer", inverse_name="peer")

    with pytest.raises(NameTaken):
        free_names.for_inverse(CRM, CUSTOMER, draft, "peer_c")
