"""`./kezhi packs list`: which solution packs this version brings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from cli import tables
from services import packs

if TYPE_CHECKING:
    import argparse

FOLDER = Path(__file__).resolve().parent.parent / "packs"


class _Options(Protocol):
    verb: str


def define(parser: argparse.ArgumentParser) -> None:
    """The arguments of `packs`."""
    verbs = parser.add_subparsers(title="verbs", metavar="VERB", dest="verb", required=True)
    verbs.add_parser("list", help="all packs", description="List the packs of this version.")


def run(_: _Options) -> int:
    """One verb."""
    found = [packs.load(path.parent.name) for path in sorted(FOLDER.glob("*/pack.yaml"))]
    rows = [(pack.name, pack.version, len(pack.objects), len(pack.roles)) for pack in found]
    print(tables.aligned(("pack", "version", "objects", "roles"), rows))
    return 0
