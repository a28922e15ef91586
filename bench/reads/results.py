"""The page of results: one section for each part, so that a part that is run alone replaces only its own.

Above the sections stands what must be shown, gathered from the judgements of all of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bench.verdicts import Result

_MARK = re.compile(r"^<!-- part: (\w+) -->\n", re.MULTILINE)
_JUDGED = re.compile(r"^\| (?:ok|short) \|.*$", re.MULTILINE)
_HEAD = "| | measure | value | target |\n|---|---|---|---|"


@dataclass(frozen=True, slots=True)
class Section:
    """What one part found."""

    name: str
    title: str
    text: str
    results: Sequence[Result]

    def __str__(self) -> str:
        judged = "\n".join(each.row for each in self.results)
        return f"## {self.title}\n\n{self.text.strip()}\n\n### Against the targets: {self.name}\n\n{_HEAD}\n{judged}\n"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def sections_of(page: str) -> dict[str, str]:
    """The sections of a page by the names of their parts."""
    _, *found = _MARK.split(page)
    return dict(zip(found[::2], found[1::2], strict=True))


def page_of(sections: Mapping[str, str], order: Sequence[str]) -> str:
    """The whole page, its sections in this order."""
    kept = {name: sections[name].strip() for name in order if name in sections}
    judged = "\n".join(line for text in kept.values() for line in _JUDGED.findall(text))
    parts = [f"<!-- part: {name} -->\n{text}" for name, text in kept.items()]
    return "\n\n".join(["# Reads", "## What must be shown", f"{_HEAD}\n{judged}", *parts]) + "\n"
