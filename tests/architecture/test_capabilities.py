"""The vertical index is real: a page for each capability, whose paths exist and whose codes are in the catalogue."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.architecture import source

if TYPE_CHECKING:
    from pathlib import Path

DOCS = source.ROOT / "docs"
PAGES = sorted((DOCS / "capabilities").glob("*.md"))
# Packages of services that have no page of their own: the page that tells of them.
TOLD_BY = {
    "activities": "follow_ups",
    "delegations": "permissions",
    "explaining": "permissions",
    "leads": "records",
    "opportunities": "actions",
    "query": "records",
    "quotes": "actions",
    "roles": "permissions",
    "sequencing": "jobs",
    "sharing": "permissions",
}
PARTS = ("## What a user can do", "## Files", "## Errors", "## Limits")

_PATH = re.compile(r"`([a-z_]+/[\w./-]*|\w+\.py)`")
_CODE = re.compile(r"`([A-Z]+(?:_[A-Z]+)+)`")


def paths(text: str) -> list[str]:
    """Every path of the repository that a page names."""
    return _PATH.findall(text)


def unknown_codes(text: str) -> set[str]:
    """Codes that the catalogue does not have."""
    return set(_CODE.findall(text)) - set(_CODE.findall((DOCS / "errors.md").read_text(encoding="utf-8")))


def files_of(noun: str) -> set[str]:
    """Modules and packages of the product that are named after a noun; a room itself is none."""
    named = {module.path for module in source.modules(*source.PRODUCT) if module.name.endswith(f".{noun}")}
    return {path.removesuffix("__init__.py") for path in named}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_page_has_its_parts_in_order(page: Path) -> None:
    assert [line for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("## ")] == list(PARTS)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_path_of_a_page_exists(page: Path) -> None:
    found = paths(page.read_text(encoding="utf-8"))

    assert [path for path in found if not (source.ROOT / path).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_file_of_the_noun_is_on_its_page(page: Path) -> None:
    named = paths(page.read_text(encoding="utf-8"))

    missing = {path for path in files_of(page.stem) if not any(path == each or path.startswith(each) for each in named)}

    assert missing == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_code_of_a_page_is_in_the_catalogue(page: Path) -> None:
    assert unknown_codes(page.read_text(encoding="utf-8")) == set()


def test_every_capability_has_a_page() -> None:
    """A package of services is a capability, or a part of one that says so."""
    packages = {path.parent.name for path in (source.ROOT / "services").glob("*/__init__.py")}
    pages = {page.stem for page in PAGES}

    assert {each for each in packages if TOLD_BY.get(each, each) not in pages} == set()
    assert set(TOLD_BY) - packages == set()
    for package, page in TOLD_BY.items():
        assert f"`services/{package}/`" in (DOCS / "capabilities" / f"{page}.md").read_text(encoding="utf-8")


def test_every_page_is_in_the_index() -> None:
    index = (DOCS / "index.md").read_text(encoding="utf-8")
    pages = [*PAGES, *sorted((DOCS / "operations").glob("*.md"))]

    assert [page.name for page in pages if f"({page.parent.name}/{page.name})" not in index] == []


def test_bad_page_is_seen() -> None:
    assert paths("`services/records/` and `app.py`, not `./kezhi up` or `a { b }`") == ["services/records/", "app.py"]
    assert unknown_codes("`NO_SUCH_CODE`, `READ_ONLY`, `NOT_FOUND`") == {"NO_SUCH_CODE"}
    assert files_of("packs") >= {"services/packs/", "resolvers/packs.py", "cli/packs.py", "schema/types/packs.py"}
