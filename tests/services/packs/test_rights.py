"""[A9] Roles come with a pack once; a role that the tenant made itself is given nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from schema.metadata.fields import Label
from schema.tables.permissions import object_permission, role
from services import packs
from services.packs import PackConflict
from tests.builders.templates import put, small_pack

if TYPE_CHECKING:
    from pathlib import Path

    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

_ROLES = "keeper:\n  label: {en: Keeper}\n  objects: {head_c: {create: true, read: own}}\n"


async def test_role_of_the_tenant_is_given_nothing(tenant: Tenant, tmp_path: Path) -> None:
    small_pack(tmp_path, "")
    pack = packs.load_folder(put(tmp_path, {"roles.yaml": _ROLES}))
    mine = {"id": pack.roles[0].id, "name": "keeper", "label_zh": "", "label_en": "Mine", "is_admin": False}
    other = {**mine, "id": "01890000-0000-7000-8000-000000000001"}
    await tenant.define(lambda work: work.session.execute(sa.insert(role).values(other)), person="admin")

    done = await tenant.define(lambda work: packs.install(work, pack), person="admin")

    held = sa.select(sa.func.count()).where(object_permission.c.object_name == "head_c")
    assert done.conflicts == (PackConflict("roles.keeper", "pack", "", "small"),)
    assert await tenant.read(lambda work: work.session.scalar(held)) == 0


async def test_role_of_the_pack_may_do_what_it_says(tenant: Tenant, tmp_path: Path) -> None:
    small_pack(tmp_path, "")
    pack = packs.load_folder(put(tmp_path, {"roles.yaml": _ROLES}))

    await tenant.define(lambda work: packs.install(work, pack), person="admin")

    granted = sa.select(object_permission.c.read_scope).join(role).where(role.c.name == "keeper")
    row = await tenant.read(lambda work: work.session.row(granted))
    assert row is not None
    assert (row["read_scope"], pack.roles[0].label) == ("own", Label(en="Keeper"))
