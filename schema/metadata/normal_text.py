"""Unicode normal forms in time that grows with the length of a text, and no faster.

The standard library sorts combining marks by insertion: a long run of them in the wrong order takes time that grows with
its square, hours for a text of a few megabytes. Such runs are sorted here before they get there; the result is the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal, TypeAlias

Form: TypeAlias = Literal["NFC", "NFKC"]

# Languages stack a handful of marks; runs up to this length are left to the standard library.
_LONGEST_RUN: Final = 30
# Marks of all scripts lie in here; a test looks everywhere.
_CODES: Final = range(0x300, 0x1F000)
_DECOMPOSED: Final[Mapping[Form, Literal["NFD", "NFKD"]]] = {"NFC": "NFD", "NFKC": "NFKD"}


def normal(form: Form, text: str) -> str:
    """The normal form of a text."""
    if text.isascii() or len(text) <= _LONGEST_RUN:
        return unicodedata.normalize(form, text)
    marks = _marks(form)
    ordered = marks.long_runs.sub(lambda run: _in_order(run[0].translate(marks.parts)), text)
    return unicodedata.normalize(form, ordered)


def _in_order(marks: str) -> str:
    """Canonical order: by class, and marks of one class as they were."""
    return "".join(sorted(marks, key=unicodedata.combining))


@dataclass(frozen=True, slots=True)
class _Marks:
    """Every character that becomes nothing but combining marks."""

    long_runs: re.Pattern[str]
    # What those become that are several marks, or others.
    parts: Mapping[int, str]


@cache
def _marks(form: Form) -> _Marks:
    apart = {code: unicodedata.normalize(_DECOMPOSED[form], chr(code)) for code in _codes(form, _CODES)}
    signs = "".join(map(chr, apart))
    parts = {code: marks for code, marks in apart.items() if marks != chr(code)}
    return _Marks(re.compile(f"[{signs}]{{{_LONGEST_RUN + 1},}}"), parts)


def _codes(form: Form, among: Iterable[int]) -> list[int]:
    signs = filter(lambda sign: unicodedata.combining(sign) or unicodedata.decomposition(sign), map(chr, among))
    return [
        ord(sign) for sign in signs if all(map(unicodedata.combining, unicodedata.normalize(_DECOMPOSED[form], sign)))
    ]
