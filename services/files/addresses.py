"""The address that an upload goes to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.files.errors import FileAddressUnknown
from tenants.file_tokens import Purpose, claim_of

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from tenants.context import ReadWork


@dataclass(frozen=True, slots=True)
class Address:
    """Where the bytes of a file go, and until when."""

    file_id: UUID
    path: str
    expires_at: datetime


def address(work: ReadWork, file_id: UUID) -> Address:
    """For the caller alone; somebody without a session of his own is given none."""
    claim = claim_of(work.placement.tenant_id, work.principal, work.now)
    if claim is None or work.file_keys is None:
        raise FileAddressUnknown
    return Address(file_id, f"/files/{work.file_keys.token(claim, Purpose.WRITE, file_id)}", claim.expires_at)
