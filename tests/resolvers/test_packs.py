"""[A9] Packs over GraphQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from services import packs
from tests.builders.packs import next_crm

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from tests.builders.tenants import Tenant
    from tests.clients import Client

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

INSTALLED = "{ installedPacks { name version conflicts { where property tenant pack } } }"
UPGRADE = 'mutation { upgradePack(input: {name: "crm"}) { pack { name version conflicts { where } } errors { code } } }'


async def test_present_version_is_upgraded_to_itself(client_as: Callable[..., Awaitable[Client]]) -> None:
    admin = await client_as("admin")

    done = await admin.data(UPGRADE)

    assert done["upgradePack"] == {"pack": {"name": "crm", "version": 1, "conflicts": []}, "errors": []}


async def test_new_field_of_an_upgrade_is_in_the_next_answer(
    client_as: Callable[..., Awaitable[Client]], tenant: Tenant, tmp_path: Path
) -> None:
    admin = await client_as("admin")
    vip = {"label": {"zh": "贵宾", "en": "VIP"}, "type": "boolean"}
    next_crm(tmp_path, lambda document: document["fields"].update(vip=vip))
    await admin.data(
        'mutation { updateField(input: {object: "customer", field: "level", label: {zh: "等级"}}) { id } }'
    )

    await tenant.define(lambda work: packs.upgrade(work, "crm", folder=tmp_path), person="admin")
    read = await admin.data("{ customers { nodes { vip } } installedPacks { version conflicts { where } } }")

    assert read == {"customers": {"nodes": []}, "installedPacks": [{"version": 2, "conflicts": []}]}


async def test_conflict_shows_both_values(
    client_as: Callable[..., Awaitable[Client]], tenant: Tenant, tmp_path: Path
) -> None:
    admin = await client_as("admin")
    await admin.data(
        'mutation { updateField(input: {object: "customer", field: "level", label: {zh: "等级"}}) { id } }'
    )
    next_crm(tmp_path, lambda document: document["fields"]["level"]["label"].update(zh="客户等级"))

    await tenant.define(lambda work: packs.upgrade(work, "crm", folder=tmp_path), person="admin")
    read = await admin.data(INSTALLED)

    conflict = {"where": "customer.level", "property": "label_zh", "tenant": '"等级"', "pack": '"客户等级"'}
    assert read["installedPacks"] == [{"name": "crm", "version": 2, "conflicts": [conflict]}]


@pytest.mark.parametrize("document", [INSTALLED, UPGRADE])
async def test_packs_are_for_administrators(client_as: Callable[..., Awaitable[Client]], document: str) -> None:
    sales = await client_as("sales")

    assert [each["extensions"]["code"] for each in await sales.errors(document)] == ["FORBIDDEN"]


async def test_pack_that_is_not_there_is_told(client_as: Callable[..., Awaitable[Client]]) -> None:
    admin = await client_as("admin")

    errors = await admin.errors('mutation { upgradePack(input: {name: "srm"}) { errors { code } } }')

    assert [each["extensions"]["code"] for each in errors] == ["PACK_NOT_INSTALLED"]
