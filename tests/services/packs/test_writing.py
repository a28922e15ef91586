"""A pack is written as it is read: the packs of this release, and everything that a file may say."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schema.metadata.types import FIELD_TYPES
from services import packs
from services.packs import files as pack_files
from services.packs.documents import written
from tests.builders.templates import PLAIN, put, small_pack

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("name", packs.released())
def test_objects_of_a_release_are_written_as_they_were_read(name: str, tmp_path: Path) -> None:
    pack = packs.load(name)

    again = pack_files.load(name, put(tmp_path / name, packs.files_of(pack)).parent)

    assert again == replace(pack, roles=(), grows_from=())


def test_files_of_names_that_differ_in_capitals_alone_differ(tmp_path: Path) -> None:
    pack = small_pack(tmp_path, "")
    head = pack.objects[0]
    twice = replace(pack, objects=(replace(head, name="aBc_c"), replace(head, name="aBC_c")))

    assert [file for file in packs.files_of(twice) if file.startswith("objects")] == [
        "objects/a_bc_c.yaml",
        "objects/a_bc_c2.yaml",
    ]


# --- any object -------------------------------------------------------------------------------------------------------

_WORDS = st.fixed_dictionaries(
    {"zh": st.text("词语甲乙", min_size=1, max_size=5)}, optional={"en": st.just("Yes, 1: no")}
)
_KEYS = st.lists(st.sampled_from(["a", "b", "1", "no", "x-1"]), min_size=1, max_size=4, unique=True)
_CONDITIONS = st.sampled_from(["n_c > 1", "n_c == null || n_c < 10", "t_c.startsWith('x: y')"])
_FORMULAS = st.sampled_from(["n_c + 1", "n_c * 2", "n_c / 3"])


@st.composite
def _fields(draw: st.DrawFn) -> dict[str, object]:
    found: dict[str, object] = {
        "n_c": {"label": draw(_WORDS), "type": "integer"},
        "t_c": {"label": draw(_WORDS), "type": "text", "maxLength": draw(st.integers(1, 400))},
    }
    for number in range(draw(st.integers(0, 6))):
        type_name = draw(st.sampled_from(PLAIN))
        kind = FIELD_TYPES[type_name]
        body: dict[str, object] = {"label": draw(_WORDS), "type": type_name}
        if kind.has_choices:
            body["choices"] = {key: draw(_WORDS) for key in draw(_KEYS)}
        if kind.may_be_unique:
            body["unique"] = draw(st.booleans())
        if not kind.computed:
            body["required"] = draw(st.booleans())
            body |= {draw(st.sampled_from(["requiredIf", "visibleIf", "readOnlyIf"])): draw(_CONDITIONS)}
        if type_name == "autoNumber":
            body["format"] = "N-{000}"
        found[f"f{number}_c"] = body
    for number in range(draw(st.integers(0, 3))):
        text = draw(_FORMULAS).replace("n_c", f"d{number - 1}_c" if number else "n_c")
        found[f"d{number}_c"] = {
            "label": draw(_WORDS),
            "type": "formula",
            "expression": text,
            "scale": draw(st.integers(0, 4)),
        }
    return found


@settings(max_examples=25)
@given(fields=_fields(), words=_WORDS)
def test_any_object_is_written_as_it_was_read(
    tmp_path_factory: pytest.TempPathFactory, fields: dict[str, object], words: dict[str, str]
) -> None:
    head = {"name": "any_c", "plural": "anys_c", "label": words, "pluralLabel": words, "title": "t_c", "fields": fields}
    rule = {"r: 1": {"expression": "n_c > 1", "message": words, "fields": ["n_c"]}}
    files = {
        "pack.yaml": written({"name": "any", "version": 3, "label": words}),
        "objects/any_c.yaml": written({**head, "rules": rule}),
    }
    pack = packs.settled_alone(packs.load_folder(put(tmp_path_factory.mktemp("a"), files)))

    out = packs.files_of(pack)
    again = packs.settled_alone(packs.load_folder(put(tmp_path_factory.mktemp("b"), out)))

    assert again == pack
    assert packs.files_of(again) == out
