"""`./kezhi test` runs all checks in order and stops at the first that fails; a path runs only those tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli import test
from cli.__main__ import main

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_all_checks_come_in_order() -> None:
    assert [title for title, _ in test._all_checks()] == ["lint", "format", "types", "tests"]


def test_path_runs_these_tests_only(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    chosen = tmp_path / "test_one.py"
    chosen.write_text("def test_it() -> None:\n    assert 1 == 1\n\ndef test_other() -> None:\n    assert 1 == 2\n")

    passed = main(["test", f"{chosen}::test_it"])
    failed = main(["test", str(chosen)])

    assert (passed, failed) == (0, 1)
    assert "1 failed, 1 passed" in capfd.readouterr().out
