"""Migrating twice changes nothing the second time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest


def test_migration_says_what_it_did(kezhi: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    assert kezhi("migrate") == 0
    assert re.fullmatch(r"0 tenants migrated, \d+ were at the present version\.\n", capsys.readouterr().out)
