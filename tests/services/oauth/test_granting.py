"""The core decides from values alone: who may have a token, with which scopes."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from services.oauth import secrets
from services.oauth.granting import ClientValues, TokenRequest, grant

NOW = datetime(2026, 3, 1, tzinfo=UTC)
SECRET = "kzs_right"
FORM = {"grant_type": "client_credentials", "client_id": "c", "client_secret": SECRET}


def client() -> ClientValues:
    return ClientValues(UUID(int=1), ("a:read", "b:read"), secrets.digest(SECRET), NOW + timedelta(days=1), NOW)


def test_right_secret_is_granted_every_scope_of_the_client() -> None:
    granted = grant(TokenRequest(FORM), client())

    assert (granted.status, granted.scopes, granted.is_wrong_secret) == (200, ("a:read", "b:read"), False)
    assert granted.body == {
        "token_type": "Bearer", "access_token": "", "expires_in": 3600, "scope": "a:read b:read",
    }  # fmt: skip


@pytest.mark.parametrize(("asked", "scopes"), [("b:read", ("b:read",)), ("a:read c:read", ()), ("c:read", ())])
def test_fewer_scopes_may_be_asked_and_none_beyond(asked: str, scopes: tuple[str, ...]) -> None:
    granted = grant(TokenRequest({**FORM, "scope": asked}), client())

    assert granted.scopes == scopes
    assert granted.body.get("error") == (None if scopes else "invalid_scope")


def test_nobody_a_wrong_secret_and_an_outlived_one_are_refused_alike() -> None:
    given = [
        (FORM, replace(client(), id=None)),
        ({**FORM, "client_secret": "x"}, client()),
        (FORM, replace(client(), secret_expires_at=NOW)),
    ]

    answers = [grant(TokenRequest(form), values) for form, values in given]

    assert [(each.is_wrong_secret, values.is_proven) for each, (_, values) in zip(answers, given, strict=True)] == [
        (True, False)
    ] * 3
    assert len({repr(each) for each in answers}) == 1


@pytest.mark.parametrize(
    ("authorization", "client_id"),
    [
        ("Basic " + base64.b64encode(b"c:" + SECRET.encode()).decode(), "c"),
        ("Basic /////w==", "of form"),
        ("Basic", "of form"),
        ("", "of form"),
    ],
)
def test_who_asks_stands_in_the_header_or_in_the_form(authorization: str, client_id: str) -> None:
    assert TokenRequest({"client_id": "of form"}, authorization).client_id == client_id
