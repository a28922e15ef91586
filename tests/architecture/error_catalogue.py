"""The error catalogue as a page: every fault of the product, by family and code, in both languages.

`python -m tests.architecture.error_catalogue` writes `docs/errors.md`; a test compares the two.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING

from tenants.errors import Family, Fault
from tests.architecture import source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PAGE = source.ROOT / "docs" / "errors.md"
ROOMS = ("tenants", "schema", "services", "resolvers", "jobs")

_HEAD = """# Error catalogue

Every failure has a code that never changes its meaning. What is wrong with an input (`INVALID`, `CONFLICT`) is answered in
the payload of the mutation, all at once: `errors { path code message }`. Everything else is a GraphQL error with
`extensions { code family requestId }`. Messages come in Chinese or English, as `Accept-Language` asks; words in braces
are filled in. No message holds SQL, a table, or anything of another tenant.

This page is written by `python -m tests.architecture.error_catalogue`.
"""

_FAMILIES = {
    Family.UNAUTHENTICATED: "Nobody is signed in, or the proof is not good any more. HTTP 401 for a whole request.",
    Family.NOT_FOUND: "It is not there, or the caller may not see it; the two are not told apart. HTTP 404.",
    Family.FORBIDDEN: "The caller may see that it exists, and may not do this. HTTP 403.",
    Family.INVALID: "The request or the input is wrong; sending it again will not help. HTTP 400.",
    Family.CONFLICT: "The input is right, and does not fit what is stored. HTTP 409.",
    Family.TOO_MUCH: "More than one request may ask for, or too often. HTTP 400.",
    Family.UNAVAILABLE: "It cannot be answered right now; the same request may succeed later. HTTP 503.",
}


def faults() -> list[type[Fault]]:
    """Every class with a code of its own, in the order of the codes."""
    for room in ROOMS:
        package = importlib.import_module(room)
        for found in pkgutil.walk_packages(package.__path__, f"{room}."):
            importlib.import_module(found.name)
    return sorted(
        (each for each in _below(Fault) if "code" in vars(each) and each.__module__.split(".")[0] in ROOMS),
        key=lambda each: (each.code, each.__qualname__),
    )


def english(fault: type[Fault]) -> str:
    """The English message."""
    return (fault.__doc__ or "").strip()


def page(found: Iterable[type[Fault]]) -> str:
    """The whole page."""
    found = list(found)
    sections = [_section(family, [each for each in found if each.family is family]) for family in Family]
    return "\n".join([_HEAD, *sections])


def _section(family: Family, found: list[type[Fault]]) -> str:
    rows = [_row(each, wordings(each)) for each in found]
    return "\n".join([
        f"## {family.value}",
        "",
        _FAMILIES[family],
        "",
        "| code | English | 中文 |",
        "|---|---|---|",
        *rows,
        "",
    ])


def wordings(fault: type[Fault]) -> list[type[Fault]]:
    """The fault, and those that say the same code in other words."""
    others = {
        english(each): each
        for each in _below(fault)
        if "code" not in vars(each) and each.code == fault.code and each.__module__.split(".")[0] in ROOMS
    }
    return [fault, *(others[text] for text in sorted(others) if text and text != english(fault))]


def _row(fault: type[Fault], said: list[type[Fault]]) -> str:
    words = "<br>".join(_cell(english(each)) for each in said)
    return f"| `{fault.code}` | {words} | {'<br>'.join(_cell(each.zh) for each in said)} |"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _below(fault: type[Fault]) -> Iterator[type[Fault]]:
    for each in fault.__subclasses__():
        yield each
        yield from _below(each)


if __name__ == "__main__":
    PAGE.write_text(page(faults()), encoding="utf-8")
