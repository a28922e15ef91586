"""Numbers of objects are never given twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from services.packs import BadPack, rows
from services.packs.aligning import align
from services.packs.files import load
from services.packs.numbering import numbered
from services.packs.reading import Findings
from services.packs.rows import DEFINED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

CRM = load("crm")


def numbers_over(there: Mapping[str, Sequence[rows.Row]]) -> dict[object, object]:
    found = Findings()
    made = align(CRM, DEFINED, there, rows.of_objects(CRM), found)
    numbered(CRM, there, made, found)
    found.settle()
    return {row["name"]: row["number"] for row in made.rows["object_definition"]}


def test_objects_of_a_pack_have_the_numbers_that_it_says() -> None:
    assert numbers_over({part.name: [] for part in DEFINED})["customer"] == 101


def test_number_that_is_taken_is_refused() -> None:
    other: rows.Row = {"id": "other", "name": "supplier", "number": 101, "pack": "srm"}
    there: dict[str, list[rows.Row]] = {part.name: [] for part in DEFINED} | {"object_definition": [other]}

    with pytest.raises(BadPack, match=r"customer\.yaml:1 number: PACK_NAME_TAKEN"):
        numbers_over(there)
