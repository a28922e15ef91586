"""Texts sound as pypinyin says, whatever was asked before."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypinyin import lazy_pinyin

from schema.metadata.pinyin import syllables

_TEXTS = st.text(
    st.sampled_from("重庆长沙银行行长单于曾朴 abÜü-々〇㐀𠀀\n7龘")
    | st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)
)


@given(_TEXTS | st.text())
def test_texts_sound_as_pypinyin_says(text: str) -> None:
    assert syllables(text) == lazy_pinyin(text)
    assert syllables(text) == lazy_pinyin(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("重庆银行行长", ["chong", "qing", "yin", "hang", "hang", "zhang"]),
        ("长沙ABC科技", ["chang", "sha", "ABC", "ke", "ji"]),
        ("", []),
        (" ", [" "]),
    ],
)
def test_one_syllable_for_each_character(text: str, expected: list[str]) -> None:
    assert syllables(text) == expected
