"""Secrets differ, say what they are, and are kept as hashes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.oauth import secrets
from tenants.errors import Refused


def test_secrets_are_long_and_never_the_same() -> None:
    made = {secrets.make(secrets.CLIENT_SECRET) for _ in range(100)}

    assert (len(made), {each[:4] for each in made}, {len(each) for each in made}) == (100, {"kzs_"}, {47})
    assert len({secrets.digest(each) for each in made}) == 100


@pytest.mark.parametrize("days", [0, -1, 11])
def test_lifetime_has_bounds(days: int) -> None:
    with pytest.raises(Refused) as refused:
        secrets.lifetime(days, "days", most=10)

    assert [(each.path, each.fault.code) for each in refused.value.violations] == [(("days",), "LIFETIME_OUT_OF_RANGE")]
    assert secrets.lifetime(10, "days", most=10) == timedelta(days=10)
