"""Addresses of files: what is signed is what is read, and nothing else is genuine."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from tenants import file_tokens
from tenants.context import ANONYMOUS, SYSTEM, Principal, PrincipalKind, TenantId
from tenants.file_tokens import Claim, FileKeys, Purpose
from tenants.keys import MasterKey

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
TENANT, OTHER = TenantId(UUID(int=7)), TenantId(UUID(int=8))
USER = Principal(PrincipalKind.USER, UUID(int=1), UUID(int=2))
FILE = UUID(int=99)
KEYS = FileKeys(MasterKey(bytes(32)))


def claim_of(principal: Principal = USER, tenant: TenantId = TENANT) -> Claim:
    found = file_tokens.claim_of(tenant, principal, NOW)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("principal", "is_token"),
    [
        (USER, False),
        (Principal(PrincipalKind.USER, UUID(int=1), UUID(int=3), scopes=("customer:read",)), True),
        (Principal(PrincipalKind.CLIENT, UUID(int=4), UUID(int=5)), True),
    ],
)
def test_address_says_for_whom_it_is(principal: Principal, is_token: bool) -> None:
    read = file_tokens.parse(KEYS.token(claim_of(principal), Purpose.READ, FILE))

    assert read is not None
    assert (read.claim, read.purpose, read.file_id) == (claim_of(principal), Purpose.READ, FILE)
    assert read.claim == Claim(
        TENANT, principal.kind, principal.id, principal.session_id or FILE, is_token, NOW + timedelta(minutes=10)
    )
    assert KEYS.is_genuine(read)


@pytest.mark.parametrize(
    "principal", [ANONYMOUS, SYSTEM, Principal(PrincipalKind.USER, UUID(int=1), UUID(int=2), viewer_id=UUID(int=3))]
)
def test_who_has_no_session_of_his_own_is_given_no_address(principal: Principal) -> None:
    assert file_tokens.claim_of(TENANT, principal, NOW) is None


def test_signature_is_of_the_whole_address() -> None:
    token = KEYS.token(claim_of(), Purpose.READ, FILE)
    claim, subject, signature = token.split(".")
    foreign = claim_of(tenant=OTHER).text()

    for each in (
        f"{claim}.t{subject[1:]}.{signature}",
        f"{claim}.{subject[:-1]}0.{signature}",
        f"{foreign}.{subject}.{signature}",
        f"{claim}.{subject}.{'0' * 64}",
    ):
        read = file_tokens.parse(each)
        assert read is not None
        assert not KEYS.is_genuine(read)


def test_other_installation_does_not_know_it() -> None:
    read = file_tokens.parse(KEYS.token(claim_of(), Purpose.READ, FILE))

    assert read is not None
    assert not FileKeys(MasterKey(bytes([1] * 32))).is_genuine(read)


@pytest.mark.parametrize(
    "text", ["", "a.b.c", "." * 200, f"{'_' * 71}.r{'0' * 32}.{'0' * 64}", f"{'A' * 72}.r{'0' * 32}.{'0' * 64}"]
)
def test_text_of_another_form_is_no_address(text: str) -> None:
    assert file_tokens.parse(text) is None


def test_signer_holds_what_a_statement_hashes_with() -> None:
    signer, subject = KEYS.signer(claim_of()), f"r{FILE.hex}".encode()

    inner = hashlib.sha256(signer.inner + subject).digest()

    signed = hashlib.sha256(signer.outer + inner).hexdigest()
    assert KEYS.token(claim_of(), Purpose.READ, FILE) == f"{signer.claim_text}.{subject.decode()}.{signed}"
