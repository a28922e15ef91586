"""[A11] What objects lean on is named when they leave, and where it is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from schema.metadata.fields import Label
from services import packs
from tests.builders.derived import add, define, field
from tests.builders.metadata import add_field
from tests.builders.templates import export, install, put

if TYPE_CHECKING:
    from pathlib import Path

    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


async def test_export_says_what_roll_ups_and_lookups_lean_on(
    tenant: Tenant, other_tenant: Tenant, tmp_path: Path
) -> None:
    bench = await define(tenant, "bench", field("code", "text"))
    await define(
        tenant, "check", field("bench", "relation", target=bench, inverse_name="checks"), field("cost", "decimal")
    )
    await add(tenant, bench, "checked", "rollUp", relation="checks_c", function="sum", field="cost_c")
    await add_field(tenant, "customer", label=Label(en="g"), name="grade", type="text")
    await add_field(
        tenant, bench, label=Label(en="c"), name="customer", type="relation", target="customer", inverse_name="benches"
    )
    await add(tenant, bench, "grade", "lookup", relation="customer_c", field="grade_c")

    exported = await export(tenant, bench)

    assert exported.leans_on == ("check_c", "check_c.bench_c", "check_c.cost_c", "customer", "customer.grade_c")
    with pytest.raises(packs.BadPack) as told:
        await install(other_tenant, put(tmp_path, packs.files_of(exported.pack)))
    assert "BAD_OPTION: The option relation cannot have this value: “checks_c” is no many side of bench_c" in str(
        told.value
    )
    assert "“grade_c” is not a plain field behind the relation" in str(told.value)
