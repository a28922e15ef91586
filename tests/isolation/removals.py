"""Every lock taken out of the product, one at a time: `python -m tests.isolation.removals [NAME …]`.

A lock whose removal no test sees is a lock that somebody removes by accident. Works on a copy of the tree; answers 0 if
the tests named beside each lock are green with it and red without it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.isolation.removal import Removal
from tests.isolation.removed_database import DATABASE
from tests.isolation.removed_names import NAMES
from tests.isolation.removed_paths import PATHS
from tests.isolation.removed_pilots import PILOTS
from tests.isolation.removed_reads import READS
from tests.isolation.removed_roles import ROLES
from tests.isolation.removed_shares import SHARES
from tests.isolation.removed_tokens import TOKENS
from tests.isolation.removed_view_as import VIEW_AS
from tests.isolation.removed_writes import WRITES

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parent.parent.parent
_NOT_COPIED = shutil.ignore_patterns(".*", "node_modules", "__pycache__", "data", "results")
# What pytest answers when tests ran and some failed; 2 and more mean that nothing was shown.
_TESTS_FAILED = 1

ALL = (*DATABASE, *READS, *WRITES, *ROLES, *SHARES, *TOKENS, *VIEW_AS, *PATHS, *NAMES, *PILOTS)


def main(names: Sequence[str]) -> int:
    """Take out the named locks, or all."""
    chosen = [each for each in ALL if not names or each.name in names]
    with tempfile.TemporaryDirectory(prefix="kezhi-removals-") as folder:
        tree = Path(folder) / "tree"
        shutil.copytree(ROOT, tree, ignore=_NOT_COPIED)
        tests = sorted({test for each in chosen for test in each.tests})
        if _status(tree, tests) != 0:
            print("not green with every lock in its place")
            return 1
        unseen = [each.name for each in chosen if not _is_seen(tree, each)]
    for name in unseen:
        print(f"NOT SEEN: {name}")
    return 1 if unseen else 0


def _is_seen(tree: Path, removal: Removal) -> bool:
    path = tree / removal.file
    whole = path.read_text()
    path.write_text(whole.replace(removal.lock, removal.without))
    try:
        status = _status(tree, removal.tests)
    finally:
        path.write_text(whole)
    print(f"without {removal.name}: pytest answers {status}", flush=True)
    return status == _TESTS_FAILED


def _status(tree: Path, tests: Sequence[str]) -> int:
    command = (sys.executable, "-m", "pytest", "-n", "0", "-q", "-x", "-p", "no:cacheprovider", *tests)
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    finished = subprocess.run(
        command, cwd=tree, env=environment, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if finished.returncode not in {0, _TESTS_FAILED}:
        print(finished.stdout)
    return finished.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
