"""The packs of this version are listed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.__main__ import main

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest


def test_crm_pack_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["packs", "list"]) == 0
    assert capsys.readouterr().out.splitlines()[:2] == ["pack  version  objects  roles", "crm   1        18       6"]


def test_installing_a_version_that_is_there_changes_nothing(
    kezhi: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    kezhi("tenants", "create", "cli-packed", "--admin", "a@packed.example")
    capsys.readouterr()

    assert kezhi("packs", "install", "crm", "cli-packed") == 0
    assert capsys.readouterr().out == "cli-packed has crm version 1.\n"


def test_unknown_pack_and_tenant_are_one_sentence(
    kezhi: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert (kezhi("packs", "install", "nothing", "x"), kezhi("packs", "install", "crm", "nobody")) == (1, 1)
    assert [line for line in capsys.readouterr().err.splitlines() if "using the server" not in line] == [
        "kezhi: There is no pack nothing; `./kezhi packs list` names them.",
        "kezhi: There is no active tenant nobody.",
    ]
