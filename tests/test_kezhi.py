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


def _asked_for(folder: Path, environ: dict[str, str]) -> str:
    """The Python of which the script wants an environment, while the folder `programs` is all that is searched."""
    programs = folder / "programs"
    programs.mkdir()
    for name in ("cmp", "dirname", "rm"):
        (programs / name).symlink_to(str(shutil.which(name)))
    _program(programs / "uv", 'echo "$@"; exit 1')
    _program(programs / "python3", "exit 0")
    _program(programs / "mine", "exit 0")
    for name in ("kezhi", "requirements.txt"):
        shutil.copy(ROOT / name, folder / name)
    finished = subprocess.run(
        ["/bin/sh", str(folder / "kezhi"), "tenants", "list"],
        check=False,
        capture_output=True,
        text=True,
        env={"PATH": str(programs), **environ},
    )
    assert finished.returncode == 1
    return finished.stdout.removeprefix("venv --quiet --python ").split()[0]


def test_environment_is_made_with_the_python_that_is_named(tmp_path: Path) -> None:
    assert _asked_for(tmp_path, {"PYTHON": "mine"}) == str(tmp_path / "programs" / "mine")


def test_the_python_of_the_system_comes_before_others(tmp_path: Path) -> None:
    system = Path("/usr/bin/python3")
    is_fit = (
        system.exists()
        and not subprocess.run(
            [str(system), "-c", "import sys; sys.exit(sys.version_info < (3, 11))"], check=False
        ).returncode
    )

    assert _asked_for(tmp_path, {}) == str(system if is_fit else tmp_path / "programs" / "python3")
