"""[A11] Objects leave a tenant as files, and the files make the same objects elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from services import packs
from services.pilots import release_pilot
from tests.builders import pilots
from tests.builders.derived import define, field
from tests.builders.records import refused
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
    made = await _fill(await client_as("admin", of=other_tenant))
    assert made == {
        "autoNumber_c": "SB-0001",
        "cost_c": {"amount": "30"},
        "late_c": "1",
        "aSum_c": "8",
        "doubled_c": "16",
    }


async def test_nothing_leaves_under_the_name_of_a_standard_pack(tenant: Tenant) -> None:
    with pytest.raises(packs.BadPack, match=r"pack\.yaml name: PACK_NAME_RESERVED"):
        await export(tenant, "customer", name="crm")


async def test_what_a_pilot_covers_goes_to_no_other_tenant(tenant: Tenant) -> None:
    name = await define(tenant, "lathe", field("code", "text"), field("speed", "integer"))
    started = await pilots.start(tenant, f"{name}.speed_c")

    assert await refused(export(tenant, name)) == [((name, "speed_c"), "ALREADY_PILOTED")]
    await tenant.define(lambda work: release_pilot(work, started.id), person="admin")
    (thing,) = (await export(tenant, name)).pack.objects
    assert [each.name for each in thing.fields][-2:] == ["code_c", "speed_c"]


async def _fill(client: Client) -> dict[str, Any]:  # Any: JSON
    """A machine with two repairs in the tenant that the form came to; what is required and what is not so is told first."""
    document = """mutation ($record: MachineCreate_c!) { createMachine_c(input: {record: $record}) {
      machine_c { autoNumber_c cost_c { amount } late_c aSum_c doubled_c } errors { path code } } }"""
    refused = await client.data(document, record={"integer_c": "200", "choice_c": "a"})
    assert sorted(each["code"] for each in refused["createMachine_c"]["errors"]) == ["REQUIRED", "RULE_BROKEN"]
    repairs = [{"cost_c": {"amount": "10"}}, {"cost_c": {"amount": "20"}, "note_c": "late"}]
    record = {"integer_c": "3", "choice_c": "b", "region_c": "east", "repairs_c": repairs}
    done = (await client.data(document, record=record))["createMachine_c"]
    assert done["errors"] == []
    made: dict[str, Any] = done["machine_c"]
    return made
