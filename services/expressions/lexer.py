"""Text becomes tokens. Anything that is no token is named with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from services.expressions.errors import ExpressionMalformed
from services.expressions.places import ExpressionRefused, Finding, refused


class Kind(StrEnum):
    """What sort of token it is."""

    NUMBER = "number"
    TEXT = "text"
    NAME = "name"
    SIGN = "sign"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text; `text` of a quoted text is what it says."""

    kind: Kind
    text: str
    at: int


_TOKEN = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<number>[0-9]+(?:\.[0-9]+)?)"
    r"|(?P<text>'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\")"
    r"|(?P<name>[^\W\d]\w*)"
    r"|(?P<sign>&&|\|\||[=!<>]=|[-+*/%!<>?:.,()\[\]])"
)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)")
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", "'": "'", '"': '"'}


def tokens(text: str) -> Iterator[Token]:
    """All tokens and the end."""
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None or found.lastgroup is None:
            raise ExpressionRefused([unexpected(text, at, text[at], "a value", "一个值")])
        if found.lastgroup != "space":
            written = _spoken(text, found.group(), at) if found.lastgroup == "text" else found.group()
            yield Token(Kind(found.lastgroup), written, at)
        at = found.end()
    yield Token(Kind.END, "", at)


def names_in(text: str) -> frozenset[str]:
    """Every name that stands in a text, whatever it means there; none of a text that is no expression."""
    try:
        return frozenset(each.text for each in tokens(text) if each.kind is Kind.NAME)
    except ExpressionRefused:
        return frozenset()


def unexpected(text: str, at: int, found: str, expected: str, expected_zh: str) -> Finding:
    """A finding of the grammar; nothing found is the end."""
    return refused(
        text,
        at,
        ExpressionMalformed,
        found=found or "the end",
        found_zh=found or "结尾",
        expected=expected,
        expected_zh=expected_zh,
    )


def _spoken(text: str, quoted: str, at: int) -> str:
    def one(found: re.Match[str]) -> str:
        name = found[1]
        sign = chr(int(name[1:], 16)) if len(name) > 1 else _ESCAPED.get(name)
        if sign is None or sign == "\0" or "\ud800" <= sign <= "\udfff":
            raise ExpressionRefused([
                unexpected(text, at + 1 + found.start(), found[0], "a known escape such as \\n", "已知的转义(如 \\n)")
            ])
        return sign

    spoken = _ESCAPE.sub(one, quoted[1:-1])
    for place, sign in enumerate(spoken):
        if sign == "\0" or "\ud800" <= sign <= "\udfff":
            raise ExpressionRefused([
                unexpected(
                    text,
                    at + 1 + place,
                    "\N{REPLACEMENT CHARACTER}",
                    "a character that can be stored",
                    "可以保存的字符",
                )
            ])
    return spoken
