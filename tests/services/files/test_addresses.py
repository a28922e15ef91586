"""Addresses for uploads."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from services import files
from services.files import Address, FileAddressUnknown
from tenants import file_tokens
from tenants.file_tokens import Purpose

if TYPE_CHECKING:
    from datetime import datetime

    from tenants.context import ReadWork
    from tests.builders.tenants import Tenant

FILE = UUID(int=9)


async def test_address_is_for_the_caller_and_ten_minutes(shared_tenant: Tenant) -> None:
    async def asked(work: ReadWork) -> tuple[Address, datetime]:
        return files.address(work, FILE), work.now

    found, now = await shared_tenant.read(asked, person="sales")

    read = file_tokens.parse(found.path.removeprefix("/files/"))
    assert read is not None
    assert shared_tenant.installation.file_keys.is_genuine(read)
    assert (read.purpose, read.file_id) == (Purpose.WRITE, FILE)
    assert read.claim.principal_id == shared_tenant.user_id("sales")
    assert found.expires_at == now + timedelta(minutes=10)


async def test_system_is_given_none(shared_tenant: Tenant) -> None:
    async def asked(work: ReadWork) -> Address:
        return files.address(work, FILE)

    with pytest.raises(FileAddressUnknown):
        await shared_tenant.read(asked)
