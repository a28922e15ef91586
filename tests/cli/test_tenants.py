"""The operator makes, lists and looks at tenants."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

CREATE = ("tenants", "create", "cli-acme", "--name", "安科精密", "--admin", "Boss@acme.example")


def test_tenant_is_made_once_with_an_admin(kezhi: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    first = kezhi(*CREATE)
    made = capsys.readouterr().out
    second = kezhi(*CREATE)
    again = capsys.readouterr().out

    assert (first, second) == (0, 0)
    assert re.fullmatch(r"Tenant cli-acme is there\. Boss@acme\.example signs in with the password \S{12}\n", made)
    assert again == "Tenant cli-acme was there already; nothing was changed.\n"


def test_tenants_are_listed_and_shown(kezhi: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    kezhi("tenants", "create", "cli-shown", "--name", "显示公司", "--admin", "a@shown.example")
    capsys.readouterr()

    kezhi("tenants", "list")
    (listed,) = [line.split() for line in capsys.readouterr().out.splitlines() if line.startswith("cli-shown")]
    kezhi("tenants", "show", "cli-shown")
    shown = dict(re.split(r"  +", line) for line in capsys.readouterr().out.splitlines())

    assert listed[:4] == ["cli-shown", "显示公司", "active", "kezhi_cell_1"]
    assert (shown["tenant"], shown["name"], shown["users"], shown["state"]) == ("cli-shown", "显示公司", "1", "active")


def test_unknown_tenant_is_one_sentence(kezhi: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    assert kezhi("tenants", "show", "nobody") == 1
    assert capsys.readouterr().err == "kezhi: There is no active tenant nobody.\n"


def test_unknown_pack_is_one_sentence(kezhi: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    assert kezhi("tenants", "create", "cli-packless", "--admin", "a@x.example", "--pack", "nothing") == 1
    assert capsys.readouterr().err == "kezhi: There is no pack nothing; `./kezhi packs list` names them.\n"
