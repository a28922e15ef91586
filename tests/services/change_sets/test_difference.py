"""[A10 A11] What only adds may go to a pilot group first; anything else may not."""

from __future__ import annotations

from uuid import UUID

import pytest

from services.change_sets import added, is_additive
from services.metadata import Difference


def difference(kind: str, coordinate: str, action: str = "added") -> Difference:
    object_name, field_name, name = (*coordinate.split("."), "", "")[:3]
    return Difference(kind, action, UUID(int=1), object_name, field_name, name)


NEW_OBJECT = (difference("object", "car_c"), difference("field", "car_c.plate_c"))
NEW_FIELD = (difference("field", "lead.grade_c"), difference("choice", "lead.grade_c.high"))


@pytest.mark.parametrize(
    ("found", "is_so"),
    [
        ((), False),
        (NEW_OBJECT, True),
        (NEW_FIELD, True),
        ((difference("layout", "lead"), difference("validationRule", "lead..named")), True),
        ((*NEW_FIELD, difference("field", "lead.name", "changed")), False),
        ((difference("choice", "lead.source.fair"),), False),
        ((difference("uniqueRule", "lead..name, phone"),), False),
        ((*NEW_FIELD, difference("uniqueRule", "lead..name, grade_c")), True),
        ((*NEW_OBJECT, difference("uniqueRule", "car_c..plate_c, owner")), True),
        ((difference("field", "lead.grade_c", "restored"),), False),
    ],
)
def test_additive(found: tuple[Difference, ...], *, is_so: bool) -> None:
    assert is_additive(found) is is_so


def test_fields_of_a_new_object_come_with_it() -> None:
    assert [each.coordinate for each in added((*NEW_OBJECT, *NEW_FIELD))] == ["car_c", "lead.grade_c"]
