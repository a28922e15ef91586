"""Peers are installed from locked, hashed lists; one that cannot be is left out with its reason."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from bench.reads import peers

if TYPE_CHECKING:
    from pathlib import Path

LOCK = peers.ROOT / "bench" / "reads" / "postgraphile" / "package-lock.json"
NAIVE = peers.ROOT / "bench" / "reads" / "naive" / "requirements.txt"


def test_without_npm_postgraphile_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(peers.PeerMissing, match="npm is not installed"):
        peers.postgraphile()


def test_everything_of_npm_is_pinned_by_its_hash_and_no_address() -> None:
    packages = json.loads(LOCK.read_text())["packages"]
    installed = {name: each for name, each in packages.items() if name}

    assert [name for name, each in installed.items() if not each["integrity"].startswith("sha512-")] == []
    assert [name for name, each in installed.items() if "resolved" in each] == []
    assert "://" not in LOCK.read_text()


def test_everything_of_pip_is_pinned_by_its_hash() -> None:
    lines = [line for line in NAIVE.read_text().splitlines() if line and not line.startswith((" ", "#"))]

    assert [line for line in lines if "==" not in line] == []
    assert NAIVE.read_text().count("--hash=sha256:") > len(lines)
