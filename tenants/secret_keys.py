"""Keys of encrypted fields: each tenant has its own, sealed in the catalog, the newest of which seals and all of which open.

A sealed value is bound to its place, so that whoever can write a table cannot move it to another record. The catalog and
the tenant's database must both be lost before a value is told; a key that is dropped takes what it sealed with it.
"""

from __future__ import annotations

import base64
import binascii
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tenants.clock import monotonic
from tenants.errors import Unavailable
from tenants.remembered import Remembered

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from tenants.catalog import Catalog
    from tenants.context import ReadWork, TenantId
    from tenants.keys import MasterKey

# How long a process may go on sealing with the key before the newest.
KEPT_SECONDS = 60.0
_KEYS_KEPT = 2_000
_KEY_BYTES, _NONCE_BYTES = 32, 12


class SecretUnreadable(Unavailable):
    """An encrypted value cannot be read: its key is gone, or it was moved or changed outside of the platform."""

    code = "SECRET_UNREADABLE"
    zh = "加密字段的值无法解密:密钥已不存在,或值被系统之外改动。"


@dataclass(frozen=True, slots=True)
class SecretKey:
    """A key as the catalog keeps it."""

    kid: str
    sealed: bytes


class KeyRing:
    """The live keys of one tenant, the newest first."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        self._ciphers = {kid: AESGCM(key) for kid, key in keys.items()}
        self.newest = next(iter(keys), "")

    @property
    def kids(self) -> tuple[str, ...]:
        """Their names, the newest first."""
        return tuple(self._ciphers)

    def seal(self, text: str, place: str) -> str:
        """The name of the key, nonce and cipher text, as one line."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = self._ciphers[self.newest].encrypt(nonce, text.encode(), place.encode())
        return f"{self.newest}.{base64.b64encode(nonce + sealed).decode()}"

    def open(self, sealed: str, place: str) -> str:
        """What was sealed for this place."""
        cipher = self._ciphers.get(kid_of(sealed))
        if cipher is None:
            raise SecretUnreadable
        try:
            whole = base64.b64decode(sealed.partition(".")[2], validate=True)
            return cipher.decrypt(whole[:_NONCE_BYTES], whole[_NONCE_BYTES:], place.encode()).decode()
        except (InvalidTag, ValueError, binascii.Error):
            raise SecretUnreadable from None


class SecretKeys:
    """The key rings of tenants."""

    def __init__(self, catalog: Catalog, master: MasterKey) -> None:
        self._catalog = catalog
        self._master = master
        self._rings: Remembered[TenantId, KeyRing] = Remembered(
            capacity=_KEYS_KEPT, seconds=KEPT_SECONDS, monotonic=monotonic
        )

    async def sealing(self, tenant: TenantId) -> KeyRing:
        """A ring that has a key to seal with; the first is made when it is first needed."""
        ring = await self.opening(tenant)
        if not ring.newest:
            await self.rotate(tenant)
            ring = await self.opening(tenant)
        return ring

    async def opening(self, tenant: TenantId, kids: Collection[str] = ()) -> KeyRing:
        """The ring with the keys of these names, as far as they are there still."""
        ring = self._rings.get(tenant)
        if ring is None or not ring.newest or not set(kids) <= set(ring.kids):
            keys = await self._catalog.secret_keys(tenant)
            ring = self._rings.put(
                tenant, KeyRing({each.kid: self._master.unseal(each.sealed, _purpose(each.kid)) for each in keys})
            )
        return ring

    async def rotate(self, tenant: TenantId) -> str:
        """Seal with a new key from now on; answers its name."""
        kid = secrets.token_hex(6)
        sealed = self._master.seal(secrets.token_bytes(_KEY_BYTES), _purpose(kid))
        await self._catalog.add_secret_key(tenant, SecretKey(kid, sealed))
        self._rings.forget(tenant)
        return kid

    async def outgrown(self, tenant: TenantId) -> KeyRing | None:
        """The ring, if older keys may be done away with: no process seals with them any more."""
        ring = await self.opening(tenant)
        if len(ring.kids) > 1 and await self._catalog.is_settled(ring.newest, seconds=2 * KEPT_SECONDS):
            return ring
        return None

    async def drop_older(self, tenant: TenantId, ring: KeyRing) -> None:
        """Drop the keys before the newest of this ring; what they sealed must have been sealed anew."""
        await self._catalog.drop_secret_keys(tenant, but=ring.newest)
        self._rings.forget(tenant)


def keys_of(work: ReadWork) -> SecretKeys:
    """What seals and opens for the installation that a transaction is of."""
    if work.secrets is None:
        raise SecretUnreadable
    return work.secrets


def kid_of(sealed: str) -> str:
    """The name of the key that a value was sealed with."""
    return sealed.partition(".")[0]


def _purpose(kid: str) -> str:
    return f"secret:{kid}"
