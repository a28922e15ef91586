"""Installs the peers into `.cache/bench/reads`: from locked, hashed lists, through npm and pip or uv as they are set up.

What cannot be installed here (no npm, no network) is left out, and the reason is told in the results.
"""

from __future__ import annotations

import filecmp
import json
import platform
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache" / "bench" / "reads"
_HERE = Path(__file__).parent
_NODE_MAJOR = 22
_INSTALL_SECONDS = 600


class PeerMissing(Exception):
    """A peer cannot be measured here; the text says why."""


@dataclass(frozen=True, slots=True)
class PostGraphile:
    """Where it was installed, and which node runs it."""

    folder: Path
    node: Path


def postgraphile() -> PostGraphile:
    """PostGraphile 5 from npm."""
    npm = shutil.which("npm")
    if npm is None:
        raise PeerMissing("npm is not installed")
    folder = CACHE / "postgraphile"
    folder.mkdir(parents=True, exist_ok=True)
    lock, stamp = _HERE / "postgraphile" / "package-lock.json", folder / "installed.json"
    if not stamp.exists() or not filecmp.cmp(lock, stamp, shallow=False):
        shutil.copy(lock, folder / "package-lock.json")
        shutil.copy(_HERE / "postgraphile" / "package.json", folder / "package.json")
        _run([npm, "ci", "--omit=dev", "--ignore-scripts"], folder)
        shutil.copy(lock, stamp)
    shutil.copy(_HERE / "postgraphile" / "server.mjs", folder / "server.mjs")
    return PostGraphile(folder, _node(folder))


def naive() -> Path:
    """What the naive server needs beyond the product's own packages: a folder for the Python path."""
    folder = CACHE / f"naive-{platform.python_version()}"
    lock, stamp = _HERE / "naive" / "requirements.txt", folder / "installed.txt"
    if not stamp.exists() or not filecmp.cmp(lock, stamp, shallow=False):
        folder.mkdir(parents=True, exist_ok=True)
        uv = shutil.which("uv")
        installer = (
            [uv, "pip", "install", "--python", sys.executable] if uv else [sys.executable, "-m", "pip", "install"]
        )
        _run([*installer, "--quiet", "--require-hashes", "--target", str(folder), "-r", str(lock)], ROOT)
        shutil.copy(lock, stamp)
    return folder


def _node(folder: Path) -> Path:
    """The node that came along, or the machine's own if it is new enough."""
    for found in sorted((folder / "node_modules").glob("node-*/bin/node")):
        found.chmod(0o755)
        return found
    own = shutil.which("node")
    if own is None:
        raise PeerMissing("there is no node")
    major = int(subprocess.run([own, "-p", "parseInt(process.versions.node)"], check=True, capture_output=True).stdout)  # noqa: S603
    if major < _NODE_MAJOR:
        raise PeerMissing(f"node {major} is too old, PostGraphile 5 needs {_NODE_MAJOR}")
    return Path(own)


def _run(command: list[str], folder: Path) -> None:
    try:
        done = subprocess.run(  # noqa: S603 - installers with our own lists
            command, cwd=folder, check=False, capture_output=True, text=True, timeout=_INSTALL_SECONDS
        )
    except subprocess.TimeoutExpired:
        raise PeerMissing(f"{Path(command[0]).name} did not finish in {_INSTALL_SECONDS} s") from None
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise PeerMissing(f"{Path(command[0]).name} failed: {said[-1] if said else 'no message'}")


def versions(folder: Path) -> dict[str, str]:
    """What npm installed of the parts that matter."""
    names = ("postgraphile", "grafserv", "grafast", "graphql", "pg")
    packages = json.loads((folder / "package-lock.json").read_text())["packages"]
    return {name: packages[f"node_modules/{name}"]["version"] for name in names if f"node_modules/{name}" in packages}
