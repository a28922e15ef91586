"""[I1] The script that begins every command: what it hands on to Python."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

from tests.architecture.source import ROOT

if TYPE_CHECKING:
    from pathlib import Path


def test_our_folder_comes_first_and_bytecode_is_kept(tmp_path: Path) -> None:
    python = tmp_path / ".venv" / "bin" / "python"
    locks = tmp_path / ".venv" / "kezhi-locks"
    locks.mkdir(parents=True)
    python.parent.mkdir()
    for name, copy in (
        ("kezhi", "kezhi"),
        ("requirements.txt", "requirements.txt"),
        ("requirements.txt", str(locks / "run.txt")),
    ):
        shutil.copy(ROOT / name, tmp_path / copy)
    python.write_text(
        '#!/bin/sh\necho "$@ $PYTHONPATH $PYTHONSAFEPATH ${PYTHONDONTWRITEBYTECODE-unset}"\n', encoding="utf-8"
    )
    python.chmod(0o755)

    answer = subprocess.run(
        [str(tmp_path / "kezhi"), "tenants", "list"],
        check=True,
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": "/elsewhere", "PYTHONDONTWRITEBYTECODE": "1"},
    )

    assert answer.stdout == f"-m cli tenants list {tmp_path.resolve()}:/elsewhere 1 unset\n"
