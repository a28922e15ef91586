"""[A11] The palette is for those who may define."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from schema.metadata.palette import palette
from services import metadata
from tenants.errors import Forbidden

if TYPE_CHECKING:
    from tests.builders.tenants import Tenant


async def test_those_who_may_define_get_it_and_nobody_else(shared_tenant: Tenant) -> None:
    assert await shared_tenant.read(metadata.tools, person="admin") == palette()
    with pytest.raises(Forbidden):
        await shared_tenant.read(metadata.tools, person="sales")
