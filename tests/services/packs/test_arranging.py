"""[A6, A9] Layouts and views of a pack come with it and follow its next version; what the tenant arranged anew stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from services import packs
from services.packs import BadPack
from tests.builders.layouts import arrange, placed, section
from tests.builders.templates import small_pack
from tests.builders.views import keep, seen

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from services.packs import Installed
    from tests.builders.tenants import Tenant
    from tests.clients import Client

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

_LAYOUT = "[{{sections: [{{labelZh: {label}, fields: [{{field: name_c}}]}}]}}]"
_VIEW = "{{{name}: {{columns: [{{field: {field}}}]}}}}"


async def install(tenant: Tenant, folder: Path, version: int, **more: str) -> Installed:
    pack = small_pack(folder / str(version), "", **more)
    for _ in range(version - 1):
        pack = packs.next_version(pack)
    return await tenant.define(lambda work: packs.install(work, pack), person="admin")


async def test_arrangements_follow_the_pack(
    client_as: Callable[..., Awaitable[Client]], tenant: Tenant, tmp_path: Path
) -> None:
    admin, colleague = await client_as("admin"), await client_as("director")
    for version, label, field in ((1, "甲", "name_c"), (2, "乙", "count_c")):
        done = await install(
            tenant, tmp_path, version, layouts=_LAYOUT.format(label=label), views=_VIEW.format(name="全部", field=field)
        )

        assert done.conflicts == ()
        assert await placed(admin, "head_c") == {label: ["name_c"]}
        assert [each["columns"] for each in await seen(colleague, "全部")] == [[{"field": field}]]


async def test_what_the_tenant_arranged_itself_stays(
    client_as: Callable[..., Awaitable[Client]], tenant: Tenant, tmp_path: Path
) -> None:
    admin = await client_as("admin")
    await install(tenant, tmp_path, 1)
    await arrange(admin, "head_c", section("自己", "count_c"))
    await keep(admin, "全部", object_name="head_c", sharedWith={"everybody": True}, columns=[{"field": "stage_c"}])

    done = await install(
        tenant, tmp_path, 2, layouts=_LAYOUT.format(label="甲"), views=_VIEW.format(name="全部", field="name_c")
    )

    assert sorted((each.where, each.property) for each in done.conflicts) == [
        ("head_c.layouts", "sections"),
        ("head_c.views.全部", "columns"),
    ]
    assert await placed(admin, "head_c") == {"自己": ["count_c"]}
    assert [each["columns"] for each in await seen(admin, "全部")] == [[{"field": "stage_c"}]]


async def test_arrangement_that_does_not_fit_lets_nothing_be_made(tenant: Tenant, tmp_path: Path) -> None:
    views = "{Bad: {columns: [{field: nothing_c}]}, Worse: {sharedWith: {roles: [nobody]}}}"

    with pytest.raises(BadPack) as refused:
        await install(tenant, tmp_path, 1, views=views)

    assert [each.fault.code for each in refused.value.findings] == ["UNKNOWN_NAME", "PACK_TARGET_MISSING"]
    assert [each.name for each in await tenant.read(packs.installed, person="admin")] == ["crm"]
