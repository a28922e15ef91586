"""Keys: the master key seals what the catalog keeps secret; token keys sign for one tenant, the audit key for all.

Private parts leave the catalog only sealed (AES-256-GCM, bound to their purpose). A verified token is remembered by its
hash until it expires, so that checking it again costs no signature.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, TypeAlias
from uuid import UUID

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from tenants.clock import monotonic
from tenants.context import TenantId
from tenants.errors import Forbidden, Unauthenticated
from tenants.remembered import Remembered

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tenants.catalog import Catalog
    from tenants.clock import Clock
    from tenants.placement import Placement

Claim: TypeAlias = str | int | bool | None
Claims: TypeAlias = "Mapping[str, Claim]"

_ALGORITHM: Literal["Ed25519"] = "Ed25519"
_NONCE_BYTES = 12
_KEYS_KEPT = 2_000
# Another process may have rotated a key; the one before is good for far longer than this.
_KEY_SECONDS = 60.0
_VERIFIED_SECONDS = 600.0


class InvalidToken(Unauthenticated):
    """The access token is not valid here."""

    code = "INVALID_TOKEN"
    zh = "访问令牌无效。"


class ExpiredToken(Unauthenticated):
    """The access token has expired."""

    code = "EXPIRED_TOKEN"
    zh = "访问令牌已过期。"


class WrongTenant(Forbidden):
    """The access token belongs to another tenant."""

    code = "WRONG_TENANT"
    zh = "访问令牌属于其他租户。"


class MasterKeyMismatch(Exception):
    """KEZHI_MASTER_KEY is not the key that sealed this installation."""


class MasterKey:
    """Seals and opens; the purpose is part of the seal, so that one secret cannot stand in for another."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._cipher = AESGCM(key)

    def seal(self, secret: bytes, purpose: str) -> bytes:
        """Nonce and cipher text."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, secret, purpose.encode())

    def unseal(self, sealed: bytes, purpose: str) -> bytes:
        """What was sealed for this purpose."""
        try:
            return self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], purpose.encode())
        except InvalidTag:
            raise MasterKeyMismatch from None

    def derive(self, purpose: str) -> str:
        """A secret that needs no storage: the password of the login that opens the catalog."""
        return hmac.digest(self._key, purpose.encode(), "sha256").hex()


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A new Ed25519 key: its public bytes, and its private ones sealed."""

    kid: str
    public: bytes
    sealed_private: bytes


def new_key_pair(master: MasterKey, purpose: str) -> KeyPair:
    """Make a key for a purpose (`token` or `audit`)."""
    kid = secrets.token_urlsafe(9)
    key = OKPKey.generate_key(_ALGORITHM)
    private = key.as_pem(private=True)
    return KeyPair(kid, key.as_pem(private=False), master.seal(private, _sealed_for(purpose, kid)))


class TokenKeys:
    """Signs and verifies the access tokens of tenants."""

    def __init__(self, catalog: Catalog, master: MasterKey, clock: Clock, *, remembered: int = 20_000) -> None:
        self._catalog = catalog
        self._master = master
        self._clock = clock
        self._signing: Remembered[TenantId, OKPKey] = Remembered(
            capacity=_KEYS_KEPT, seconds=_KEY_SECONDS, monotonic=monotonic
        )
        self._public: Remembered[tuple[TenantId, str], OKPKey] = Remembered(
            capacity=_KEYS_KEPT, seconds=_KEY_SECONDS, monotonic=monotonic
        )
        self._verified: Remembered[bytes, tuple[TenantId, int, Claims]] = Remembered(
            capacity=remembered, seconds=_VERIFIED_SECONDS, monotonic=monotonic
        )
        self._refused: Remembered[tuple[TenantId, bytes], TenantId] = Remembered(
            capacity=remembered, seconds=_VERIFIED_SECONDS, monotonic=monotonic
        )

    async def sign(self, placement: Placement, claims: Mapping[str, Claim]) -> str:
        """A token of this tenant; the caller gives `exp` and the rest, the audience is the tenant."""
        key = self._signing.get(placement.tenant_id)
        if key is None:
            key = await self._load_signing(placement.tenant_id)
        header = {"alg": _ALGORITHM, "kid": key.kid}
        return jwt.encode(header, {**claims, "aud": str(placement.tenant_id)}, key, algorithms=[_ALGORITHM])

    async def verify(self, placement: Placement, token: str) -> Claims:
        """The claims of a token of this tenant that is still good."""
        digest = _digest(token)
        known = self._verified.get(digest)
        if known is None:
            tenant, claims = await self._check(token)
            known = self._verified.put(digest, (tenant, _expiry(claims), MappingProxyType(claims)))
        tenant, expires, claims = known
        is_ours = tenant == placement.tenant_id
        if expires <= self._clock().timestamp():
            self._verified.forget(digest)
            raise ExpiredToken if is_ours else InvalidToken
        if not is_ours:
            raise WrongTenant
        return claims

    def is_first_refusal(self, placement: Placement, token: str) -> bool:
        """Whether a token is refused by this tenant for the first time, as far as this process remembers."""
        key = (placement.tenant_id, _digest(token))
        is_known = self._refused.get(key) is not None
        self._refused.put(key, placement.tenant_id)
        return not is_known

    async def rotate(self, placement: Placement) -> str:
        """Sign with a new key from now on; the one before still verifies, older ones do not. Answers the new `kid`."""
        pair = new_key_pair(self._master, "token")
        await self._catalog.add_token_key(placement.tenant_id, pair)
        self._signing.forget(placement.tenant_id)
        return pair.kid

    async def _check(self, token: str) -> tuple[TenantId, Claims]:
        # Key and tenant are read before the signature is, only to find the key.
        try:
            kid, tenant = _named_by(token)
            key = self._public.get((tenant, kid)) or await self._load_public(tenant, kid)
            claims: Claims = jwt.decode(token, key, algorithms=[_ALGORITHM]).claims
        except (JoseError, ValueError, LookupError, TypeError):
            raise InvalidToken from None
        return tenant, claims

    async def _load_signing(self, tenant: TenantId) -> OKPKey:
        pair = await self._catalog.signing_key(tenant)
        private = self._master.unseal(pair.sealed_private, _sealed_for("token", pair.kid))
        return self._signing.put(tenant, OKPKey.import_key(private, {"kid": pair.kid}))

    async def _load_public(self, tenant: TenantId, kid: str) -> OKPKey:
        public = await self._catalog.public_key(tenant, kid)
        if public is None:
            raise InvalidToken
        return self._public.put((tenant, kid), OKPKey.import_key(public, {"kid": kid}))


class AuditKey:
    """Signs the heads of the audit chains; one key for each installation."""

    def __init__(self, pair: KeyPair, master: MasterKey) -> None:
        self.kid = pair.kid
        private = load_pem_private_key(
            master.unseal(pair.sealed_private, _sealed_for("audit", pair.kid)), password=None
        )
        assert isinstance(private, Ed25519PrivateKey)
        self._key = private

    def sign(self, message: bytes) -> bytes:
        """An Ed25519 signature."""
        return self._key.sign(message)


def is_genuine(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the key with this public part signed these bytes."""
    try:
        _public_key(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


@lru_cache(maxsize=16)
def _public_key(public: bytes) -> Ed25519PublicKey:
    # An installation has few keys and each signed very many heads; reading it for each took a tenth of the time.
    key = load_pem_public_key(public)
    assert isinstance(key, Ed25519PublicKey)
    return key


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def _named_by(token: str) -> tuple[str, TenantId]:
    parts = jws.extract_compact(token.encode())
    return str(parts.headers()["kid"]), TenantId(UUID(json.loads(parts.payload)["aud"]))


def _expiry(claims: Claims) -> int:
    expires = claims.get("exp")
    if not isinstance(expires, int):
        raise InvalidToken
    return expires


def _sealed_for(purpose: str, kid: str) -> str:
    return f"{purpose}:{kid}"
