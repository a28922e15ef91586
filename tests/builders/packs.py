"""Packs for tests: the next version of the CRM pack, as its authors would hand it over."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import yaml

from services.packs import files

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from services.packs import Pack

Document = dict[str, Any]  # Any: a YAML document


def next_crm(folder: Path, changed: Callable[[Document], None], *, file: str = "objects/customer.yaml") -> Pack:
    """Version 2 of the CRM pack, with one file changed."""
    shutil.copytree(files.FOLDER / "crm", folder / "crm")
    edit(folder / "crm" / "pack.yaml", lambda head: head.update(version=2))
    edit(folder / "crm" / file, changed)
    return files.load("crm", folder)


def edit(path: Path, changed: Callable[[Document], None]) -> None:
    document: Document = yaml.safe_load(path.read_text(encoding="utf-8"))
    changed(document)
    path.write_text(yaml.safe_dump(document, allow_unicode=True, sort_keys=False), encoding="utf-8")
