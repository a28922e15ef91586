"""Which lines and branches of the product ran: `-p tests.coverage --coverage` measures it and holds it to a floor.

SlipCover rewrites the byte code of the product and takes each probe out again once it was hit, so that the suite runs
at nearly its full speed: tracing every line took 589 seconds where this takes 428. It is driven from here and not from
its command line, because a worker has to begin before anything of the product is imported, and because the tests
themselves are not measured. Processes that a test starts are not counted.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
import slipcover

# How many of a hundred branches must have been taken.
FLOOR = 90.0

_ROOT = Path(__file__).resolve().parent.parent
_PACKAGES = ("cli", "jobs", "resolvers", "schema", "services", "tenants")
# It replaces itself by another program; proven by what it starts.
_OMITTED = ("cli/child.py",)
_NEVER_RUN = ("if TYPE_CHECKING:", r"assert_never\(", "raise NotImplementedError", r"^\s*\.\.\.$")
# The controller tells its workers by the environment where they leave what they found.
_FOLDER = "KEZHI_TEST_COVERAGE"
_FOUND = pytest.StashKey[dict[str, Any]]()


def _begun() -> slipcover.Slipcover:
    packages = [str(_ROOT / name) for name in _PACKAGES]
    omitted = [str(_ROOT / name) for name in _OMITTED]
    probes = slipcover.Slipcover(branch=True, source=packages, omit=omitted, exclude_also=list(_NEVER_RUN))
    measured = slipcover.FileMatcher(sources=[*packages, _ROOT / "app.py"], omit=omitted)
    slipcover.ImportManager(probes, measured).__enter__()
    return probes


# At import, because this plugin is imported before anything of the product.
_PROBES = _begun() if "--coverage" in sys.argv or _FOLDER in os.environ else None


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--coverage", action="store_true", help="measure what ran, and hold it to a floor")


def pytest_configure() -> None:
    if _PROBES is not None and _FOLDER not in os.environ:
        os.environ[_FOLDER] = tempfile.mkdtemp(prefix="kezhi-coverage-")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker leaves what it found; the controller, which ends last, adds it up."""
    if _PROBES is None:
        return
    folder = Path(os.environ[_FOLDER])
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker:
        (folder / f"{worker}.json").write_text(json.dumps(_PROBES.get_coverage()))
        return
    found = _PROBES.get_coverage()
    for path in folder.glob("*.json"):
        slipcover.merge_coverage(found, json.loads(path.read_text()))
    shutil.rmtree(folder)
    session.config.stash[_FOUND] = found
    if branches(found) < FLOOR and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    found = config.stash.get(_FOUND, None)
    if found is None:
        return
    table = io.StringIO()
    slipcover.print_coverage(found, outfile=table, skip_covered=True)
    terminalreporter.write_line(table.getvalue())
    verdict = "" if branches(found) >= FLOOR else f", fewer than {FLOOR:.0f} %"
    terminalreporter.write_line(f"{branches(found):.2f} % of the branches were taken{verdict}")


def branches(found: dict[str, Any]) -> float:
    """How many of a hundred branches were taken."""
    taken, missed = (int(found["summary"][name]) for name in ("covered_branches", "missing_branches"))
    return 100 * taken / (taken + missed)
