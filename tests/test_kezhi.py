"""[I1] The script that begins every command: what it hands on to Python."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from tests.architecture.source import ROOT


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


def _program(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)


# One that will do for everything but an environment of its own, and one that will do for nothing.
_WITHOUT_VENV = 'case "$2" in *ensurepip*) exit 1;; esac'
_TOO_OLD = "exit 1"
_SYSTEM = Path("/usr/bin/python3")


def _run(folder: Path, *, programs: dict[str, str], **environ: str) -> subprocess.CompletedProcess[str]:
    """The script, while the folder `programs` is all that is searched."""
    searched = folder / "programs"
    searched.mkdir()
    for name in ("cmp", "dirname", "rm"):
        (searched / name).symlink_to(str(shutil.which(name)))
    for name, text in programs.items():
        _program(searched / name, text)
    for name in ("kezhi", "requirements.txt"):
        shutil.copy(ROOT / name, folder / name)
    return subprocess.run(
        ["/bin/sh", str(folder / "kezhi"), "tenants", "list"],
        check=False,
        capture_output=True,
        text=True,
        env={"PATH": str(searched), **environ},
    )


def _chosen(finished: subprocess.CompletedProcess[str]) -> str:
    """The Python of which `uv`, or the Python itself, was told to make an environment."""
    return finished.stdout.split()[0]


_UV = 'shift 3; echo "$@"; exit 1'
_MAKES = 'case "$1" in -m) echo "$0"; exit 1;; esac'
_ELSEWHERE = "echo Darwin"


def test_the_python_that_is_named_is_taken(tmp_path: Path) -> None:
    finished = _run(tmp_path, programs={"uv": _UV, "uname": "echo Linux", "mine": "", "python3": ""}, PYTHON="mine")

    assert _chosen(finished) == str(tmp_path / "programs" / "mine")


def test_a_python_that_is_named_and_will_not_do_is_told(tmp_path: Path) -> None:
    finished = _run(tmp_path, programs={"uv": _UV, "uname": "echo Linux", "old": _TOO_OLD, "python3": ""}, PYTHON="old")

    assert (finished.returncode, finished.stdout) == (1, "")
    assert "was found as old" in finished.stderr


def test_the_python_of_the_system_comes_before_others(tmp_path: Path) -> None:
    is_fit = (
        _SYSTEM.exists()
        and not subprocess.run(
            [str(_SYSTEM), "-c", "import sys; sys.exit(sys.version_info < (3, 11))"], check=False
        ).returncode
    )

    finished = _run(tmp_path, programs={"uv": _UV, "uname": "echo Linux", "python3": ""})

    assert _chosen(finished) == str(_SYSTEM if is_fit else tmp_path / "programs" / "python3")


def test_elsewhere_the_first_that_will_do_is_taken(tmp_path: Path) -> None:
    programs = {"uname": _ELSEWHERE, "python3": _TOO_OLD, "python3.14": _WITHOUT_VENV, "python3.13": _MAKES}

    finished = _run(tmp_path, programs=programs)

    assert _chosen(finished) == str(tmp_path / "programs" / "python3.13")


def test_with_uv_a_python_needs_no_module_of_its_own(tmp_path: Path) -> None:
    programs = {"uv": _UV, "uname": _ELSEWHERE, "python3": _WITHOUT_VENV}

    finished = _run(tmp_path, programs=programs)

    assert _chosen(finished) == str(tmp_path / "programs" / "python3")
