"""[A8] Fields whose choices are those of a dictionary: where they come from, and that they follow it."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from schema.metadata.definitions import ChoiceDefinition, FieldDefinition
from schema.metadata.fields import Choice, Field, Label
from services.metadata.dictionaries import ChoicesOfDictionary, Entry, named_by, offering, refuse_copies

FIELD = Field("region_c", "choice", options=(("dictionary", "regions_c"),))
EAST, WEST = Entry(uuid4(), "east", Label("华东")), Entry(uuid4(), "west", Label("华西"), retired=True)


def test_a_field_follows_its_dictionary_and_its_choices_keep_their_ids() -> None:
    old = ChoiceDefinition(uuid4(), "west", Label("西部"), pack="crm")
    field = FieldDefinition(uuid4(), FIELD, 1, "f_1", Label("地区"), choices=(old,))
    fresh = uuid4()

    after = offering(field, (EAST, WEST), lambda _: fresh)

    assert after.choices == (
        ChoiceDefinition(fresh, "east", Label("华东")),
        ChoiceDefinition(old.id, "west", Label("华西"), retired=True, pack="crm"),
    )
    assert after.field.choices == (Choice("east"), Choice("west", retired=True))


def test_copies_are_changed_where_they_are_kept() -> None:
    assert (named_by(FIELD), named_by(Field("x_c", "choice"))) == ("regions_c", "")
    refuse_copies(Field("x_c", "choice"))
    with pytest.raises(ChoicesOfDictionary) as refusal:
        refuse_copies(FIELD)
    assert refusal.value.details == {"name": "regions_c"}
    assert isinstance(EAST.id, UUID)
