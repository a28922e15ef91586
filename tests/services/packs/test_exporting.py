"""[A11] Objects leave a tenant as files, and the files make the same objects elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from services import packs
from tests.builders.templates import define_everything, export, install, put

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from tests.builders.tenants import Tenant
    from tests.clients import Client

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


async def test_exported_objects_come_back_equal_out_of_another_tenant(
    client_as: Callable[..., Awaitable[Client]], tenant: Tenant, other_tenant: Tenant, tmp_path: Path
) -> None:
    await define_everything(tenant, await client_as("admin"))

    exported = await export(tenant, "machine_c")
    files = packs.files_of(exported.pack)
    done = await install(other_tenant, put(tmp_path, files))
    again = packs.files_of((await export(other_tenant, "machine_c")).pack)

    assert done == packs.Installed("machines", 1, ())
    assert exported.leans_on == ("contact", "customer")
    assert dict(again) == dict(files)
