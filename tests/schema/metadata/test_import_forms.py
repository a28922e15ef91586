"""[A7] Every type that somebody enters into a cell has a form, and its example is a value of the type."""

from __future__ import annotations

import pytest

from schema.metadata.fields import Field
from schema.metadata.import_forms import FORMS, IMPORTED
from schema.metadata.types import FIELD_TYPES

# What a cell says of these is looked up, or taken apart, before it is a value.
_READ_FIRST = frozenset({
    "address", "boolean", "choice", "currency", "dateTime", "department", "geolocation", "json", "multiChoice", "person",
    "persons", "relation", "tags",
})  # fmt: skip


def test_every_type_of_a_cell_has_a_form() -> None:
    assert set(FORMS) == set(IMPORTED)
    assert [name for name, form in FORMS.items() if not (form.words.zh and form.words.en)] == []


@pytest.mark.parametrize("name", sorted(set(IMPORTED) - _READ_FIRST))
def test_example_is_a_value_of_its_type(name: str) -> None:
    assert FIELD_TYPES[name].normalise(FORMS[name].example, Field("x", name)) not in {None, ""}
