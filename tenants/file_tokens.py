"""Addresses of files: each names one file, for one principal of one tenant, for ten minutes at most.

What is signed with is derived in two steps, by tenant and then by claim, so that a statement can sign the addresses of
the files that it answers and holds no more than what is good for this caller and these minutes.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING
from uuid import UUID

from tenants.context import PrincipalKind, TenantId

if TYPE_CHECKING:
    from tenants.context import Principal
    from tenants.keys import MasterKey

LIFE = timedelta(minutes=10)
_BLOCK = 64
_INNER, _OUTER = 0x36, 0x5C
_CLAIM = struct.Struct(">B16s16s16sI")
_KINDS = {PrincipalKind.USER: 1, PrincipalKind.CLIENT: 2}
# A program with a token of the API, for a user.
_PROGRAM = 3
_TOKEN = re.compile(r"([A-Za-z0-9_-]{71,72})\.([rtw])([0-9a-f]{32})\.([0-9a-f]{64})\Z")


class Purpose(StrEnum):
    """What an address is good for."""

    READ = "r"
    THUMBNAIL = "t"
    WRITE = "w"


@dataclass(frozen=True, slots=True)
class Claim:
    """For whom an address is good, and until when."""

    tenant_id: TenantId
    kind: PrincipalKind
    principal_id: UUID
    session_id: UUID
    # Of a token of the API, whose scopes are to be looked up.
    is_token: bool
    expires_at: datetime

    def text(self) -> str:
        """It as the first part of a token."""
        kind = _PROGRAM if self.is_token and self.kind is PrincipalKind.USER else _KINDS[self.kind]
        packed = _CLAIM.pack(
            kind, self.tenant_id.bytes, self.principal_id.bytes, self.session_id.bytes, int(self.expires_at.timestamp())
        )
        return base64.urlsafe_b64encode(packed).rstrip(b"=").decode()


@dataclass(frozen=True, slots=True)
class FileToken:
    """An address that was read; whether it is genuine is for `FileKeys.is_genuine`."""

    claim: Claim
    purpose: Purpose
    file_id: UUID
    claim_text: str
    signature: str


@dataclass(frozen=True, slots=True)
class Signer:
    """What signs the addresses of one claim; the two blocks are what HMAC-SHA256 begins its two hashes with."""

    claim_text: str
    inner: bytes
    outer: bytes


def claim_of(tenant_id: TenantId, principal: Principal, now: datetime) -> Claim | None:
    """The claim of a caller; nothing for one who has no session of his own."""
    if not principal.has_session or principal.session_id is None:
        return None
    expires = now + LIFE
    return Claim(tenant_id, principal.kind, principal.id, principal.session_id, principal.is_token, expires)


def parse(token: str) -> FileToken | None:
    """What an address says, if it is written like one."""
    found = _TOKEN.match(token)
    if found is None:
        return None
    try:
        packed = base64.urlsafe_b64decode(found[1] + "=" * (-len(found[1]) % 4))
        kind, tenant, principal, session, expires = _CLAIM.unpack(packed)
    except (ValueError, binascii.Error, struct.error):
        return None
    kinds = {number: name for name, number in _KINDS.items()} | {_PROGRAM: PrincipalKind.USER}
    if kind not in kinds:
        return None
    claim = Claim(
        TenantId(UUID(bytes=tenant)),
        kinds[kind],
        UUID(bytes=principal),
        UUID(bytes=session),
        is_token=kind in {_PROGRAM, _KINDS[PrincipalKind.CLIENT]},
        expires_at=datetime.fromtimestamp(expires, UTC),
    )
    return FileToken(claim, Purpose(found[2]), UUID(found[3]), found[1], found[4])


class FileKeys:
    """Signs and checks addresses of files; every tenant has a key of its own, which is stored nowhere."""

    def __init__(self, master: MasterKey) -> None:
        self._of_tenant = lru_cache(maxsize=4096)(lambda tenant: bytes.fromhex(master.derive(f"files:{tenant}")))

    def signer(self, claim: Claim) -> Signer:
        """What signs for this caller and these minutes alone."""
        text = claim.text()
        key = hmac.digest(self._of_tenant(claim.tenant_id), text.encode(), "sha256").ljust(_BLOCK, b"\0")
        return Signer(text, bytes(each ^ _INNER for each in key), bytes(each ^ _OUTER for each in key))

    def token(self, claim: Claim, purpose: Purpose, file_id: UUID) -> str:
        """An address, as a statement writes it too."""
        text, subject = claim.text(), f"{purpose}{file_id.hex}"
        return f"{text}.{subject}.{self._signature(claim.tenant_id, text, subject)}"

    def is_genuine(self, token: FileToken) -> bool:
        """Whether it was signed by us."""
        signed = self._signature(token.claim.tenant_id, token.claim_text, f"{token.purpose}{token.file_id.hex}")
        return hmac.compare_digest(signed, token.signature)

    def _signature(self, tenant: TenantId, text: str, subject: str) -> str:
        key = hmac.digest(self._of_tenant(tenant), text.encode(), "sha256")
        return hmac.digest(key, subject.encode(), "sha256").hex()
