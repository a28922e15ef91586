"""What the repository as a whole must not hold, and what a dependency must not bring."""

from __future__ import annotations

import importlib
import re
import subprocess
from importlib import metadata
from typing import TYPE_CHECKING

import pytest

from tests.architecture import source

if TYPE_CHECKING:
    from pathlib import Path

OUR_PACKAGES = ("cli", "tenants", "schema", "services", "resolvers", "jobs", "tests")

# Written in pieces, so that this file does not find itself.
_FORBIDDEN = {
    "an address of a package registry": re.compile(
        "|".join(("py" + r"pi\.org", "python" + "hosted", "npm" + r"js\.(org|com)", "registry" + r"\.npm"))
    ),
    "a path of one machine": re.compile(
        "|".join(("(?<![\\w.])/" + r"work/", "/" + r"home/[a-z]", "/" + "root/", "file:" + "///"))
    ),
}
_BINARY = {".png", ".ico", ".woff", ".woff2", ".jpg", ".gz"}


def forbidden_texts(text: str) -> list[str]:
    return [reason for reason, pattern in _FORBIDDEN.items() if pattern.search(text)]


def test_no_file_names_a_registry_or_a_machine() -> None:
    """A clone must install from wherever its user gets packages, on any machine."""
    found = {
        str(path.relative_to(source.ROOT)): reasons
        for path in _tracked_files()
        if path.suffix not in _BINARY and (reasons := forbidden_texts(path.read_text(errors="replace")))
    }

    assert found == {}


@pytest.mark.parametrize(
    "text", ["see https://" + "py" + "pi.org/simple", "/" + "work/main/app.py", "file:" + "///opt", "/" + "home/me/x"]
)
def test_machine_path_is_found(text: str) -> None:
    assert len(forbidden_texts(text)) == 1


def test_ordinary_text_is_accepted() -> None:
    assert forbidden_texts("the /workers/ of our home/root page") == []


@pytest.mark.parametrize("name", OUR_PACKAGES)
def test_our_packages_are_ours(name: str) -> None:
    """Plain names (schema, services) are taken by packages of others too: ours must win."""
    imported = importlib.import_module(name)

    assert str(imported.__file__).startswith(str(source.ROOT / name))


def test_no_dependency_installs_one_of_our_names() -> None:
    """Two packages of one name shadow each other by the order of a path."""
    installed = metadata.packages_distributions()

    assert {name: installed[name] for name in OUR_PACKAGES if name in installed} == {}


def test_locks_are_hashed_and_carry_no_address() -> None:
    for lock in ("requirements.txt", "requirements-dev.txt"):
        lines = (source.ROOT / lock).read_text().splitlines()
        pins = [line for line in lines if "==" in line]
        assert [line for line in lines if "://" in line or line.startswith("--")] == []
        assert all(line.endswith("\\") for line in pins)


def _tracked_files() -> list[Path]:
    command = ["/usr/bin/env", "git", "ls-files", "-z"]
    listed = subprocess.run(command, cwd=source.ROOT, check=True, capture_output=True, text=True)
    paths = [source.ROOT / name for name in listed.stdout.split("\0") if name]
    return [path for path in paths if path.is_file()]
