"""[G3] The operator checks a tenant's audit chain."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest


def test_chain_of_a_new_tenant_holds(kezhi: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    kezhi("tenants", "create", "cli-audited", "--admin", "a@audited.example")
    capsys.readouterr()

    assert kezhi("audit", "verify", "cli-audited") == 0
    assert capsys.readouterr().out == "The chain holds: 0 entries, 0 signed heads, 2 not yet linked.\n"


def test_unknown_tenant_is_one_sentence(kezhi: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    assert kezhi("audit", "verify", "nobody") == 1
    assert capsys.readouterr().err.splitlines()[-1] == "kezhi: There is no active tenant nobody."
