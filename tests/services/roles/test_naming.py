"""[G2] The mask that a field gets where none is asked for, and which may be asked for."""

from __future__ import annotations

import pytest

from schema.metadata.fields import Field
from services.roles.naming import mask_of
from tenants.errors import Refused


@pytest.mark.parametrize(
    ("type_", "given", "mask"),
    [
        ("phone", {}, "phone"),
        ("email", {}, "mail"),
        ("text", {}, "name"),
        ("text", {"mask": "idNumber"}, "idNumber"),
        ("phone", {"mask": "full"}, "full"),
        ("currency", {}, ""),
        ("date", {"mask": None}, ""),
    ],
)
def test_a_mask_fits_the_field(type_: str, given: dict[str, object], mask: str) -> None:
    assert mask_of(Field("x", type_), given) == mask


@pytest.mark.parametrize(
    ("type_", "mask", "code"), [("text", "half", "UNKNOWN_CHOICE"), ("date", "full", "MASK_NOT_OFFERED")]
)
def test_other_masks_are_refused(type_: str, mask: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        mask_of(Field("x", type_), {"mask": mask})

    assert [(each.path, each.fault.code) for each in refused.value.violations] == [(("mask",), code)]
