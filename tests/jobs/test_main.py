"""`python -m jobs`: which processes there are, and what one says that cannot start."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.architecture.source import ROOT


def run(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "jobs", *arguments],
        cwd=ROOT, env={"PATH": os.environ["PATH"], **environ}, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


def test_help_names_the_processes() -> None:
    answered = run("--help")

    assert answered.returncode == 0
    assert "{worker,scheduler}" in answered.stdout


def test_a_missing_setting_is_one_sentence() -> None:
    answered = run("worker", DATABASE_URL="postgresql://127.0.0.1:1/x")

    assert answered.returncode == 1
    assert answered.stderr == "KEZHI_MASTER_KEY is not set.\n"
