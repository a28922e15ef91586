"""Keys: what is sealed opens only for its purpose; a token is good for one tenant, until it expires."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from tenants.keys import ExpiredToken, InvalidToken, MasterKey, MasterKeyMismatch, TokenKeys, WrongTenant
from tests.builders.clocks import StandingClock

if TYPE_CHECKING:
    from collections.abc import Callable

    from tenants.installation import Installation
    from tests.builders.tenants import Tenant
    from tests.tenants.bare import Bare

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SOON = int(NOW.timestamp()) + 600
MASTER = MasterKey(bytes(range(32)))


def test_sealed_opens_again() -> None:
    assert MASTER.unseal(MASTER.seal(b"secret", "login:a"), "login:a") == b"secret"


def test_same_secret_is_sealed_differently_each_time() -> None:
    assert MASTER.seal(b"secret", "a") != MASTER.seal(b"secret", "a")


@pytest.mark.parametrize(
    ("master", "purpose"), [(MASTER, "login:b"), (MasterKey(bytes(32)), "login:a")], ids=["purpose", "key"]
)
def test_sealed_opens_for_nothing_else(master: MasterKey, purpose: str) -> None:
    sealed = MASTER.seal(b"secret", "login:a")

    with pytest.raises(MasterKeyMismatch):
        master.unseal(sealed, purpose)


def test_derived_secrets_are_steady_and_differ_by_purpose() -> None:
    assert MASTER.derive("a") == MasterKey(bytes(range(32))).derive("a")
    assert len({MASTER.derive("a"), MASTER.derive("b"), MasterKey(bytes(32)).derive("a")}) == 3


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock(NOW)


@pytest.fixture
def keys(installation: Installation, clock: StandingClock) -> TokenKeys:
    return TokenKeys(installation.catalog, MasterKey(installation.settings.master_key), clock)


@pytest.mark.integration
async def test_token_carries_its_claims_and_its_tenant(shared_bare: Bare, keys: TokenKeys) -> None:
    token = await keys.sign(shared_bare.placement, {"sub": "someone", "exp": SOON})

    claims = {"sub": "someone", "exp": SOON, "aud": str(shared_bare.placement.tenant_id)}
    assert await keys.verify(shared_bare.placement, token) == claims
    found = await keys.verify(shared_bare.placement, token)
    assert found == claims
    # Whoever asks next is told the same ones.
    with pytest.raises(TypeError):
        found["sub"] = "another"  # type: ignore[index]  # what is tried


@pytest.mark.integration
async def test_token_is_good_for_one_tenant_only(shared_bare: Bare, keys: TokenKeys, shared_tenant: Tenant) -> None:
    """[I-2] Also when it was just verified for its own."""
    other = shared_tenant.placement
    token = await keys.sign(shared_bare.placement, {"exp": SOON})

    with pytest.raises(WrongTenant):
        await keys.verify(other, token)
    await keys.verify(shared_bare.placement, token)
    with pytest.raises(WrongTenant):
        await keys.verify(other, token)


@pytest.mark.integration
async def test_foreign_token_is_refused_for_the_first_time_once(
    shared_bare: Bare, keys: TokenKeys, shared_tenant: Tenant
) -> None:
    answers = [
        keys.is_first_refusal(place, "a token") for place in [shared_bare.placement] * 2 + [shared_tenant.placement]
    ]

    assert answers == [True, False, True]


@pytest.mark.integration
async def test_token_expires_also_when_it_is_remembered(
    shared_bare: Bare, keys: TokenKeys, clock: StandingClock
) -> None:
    token = await keys.sign(shared_bare.placement, {"exp": SOON})
    await keys.verify(shared_bare.placement, token)
    clock.advance(seconds=600)

    with pytest.raises(ExpiredToken):
        await keys.verify(shared_bare.placement, token)
    with pytest.raises(ExpiredToken):
        await keys.verify(shared_bare.placement, token)


@pytest.mark.integration
@pytest.mark.parametrize(
    "change",
    [
        lambda _: "",
        lambda _: "not a token",
        lambda _: "客.制.\ud800",
        lambda token: token[:-3] + "AAA",
        lambda token: token.rpartition(".")[0] + ".",
        lambda token: "eyJhbGciOiJub25lIn0." + token.split(".")[1] + ".",
        lambda token: "eyJhbGciOiJFZDI1NTE5Iiwia2lkIjoieCJ9." + token.split(".", 1)[1],
        lambda token: token + "." + token,
    ],
    ids=["empty", "words", "no text", "signature", "no signature", "no algorithm", "unknown key", "two"],
)
async def test_what_was_not_signed_here_is_invalid(
    shared_bare: Bare, keys: TokenKeys, change: Callable[[str], str]
) -> None:
    token = await keys.sign(shared_bare.placement, {"exp": SOON})

    with pytest.raises(InvalidToken):
        await keys.verify(shared_bare.placement, change(token))


@pytest.mark.integration
async def test_token_without_an_end_is_invalid(shared_bare: Bare, keys: TokenKeys) -> None:
    with pytest.raises(InvalidToken):
        await keys.verify(shared_bare.placement, await keys.sign(shared_bare.placement, {"sub": "someone"}))


@pytest.mark.integration
async def test_two_keys_live_during_rotation(
    shared_bare: Bare, installation: Installation, clock: StandingClock
) -> None:
    async def signed_by_a_fresh_process() -> str:
        return await TokenKeys(installation.catalog, master, clock).sign(shared_bare.placement, {"exp": SOON})

    master = MasterKey(installation.settings.master_key)
    first = await signed_by_a_fresh_process()
    await TokenKeys(installation.catalog, master, clock).rotate(shared_bare.placement)
    second = await signed_by_a_fresh_process()
    await TokenKeys(installation.catalog, master, clock).verify(shared_bare.placement, first)
    await TokenKeys(installation.catalog, master, clock).rotate(shared_bare.placement)

    verifier = TokenKeys(installation.catalog, master, clock)
    await verifier.verify(shared_bare.placement, second)
    with pytest.raises(InvalidToken):
        await verifier.verify(shared_bare.placement, first)


@pytest.mark.integration
async def test_audit_key_signs_for_its_public_part(installation: Installation) -> None:
    pair = await installation.catalog.audit_key()
    public = load_pem_public_key(pair.public)
    assert isinstance(public, Ed25519PublicKey)

    public.verify(installation.audit_key.sign(b"head"), b"head")
    assert installation.audit_key.kid == pair.kid
