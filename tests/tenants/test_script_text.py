"""Places are filled with checked names only, and literals end where they should."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tenants.script_text import fill, literal


def test_places_are_filled_with_quoted_names() -> None:
    text = "GRANT SELECT ON @schema@.job TO @runtime@, @runtime@"

    assert fill(text, {"schema": "t_a", "runtime": "t_b"}) == 'GRANT SELECT ON "t_a".job TO "t_b", "t_b"'


def test_place_without_a_name_is_a_defect() -> None:
    with pytest.raises(KeyError):
        fill("@schema@", {})


@pytest.mark.parametrize("name", ['a"; DROP SCHEMA b; --', "", "Up", "1a", "a" * 64, "a\n"])
def test_name_that_is_not_ours_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="not a physical name"):
        fill("@schema@", {"schema": name})


@pytest.mark.parametrize(
    ("text", "written"), [("客制", "E'客制'"), ("O'Hara", "E'O''Hara'"), ("\\'; --", "E'\\\\''; --'"), ("", "E''")]
)
def test_literal_cannot_be_ended_from_inside(text: str, written: str) -> None:
    assert literal(text) == written


def test_literal_holds_no_nul() -> None:
    with pytest.raises(ValueError, match="NUL"):
        literal("a\0b")


@pytest.mark.parametrize("program", ["app", "jobs.worker", "jobs.duties"])
def test_processes_that_prepare_nothing_load_no_renderer(program: str) -> None:
    """Alembic and what it brings are a tenth of a process's start."""
    asked = f"import sys, {program}; print('alembic' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", asked], check=True, capture_output=True, text=True)

    assert answer.stdout == "False\n"
