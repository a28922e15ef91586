"""How Chinese sounds, syllable by syllable and without tones: `pypinyin.lazy_pinyin`, several times as fast.

Every name that is written is spelled out at least twice, and pypinyin works out each syllable anew. What is remembered
here are words and characters of its dictionary, never a text of a tenant. Pure.
"""

from __future__ import annotations

from functools import lru_cache

from pypinyin import lazy_pinyin
from pypinyin.constants import RE_HANS
from pypinyin.seg.simpleseg import seg

# Chinese in common use has some 3,500 characters, and names of companies are made from fewer words than that.
_WORDS = 16_384


def syllables(text: str) -> list[str]:
    """One for each Chinese character; what stands between is one piece, as it was."""
    found: list[str] = []
    for word in seg(text):
        if RE_HANS.match(word):
            found += _of_word(word)
        elif word:
            found.append(word)
    return found


@lru_cache(_WORDS)
def _of_word(word: str) -> tuple[str, ...]:
    # A word of the dictionary is cut into itself, so that it sounds alone as it does in its text.
    return tuple(lazy_pinyin([word]))
