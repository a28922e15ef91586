"""[A9] What a pack proposed is kept in the spelling that is stored, so that it is not taken for a change of the tenant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from schema.metadata.fields import Label
from services import metadata, packs
from services.metadata import FieldChange
from services.packs import BadPack
from tests.builders.derived import add
from tests.builders.metadata import registry_of
from tests.builders.templates import small_pack

if TYPE_CHECKING:
    from pathlib import Path

    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

_SUM = "  sum_c: {{label: {{en: Sum}}, type: formula, expression: '{text}'}}\n"


async def test_expression_that_nobody_changed_follows_the_pack(tenant: Tenant, tmp_path: Path) -> None:
    first = small_pack(tmp_path / "a", _SUM.format(text="count_c+1"))
    second = packs.next_version(small_pack(tmp_path / "b", _SUM.format(text="count_c+2")))

    await tenant.define(lambda work: packs.install(work, first), person="admin")
    await tenant.define(
        lambda work: metadata.update_field(work, "head_c", "sum_c", FieldChange(label=Label(en="Total"))),
        person="admin",
    )
    done = await tenant.define(lambda work: packs.install(work, second), person="admin")

    field = (await registry_of(tenant)).shape.field("head_c", "sum_c")
    assert field is not None
    assert (field.option("expression"), done.conflicts) == ("count_c + 2", ())


async def test_expression_that_the_tenant_changed_stays(tenant: Tenant, tmp_path: Path) -> None:
    first = small_pack(tmp_path / "a", _SUM.format(text="count_c+1"))
    second = packs.next_version(small_pack(tmp_path / "b", _SUM.format(text="count_c + 2")))

    await tenant.define(lambda work: packs.install(work, first), person="admin")
    mine = FieldChange(options={"expression": "count_c * 3"})
    await tenant.define(lambda work: metadata.update_field(work, "head_c", "sum_c", mine), person="admin")
    done = await tenant.define(lambda work: packs.install(work, second), person="admin")

    field = (await registry_of(tenant)).shape.field("head_c", "sum_c")
    assert field is not None
    assert field.option("expression") == "count_c * 3"
    assert [(each.where, each.property, each.pack) for each in done.conflicts] == [
        ("head_c.sum_c", "options.expression", "count_c + 2")
    ]


async def test_circle_over_a_field_of_the_tenant_is_refused(tenant: Tenant, tmp_path: Path) -> None:
    first = small_pack(tmp_path / "a", _SUM.format(text="count_c + 1"))
    await tenant.define(lambda work: packs.install(work, first), person="admin")
    await add(tenant, "head_c", "mine", "formula", expression="sum_c + 1")
    second = packs.next_version(small_pack(tmp_path / "b", _SUM.format(text="mine_c + 1")))

    with pytest.raises(BadPack, match=r"head_c\.yaml:9 fields\.sum_c.*FORMULA_CIRCULAR"):
        await tenant.define(lambda work: packs.install(work, second), person="admin")
