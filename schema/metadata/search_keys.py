"""What search looks through: the text of a value, line by line, and the n-grams of that text that an index holds.

Both sides are folded alike, to letters and digits alone, so a query is found where it stands in the text. N-grams are
the way to the candidates only: whoever holds all n-grams of a query is looked at for the query itself. Pure.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

from schema.metadata.normal_text import normal
from schema.metadata.pinyin import syllables

Lines: TypeAlias = Callable[[str], Iterable[str]]

# Every line stands between two of these, so that a line's first and last letters have n-grams of their own.
EDGE = "\n"
LONGEST = 100
# Beyond so many words a question is not looked at.
MOST_WORDS = 8
_SPOKEN = 40
_TAIL = 4
_CHINA = "86"
_MOBILE = 11
_SEVERAL = 2
_LONGEST_NAME = 4
# From here on (radicals, kana, Chinese) two characters say as much as three letters do.
_WIDE = "\u2e80"
_ALL_WIDE = f"{_WIDE}-\U0010ffff"
# All look ahead only, so that they find what overlaps. The end of a line is in none: whole lines have numbers of their own.
_PAIRS = re.compile(f"(?=([{_ALL_WIDE}][^{EDGE}]|.[{_ALL_WIDE}]))", re.DOTALL)
_THREES = re.compile(f"(?=([^{_ALL_WIDE}][^{_ALL_WIDE}{EDGE}]{{2}}))")
# Four digits, else five signs that do not begin with a vowel: these are rare where three are in every other name.
_LONG = re.compile(f"(?=([0-9]{{4}}|[^aeiou{_ALL_WIDE}][^{_ALL_WIDE}{EDGE}]{{4}}))")
# Surnames that sound otherwise than the character mostly does.
_SURNAMES: Mapping[str, tuple[str, ...]] = {
    "万俟": ("mo", "qi"), "尉迟": ("yu", "chi"), "单于": ("chan", "yu"), "长孙": ("zhang", "sun"), "澹台": ("tan", "tai"),
    "单": ("shan",), "曾": ("zeng",), "解": ("xie",), "仇": ("qiu",), "查": ("zha",), "任": ("ren",), "盖": ("ge",),
    "区": ("ou",), "朴": ("piao",), "翟": ("zhai",), "乐": ("yue",), "缪": ("miao",), "种": ("chong",), "覃": ("qin",),
    "员": ("yun",), "折": ("she",), "黑": ("he",), "秘": ("bi",), "冼": ("xian",), "燕": ("yan",), "繁": ("po",),
}  # fmt: skip


def folded(text: str) -> str:
    """Letters and digits in small, whatever their width; no spaces and no marks."""
    # Folding may take characters apart that the normal form puts together, so it is made again.
    plain = normal("NFKC", normal("NFKC", text).casefold())
    return "".join(filter(str.isalnum, plain))


def search_text(lines: Lines, stored: str) -> str | None:
    """The lines of one value between edges; nothing where there is nothing to find."""
    kept = [each[:LONGEST] for each in dict.fromkeys(map(folded, lines(stored))) if each]
    return EDGE + EDGE.join(kept) + EDGE if kept else None


def grams(text: str) -> list[int]:
    """The n-grams of a text as numbers: pairs where a wide character stands in, else threes, fours of digits and fives.

    No pair and no three reaches over an edge, nor does any longer one.
    """
    found = {*_PAIRS.findall(text), *_THREES.findall(text), *_LONG.findall(text)}
    return sorted(map(_number, found))


def leading(sought: str) -> list[int]:
    """N-grams enough to lead to what is sought: the long ones, and the short ones that stand in none of them."""
    long = set(_LONG.findall(sought))
    short = {*_PAIRS.findall(sought), *_THREES.findall(sought)}
    return sorted(map(_number, long.union(each for each in short if not any(each in other for other in long))))


def whole(line: str) -> int:
    """The number of a whole line between its edges, so that whoever is met exactly is found by one number."""
    return _number(line)


def keys(text: str) -> list[int]:
    """What the index holds of a text: its n-grams, and each of its lines."""
    lines = text.strip(EDGE).split(EDGE)
    return sorted({*grams(text), *(whole(f"{EDGE}{each}{EDGE}") for each in lines)})


def pattern(asked: str) -> str | None:
    """What must stand in the text for a query: itself, or at the head of a line where it is too short for more."""
    plain = folded(asked)[:LONGEST]
    return next((each for each in (plain, EDGE + plain) if plain and grams(each)), None)


def words(asked: str) -> list[str]:
    """What must stand somewhere in a record, each word for itself; nothing where there are not several of them.

    A word too short for n-grams stands anywhere where another one leads to the record, else at the head of a line.
    """
    apart = asked.split(maxsplit=MOST_WORDS)[:MOST_WORDS]
    found = [each for each in dict.fromkeys(folded(word)[:LONGEST] for word in apart) if each]
    if len(found) < _SEVERAL:
        return []
    if not any(map(grams, found)):
        found = [EDGE + each for each in found]
    return found if any(map(grams, found)) else []


def telling(found: Iterable[str]) -> list[str]:
    """The words that lead to few records, the longest first: a wide character says as much as three letters."""
    return sorted(filter(grams, found), key=lambda each: -len(each) - 2 * sum(sign >= _WIDE for sign in each))


# --- the lines of each kind of field ----------------------------------------------------------------------------------


def spoken_lines(stored: str) -> Iterable[str]:
    """A name: as written, as it sounds, and the initials of its syllables; a surname also as surnames sound."""
    yield stored
    plain = folded(stored)[:_SPOKEN]
    if not plain or max(plain) < _WIDE:
        return
    yield from _sounds(syllables(plain))
    surname = next((each for each in (plain[:2], plain[:1]) if each in _SURNAMES), "")
    if surname and len(plain) <= _LONGEST_NAME:
        yield from _sounds([*_SURNAMES[surname], *syllables(plain[len(surname) :])])


def code_lines(stored: str) -> Iterable[str]:
    """A number or an address of the web: as written."""
    yield stored


def phone_lines(stored: str) -> Iterable[str]:
    """A phone: without the country, with it, and the four digits that people know it by."""
    digits = "".join(filter(str.isdecimal, stored))
    if digits.startswith(_CHINA) and len(digits) >= len(_CHINA) + _MOBILE - 1:
        yield digits.removeprefix(_CHINA)
    yield digits
    yield digits[-_TAIL:]


def mail_lines(stored: str) -> Iterable[str]:
    """A mail address: whole, and what stands behind the @."""
    yield stored
    yield stored.rpartition("@")[2]


def _number(gram: str) -> int:
    # PostgreSQL's integers have a sign. Two n-grams of one number cost a look, not a wrong answer.
    return zlib.crc32(gram.encode()) - 2**31


def _sounds(spoken: list[str]) -> Iterable[str]:
    yield "".join(spoken)
    yield "".join(each[:1] for each in spoken)
