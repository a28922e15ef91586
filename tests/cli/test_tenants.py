"""The operator makes, lists and looks at tenants."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

import sqlalchemy as sa

from schema.tables.audit import audit_entry
from schema.tables.permissions import user
from services.identity import passwords
from tenants.context import SYSTEM
from tenants.installation import Installation
from tests.builders.deeds import ACCOUNT, entries_of
from tests.builders.tenants import ORIGIN

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from tenants.context import ReadWork
    from tenants.settings import Settings

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
    assert capsys.readouterr().err.splitlines()[-1] == "kezhi: There is no tenant nobody."


def test_unknown_pack_is_one_sentence(kezhi: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    assert kezhi("tenants", "create", "cli-packless", "--admin", "a@x.example", "--pack", "nothing") == 1
    assert (
        capsys.readouterr().err.splitlines()[-1] == "kezhi: There is no pack nothing; `./kezhi packs list` names them."
    )


def test_nothing_is_made_of_a_wrong_input_and_all_of_it_is_named(
    kezhi: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = ("--admin", "no address", "--zone", "Asia/Nowhere", "--language", "fr", "--phone-region", "xx")

    assert kezhi("tenants", "create", "cli_wrong", *wrong) == 1
    said = capsys.readouterr().err.splitlines()[1:]
    assert kezhi("tenants", "create", "cli-moon", "--admin", "a@moon.example", "--region", "the-moon") == 1
    region = capsys.readouterr().err.splitlines()[-1]
    kezhi("tenants", "list")

    assert [re.sub(r": .* \(", " ", line.removeprefix("kezhi: ")).rstrip(")") for line in said] == [
        "slug INVALID_SLUG",
        "zone UNKNOWN_ZONE",
        "phoneRegion UNKNOWN_CHOICE",
        "email NOT_AN_EMAIL",
        "language UNKNOWN_CHOICE",
    ]
    assert region.endswith("(UNKNOWN_REGION)")
    assert not re.search("cli_wrong|cli-moon", capsys.readouterr().out)


def test_disabled_tenant_is_unknown_until_it_is_enabled(
    kezhi: Callable[..., int], capsys: pytest.CaptureFixture[str], installation: Installation
) -> None:
    create = ("tenants", "create", "cli-off", "--admin", "a@off.example")
    kezhi(*create)

    disabled = kezhi("tenants", "disable", "cli-off"), kezhi("tenants", "disable", "cli-off")
    capsys.readouterr()
    kezhi("tenants", "show", "cli-off")
    state = capsys.readouterr().out
    unknown = kezhi("audit", "verify", "cli-off")
    # Made again, it stays as it is.
    kezhi(*create)
    assert "was there already" in capsys.readouterr().out
    enabled = kezhi("tenants", "enable", "cli-off"), kezhi("tenants", "enable", "cli-off")
    said = capsys.readouterr().err.splitlines()[-1]

    assert (disabled, unknown, enabled) == ((0, 1), 1, (0, 1))
    assert re.search(r"state +disabled\n", state)
    assert said == "kezhi: There is no disabled tenant cli-off."
    assert kezhi("audit", "verify", "cli-off") == 0
    assert asyncio.run(entries_of(installation.settings, "cli-off", "tenant.")) == [
        ("tenant.disabled", "system", ACCOUNT),
        ("tenant.enabled", "system", ACCOUNT),
    ]


def test_administrator_gets_a_new_password_and_an_audit_entry(
    kezhi: Callable[..., int], capsys: pytest.CaptureFixture[str], installation: Installation
) -> None:
    kezhi("tenants", "create", "cli-lost", "--admin", "boss@lost.example")
    old = capsys.readouterr().out.split()[-1]

    assert kezhi("tenants", "password", "cli-lost", "--admin", "Boss@lost.example") == 0
    new = re.fullmatch(r"Boss@lost\.example signs in to cli-lost with the password (\S{12})\n", capsys.readouterr().out)
    assert kezhi("tenants", "password", "cli-lost", "--admin", "nobody@lost.example") == 1
    refused = capsys.readouterr().err.splitlines()[-1]

    assert new is not None
    assert new[1] != old
    assert refused == "kezhi: There is no active administrator nobody@lost.example in cli-lost."
    stored, entries = asyncio.run(_credentials(installation.settings, "cli-lost"))
    assert asyncio.run(passwords.verify(new[1], stored))
    assert entries == 1


async def _credentials(settings: Settings, slug: str) -> tuple[str, int]:
    """The stored hash of the only user, and how many passwords were changed."""

    async def look(work: ReadWork) -> tuple[str, int]:
        changed = sa.select(sa.func.count()).where(audit_entry.c.action == "user.password_changed")
        return (await work.session.scalar(sa.select(user.c.password_hash)), await work.session.scalar(changed))

    async with Installation.open(settings) as installation:
        placement = await installation.catalog.placement_by_slug(slug)
        assert placement is not None
        return await installation.transactions.read(placement, SYSTEM, ORIGIN, look)
