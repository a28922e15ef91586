from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from resolvers.json_text import dumps, joined, members

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.from_regex(r"[_A-Za-z][_0-9A-Za-z]{0,5}", fullmatch=True), VALUES, max_size=5))
def test_members_come_apart_and_together_unchanged(value: dict[str, object]) -> None:
    body = dumps(value)
    found = members(body)

    assert {key: json.loads(text) for key, text in found.items()} == value
    assert joined(found.items()) == body


def test_numbers_keep_the_text_they_had() -> None:
    assert members(b'{"a":1.10,"b":"\xe5\xae\xa2"}') == {"a": b"1.10", "b": b'"\xe5\xae\xa2"'}


def test_what_has_no_utf8_is_replaced() -> None:
    assert dumps("a\ud800") == b'"a?"'
