"""What a pack proposes is found among what a tenant has, by id or by name."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from services.packs import BadPack, rows
from services.packs.aligning import align
from services.packs.numbering import numbered
from services.packs.reading import Findings
from services.packs.rows import DEFINED
from tests.builders.templates import small_pack

if TYPE_CHECKING:
    from pathlib import Path

    from services.packs import Pack
    from services.packs.aligning import Aligned

NOBODY: dict[str, list[rows.Row]] = {part.name: [] for part in DEFINED}
THERE = UUID(int=7)


def present(of: Pack, **changed: object) -> dict[str, list[rows.Row]]:
    """The first object of a pack as a tenant has it, with an id of its own."""
    found = rows.of_objects(of)
    thing = next(row for row in found["object_definition"] if row["name"] == "head_c")
    mine: rows.Row = {**thing, "id": THERE, "number": 1234, "table_name": "x_mine", **changed}
    return {**NOBODY, "object_definition": [mine]}


def aligned(pack: Pack, there: dict[str, list[rows.Row]]) -> Aligned:
    found = Findings()
    made = align(pack, DEFINED, there, rows.of_objects(pack), found)
    found.settle()
    return made


def test_what_is_new_keeps_the_ids_of_the_pack(tmp_path: Path) -> None:
    pack = small_pack(tmp_path, "")

    made = aligned(pack, NOBODY)

    assert [row["id"] for row in made.rows["object_definition"]] == [each.id for each in pack.objects]
    assert "head_c.stage_c.new" in made.names.values()


def test_what_is_there_is_found_by_its_name_and_its_fields_follow(tmp_path: Path) -> None:
    pack = small_pack(tmp_path, "")

    made = aligned(pack, present(pack))

    thing = next(row for row in made.rows["object_definition"] if row["name"] == "head_c")
    assert (thing["id"], thing["number"], thing["table_name"]) == (THERE, 1234, "x_mine")
    assert {row["object_id"] for row in made.rows["field_definition"] if row["name"] == "stage_c"} == {THERE}
    assert str(THERE) in made.mine


def test_what_another_pack_made_stays_its_own(tmp_path: Path) -> None:
    pack = small_pack(tmp_path, "")

    assert str(THERE) not in aligned(pack, present(pack, pack="other")).mine


@pytest.mark.parametrize(
    ("changed", "code"), [({"pack": ""}, "PACK_NAME_TAKEN"), ({"plural_name": "others_c"}, "PACK_KIND_CHANGED")]
)
def test_what_cannot_be_joined_is_refused(tmp_path: Path, changed: dict[str, object], code: str) -> None:
    pack = small_pack(tmp_path, "")

    with pytest.raises(BadPack) as refused:
        aligned(pack, present(pack, **changed))

    assert [each.fault.code for each in refused.value.findings] == [code]
    assert str(refused.value).startswith("objects/head_c.yaml:1")


def test_object_that_the_tenant_made_itself_is_told_once_and_not_field_by_field(tmp_path: Path) -> None:
    pack = small_pack(tmp_path, "")
    mine = {name: [{**row, "pack": ""} for row in found] for name, found in rows.of_objects(pack).items()}

    with pytest.raises(BadPack) as refused:
        aligned(pack, mine)

    assert [(each.place.file, each.place.node, each.fault.code) for each in refused.value.findings] == [
        ("objects/head_c.yaml", "", "PACK_NAME_TAKEN"), ("objects/line_c.yaml", "", "PACK_NAME_TAKEN"),
    ]  # fmt: skip


def test_new_objects_and_fields_take_the_next_numbers(tmp_path: Path) -> None:
    pack = small_pack(tmp_path, "")
    there, found = present(pack), Findings()
    made = aligned(pack, there)

    numbered(pack, there, made, found)

    found.settle()
    numbers = {row["name"]: row["number"] for row in made.rows["object_definition"]}
    assert numbers == {"head_c": 1234, "line_c": 1235}
    assert [row["number"] for row in made.rows["field_definition"]] == [20, 21, 22, 20, 21, 22]
