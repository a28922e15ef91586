"""[A9] Whatever the light pack has is in the CRM pack, of the same kind, so that it can grow to it."""

from __future__ import annotations

import pytest

from services import packs
from services.packs import rows
from services.packs.aligning import align
from services.packs.reading import Findings
from services.packs.rows import DEFINED

LIGHT, CRM = packs.load("light"), packs.load("crm")


def test_light_pack_holds_customers_and_follow_ups_only() -> None:
    assert [each.name for each in LIGHT.objects] == ["customer", "activity"]
    assert LIGHT.name in CRM.grows_from


def test_every_field_is_one_of_the_crm_and_of_its_kind() -> None:
    found = Findings()

    aligned = align(CRM, DEFINED, rows.of_objects(LIGHT), rows.of_objects(CRM), found)

    found.settle()
    small = {str(row["id"]) for part in rows.of_objects(LIGHT).values() for row in part}
    assert small <= aligned.mine


@pytest.mark.parametrize("role", [each.name for each in LIGHT.roles])
def test_every_role_is_one_of_the_crm(role: str) -> None:
    assert role in {each.name for each in CRM.roles}
