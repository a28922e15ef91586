"""[G3] The operator changes the key that signs a tenant's tokens."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

import sqlalchemy as sa

from tenants.catalog_tables import token_key
from tenants.installation import Installation
from tests.builders.deeds import ACCOUNT, entries_of

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from tenants.settings import Settings


def test_rotated_key_signs_and_the_one_before_still_verifies(
    kezhi: Callable[..., int], capsys: pytest.CaptureFixture[str], settings: Settings
) -> None:
    kezhi("tenants", "create", "cli-rotated", "--admin", "a@rotated.example")
    before = asyncio.run(live_keys(settings, "cli-rotated"))
    capsys.readouterr()

    assert kezhi("keys", "rotate", "cli-rotated") == 0

    told = re.fullmatch(
        r"Tokens of cli-rotated are signed with the key (\S{12}); every process does so within a minute\.\n",
        capsys.readouterr().out,
    )
    assert told is not None
    assert asyncio.run(live_keys(settings, "cli-rotated")) == [told[1], *before]
    assert asyncio.run(entries_of(settings, "cli-rotated", "key.")) == [("key.rotated", "system", ACCOUNT)]


async def live_keys(settings: Settings, slug: str) -> list[str]:
    """The newest first, which signs."""
    async with Installation.open(settings) as installation:
        placement = await installation.catalog.placement_by_slug(slug)
        assert placement is not None
        signing = (await installation.catalog.signing_key(placement.tenant_id)).kid
        query = sa.select(token_key.c.kid).where(token_key.c.tenant_id == placement.tenant_id)
        rows = await installation.catalog.rows(query)
        return [signing, *(row["kid"] for row in rows if row["kid"] != signing)]


def test_unknown_tenant_is_one_sentence(kezhi: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    assert kezhi("keys", "rotate", "nobody") == 1
    assert capsys.readouterr().err.splitlines()[-1] == "kezhi: There is no active tenant nobody."


def test_rotated_key_seals_encrypted_fields(
    kezhi: Callable[..., int], capsys: pytest.CaptureFixture[str], settings: Settings
) -> None:
    kezhi("tenants", "create", "cli-sealed", "--admin", "a@sealed.example")
    capsys.readouterr()

    assert kezhi("keys", "rotate-secrets", "cli-sealed") == 0

    told = re.fullmatch(
        r"Encrypted fields of cli-sealed are sealed with the key (\S{12}); older values follow at night\.\n",
        capsys.readouterr().out,
    )
    assert told is not None
    assert asyncio.run(entries_of(settings, "cli-sealed", "secretKey.")) == [("secretKey.rotated", "system", ACCOUNT)]
    assert kezhi("keys", "rotate-secrets", "nobody") == 1
