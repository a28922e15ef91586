"""A pack is written as it is read: the packs of this release, and everything that a file may say."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from services import packs
from tests.builders.templates import put, small_pack

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("name", packs.released())
def test_objects_of_a_release_are_written_as_they_were_read(name: str, tmp_path: Path) -> None:
    pack = packs.load(name)

    again = packs.load_folder(put(tmp_path, packs.files_of(pack)))

    assert again == replace(pack, roles=(), grows_from=())


def test_files_of_names_that_differ_in_capitals_alone_differ(tmp_path: Path) -> None:
    pack = small_pack(tmp_path, "")
    head = pack.objects[0]
    twice = replace(pack, objects=(replace(head, name="aBc_c"), replace(head, name="aBC_c")))

    assert [file for file in packs.files_of(twice) if file.startswith("objects")] == [
        "objects/a_bc_c.yaml",
        "objects/a_bc_c2.yaml",
    ]
