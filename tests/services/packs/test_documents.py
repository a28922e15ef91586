"""Pack files come from other hands: what makes a small file a large value, or a value a program, is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.packs import BadPack, Place
from services.packs.documents import LARGEST_FILE, Body, parsed, read, written

if TYPE_CHECKING:
    from pathlib import Path

PLACE = Place("x.yaml")
_BOMB = "a: &a [1, 2]\nb: &b [*a, *a, *a]\nc: [*b, *b, *b]\n"
_SCALARS = st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.text(max_size=20).filter(str.isprintable)
_VALUES = st.recursive(_SCALARS, lambda each: st.lists(each, max_size=3) | st.dictionaries(st.text("abc1_ -", min_size=1, max_size=8), each, max_size=3), max_leaves=12)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: 1", {"a": 1}),
        ("a: '1'", {"a": "1"}),
        ("a: 0.50", {"a": "0.50"}),
        ("a: 2024-01-31", {"a": "2024-01-31"}),
        ("a: 012", {"a": "012"}),
        ("no: yes", {"no": "yes"}),
        ("a: [true, ~, 'true']", {"a": [True, None, "true"]}),
        ("", None),
    ],
)
def test_plain_values_are_what_they_look_like(text: str, value: object) -> None:
    assert parsed(text, PLACE) == value


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        (_BOMB, 1, "PACK_NOT_PLAIN"),
        ("a: 1\nb: !!python/object/apply:os.system [ls]", 2, "PACK_NOT_PLAIN"),
        ("a: !include /etc/passwd", 1, "PACK_NOT_PLAIN"),
        ("? [a]\n: 1", 1, "PACK_NOT_PLAIN"),
        ("a: 1\na: 2", 2, "PACK_NOT_PLAIN"),
        ("a: 1\n---\nb: 2", 2, "PACK_NOT_PLAIN"),
        ("[" * 2_000, 1, "PACK_TOO_LARGE"),
        ("a:\n b: 1\n  c: 2", 3, "PACK_NOT_READABLE"),
        ("a: 1\nb: [1, 2", 3, "PACK_NOT_READABLE"),
    ],
)
def test_what_is_not_plain_is_refused_with_its_line(text: str, line: int, code: str) -> None:
    with pytest.raises(BadPack) as refused:
        parsed(text, PLACE)

    (found,) = refused.value.findings
    assert (found.place.line, found.fault.code) == (line, code)


def test_mapping_knows_where_its_members_stand() -> None:
    body = parsed("a: 1\nb:\n  c: 2", PLACE)

    assert isinstance(body, Body)
    inner = body["b"]
    assert isinstance(inner, Body)
    assert (str(body.at("b")), str(inner.at("c")), str(body.at("d"))) == ("x.yaml:2 b", "x.yaml:3 b.c", "x.yaml:1 d")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"a: " + b"x" * LARGEST_FILE, "PACK_TOO_LARGE"),
        (b"a: \xff\xfe", "PACK_NOT_READABLE"),
        (None, "PACK_NOT_READABLE"),
    ],
)
def test_file_that_cannot_be_read_is_told(tmp_path: Path, content: bytes | None, code: str) -> None:
    if content is not None:
        (tmp_path / "x.yaml").write_bytes(content)

    with pytest.raises(BadPack) as refused:
        read(tmp_path / "x.yaml", "x.yaml")

    assert [each.fault.code for each in refused.value.findings] == [code]


@given(st.dictionaries(st.text("abcXYZ_019", min_size=1, max_size=8), _VALUES, max_size=4))
def test_what_is_written_is_read_as_it_was(document: dict[str, object]) -> None:
    assert parsed(written(document), PLACE) == document
