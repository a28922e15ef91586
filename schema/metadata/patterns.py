r"""The small language of text patterns: characters and classes, each with a count, and nothing that can run away.

`\d{6}`, `[A-Z]{2}-\d{4}`, `[0-9A-Z]{18}`. There are no groups, alternatives or nested repeats, and at most one count
is open, so matching takes time linear in the text whatever a tenant writes.
"""

from __future__ import annotations

import re
from functools import lru_cache

_ATOM = re.compile(
    r"(?P<atom>\\[dw.\-+*?()\[\]{}|^$\\/]|\[\^?(?:\\[dw\-\]\\^]|[^\[\]\\])+\]|[^\\\[\](){}*+?|^$])"
    r"(?P<count>[*+?]|\{\d{1,3}(?:,\d{0,3})?\})?"
)
_LONGEST = 200
# What an example is made of, the plainest first.
_SIGNS = "1Aa" + "".join(map(chr, range(32, 127))) + "示"


def is_pattern(pattern: str) -> bool:
    """Whether the text belongs to the language."""
    return _compiled(pattern) is not None


def matches(pattern: str, value: str) -> bool:
    """Whether the whole value has the form; a pattern that is none matches nothing."""
    expression = _compiled(pattern)
    return expression is not None and expression.fullmatch(value) is not None


def example(pattern: str) -> str:
    """The shortest text of the form that is made of plain letters and digits where it may be; nothing for no pattern."""
    if not is_pattern(pattern):
        return ""
    found = []
    for part in _ATOM.finditer(pattern):
        sign = next((each for each in _SIGNS if re.fullmatch(part["atom"], each)), "")
        found.append(sign * _least(part["count"] or ""))
    made = "".join(found)
    return made if matches(pattern, made) else ""


def _least(count: str) -> int:
    if count.startswith("{"):
        return int(re.findall(r"[0-9]+", count)[0])
    return 0 if count in {"*", "?"} else 1


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str] | None:
    position = open_counts = 0
    if not 0 < len(pattern) <= _LONGEST:
        return None
    while position < len(pattern):
        found = _ATOM.match(pattern, position)
        if found is None:
            return None
        count = found["count"] or ""
        open_counts += count in {"*", "+"} or count.endswith(",}")
        open_counts += bool(count) and "," in count and not count.endswith(",}")
        open_counts += count == "?"
        position = found.end()
    if open_counts > 1:
        # Several counts that may give way to each other could make matching slow; `?` counts as one, too.
        return None
    try:
        return re.compile(pattern)
    except re.error:
        return None
