"""[A6] Each kind of view asks for its own fields, and takes no others."""

from __future__ import annotations

from dataclasses import replace

import pytest

from schema.metadata.definitions import assemble
from schema.metadata.fields import Field
from services import packs
from services.views.settings import setting_touches
from tenants.errors import Refused
from tenants.ids import IdMaker

SHAPE = assemble((), 1).shape


@pytest.mark.parametrize(
    ("object_name", "kind", "given", "fields"),
    [
        ("user", "table", None, []),
        ("user", "kanban", {"columns": "state"}, ["user.state"]),
        (
            "delegation",
            "calendar",
            {"start": "startsAt", "end": "endsAt"},
            ["delegation.endsAt", "delegation.startsAt"],
        ),
        ("user", "gallery", {}, []),
        ("department", "tree", {"parent": "parent"}, ["department.parent"]),
    ],
)
def test_settings_that_fit_name_their_fields(
    object_name: str, kind: str, given: dict[str, str] | None, fields: list[str]
) -> None:
    touches = setting_touches(SHAPE, object_name, kind, given)

    assert sorted(f"{each.object_name}.{each.field_name}" for each in touches if each.field_name) == fields


@pytest.mark.parametrize(
    ("kind", "given", "refused"),
    [
        ("kanban", {}, [((), "SETTING_MISSING")]),
        ("kanban", {"columns": "name"}, [(("columns",), "FIELD_DOES_NOT_FIT")]),
        ("kanban", {"columns": "nope"}, [(("columns",), "UNKNOWN_NAME")]),
        ("kanban", {"columns": ["state"]}, [(("columns",), "PART_MALFORMED")]),
        ("calendar", {"start": "createdAt", "end": "name"}, [(("end",), "FIELD_DOES_NOT_FIT")]),
        ("tree", {"parent": "department"}, [(("parent",), "FIELD_DOES_NOT_FIT")]),
        ("map", {"location": "name"}, [(("location",), "FIELD_DOES_NOT_FIT")]),
        ("gallery", {"cover": "name"}, [(("cover",), "FIELD_DOES_NOT_FIT")]),
        ("table", [], [((), "PART_MALFORMED")]),
    ],
)
def test_settings_that_do_not_fit_are_refused(
    kind: str, given: object, refused: list[tuple[tuple[str, ...], str]]
) -> None:
    with pytest.raises(Refused) as refusal:
        setting_touches(SHAPE, "user", kind, given)

    assert [(each.path, each.fault.code) for each in refusal.value.violations] == refused


def test_a_formula_stands_where_the_type_that_it_is_kept_as_does() -> None:
    crm = packs.load("crm").objects
    thing = next(each for each in crm if each.name == "contract")
    (first, *_) = thing.fields
    fields = {result: Field(f"{result}F_c", "formula", options=(("result", result),)) for result in ("date", "decimal")}
    made = [
        replace(first, id=IdMaker().new(9), field=each, number=1_000 + at, column=f"f{at}")
        for at, each in enumerate(fields.values())
    ]
    shape = assemble([replace(thing, fields=(*thing.fields, *made))], 1).shape

    touches = setting_touches(shape, "contract", "calendar", {"start": "createdAt", "end": "dateF_c"})
    with pytest.raises(Refused) as refusal:
        setting_touches(shape, "contract", "calendar", {"start": "decimalF_c"})

    assert "dateF_c" in {each.field_name for each in touches}
    assert [each.fault.code for each in refusal.value.violations] == ["FIELD_DOES_NOT_FIT"]
