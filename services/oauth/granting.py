"""Grants of the token endpoint, decided by Authlib's core from values: nothing is read or stored in here.

Its hooks answer from the client that was read before, and what it grants is collected for the verb that stores it. The
text of a token is made after it, so that none stands in the core's log. Further grants are registered here.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from authlib.oauth2.rfc6749 import AuthorizationServer
from authlib.oauth2.rfc6749.grants import ClientCredentialsGrant
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from authlib.oauth2.rfc6749.util import extract_basic_authorization
from authlib.oauth2.rfc6750 import BearerTokenGenerator

from services.oauth import secrets

if TYPE_CHECKING:
    from datetime import datetime

TOKEN_SECONDS = 3600
_METHODS = ["client_secret_basic", "client_secret_post"]
_INVALID_CLIENT = "invalid_client"


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """What was sent to the token endpoint."""

    form: Mapping[str, str]
    authorization: str = ""

    @property
    def headers(self) -> Mapping[str, str]:
        """The header of the client's secret, if it can be read at all."""
        try:
            extract_basic_authorization({"Authorization": self.authorization})
        except ValueError:
            return {}
        return {"Authorization": self.authorization} if self.authorization else {}

    @property
    def client_id(self) -> str:
        """Who says to be asking."""
        return str(extract_basic_authorization(self.headers)[0] or self.form.get("client_id", ""))


@dataclass(slots=True)
class ClientValues:
    """A client as the core sees it. One that does not exist has no id, and a hash that nothing has."""

    id: UUID | None
    scopes: Sequence[str]
    secret_hash: bytes
    secret_expires_at: datetime
    now: datetime
    # Whether the right secret was shown.
    is_proven: bool = False

    def check_client_secret(self, given: str) -> bool:
        """Whether it is the secret; compared in the same time, however it differs."""
        fits = hmac.compare_digest(secrets.digest(given), self.secret_hash)
        self.is_proven = fits and self.id is not None and self.now < self.secret_expires_at
        return self.is_proven

    def check_endpoint_auth_method(self, method: str, _: str) -> bool:
        """Whether the secret may be sent so."""
        return method in _METHODS

    def check_grant_type(self, grant_type: str) -> bool:
        """Whether the client may use a grant."""
        return bool(grant_type == ClientCredentialsGrant.GRANT_TYPE)

    def get_allowed_scope(self, asked: str | None) -> str | None:
        """What is granted of what was asked: all of it or nothing; everything, where nothing was asked."""
        wanted = sorted(set((asked or "").split())) or sorted(self.scopes)
        return " ".join(wanted) if set(wanted) <= set(self.scopes) else None


@dataclass(frozen=True, slots=True)
class Granted:
    """The core's answer; the scopes of the token that is to be made, or none."""

    status: int
    body: Mapping[str, object]
    headers: Mapping[str, str]
    scopes: Sequence[str] = ()

    @property
    def is_wrong_secret(self) -> bool:
        """Whether the client could not prove who it is."""
        return self.body.get("error") == _INVALID_CLIENT


def grant(request: TokenRequest, client: ClientValues) -> Granted:
    """What the core says to a request of this client."""
    server = _Server(client)
    granted: Granted = server.create_token_response(request)
    return granted


@dataclass(slots=True)
class _CoreRequest:
    """A request with the members that the core asks for."""

    payload: object
    form: Mapping[str, str]
    headers: Mapping[str, str]
    method: str = "POST"
    client: ClientValues | None = None
    auth_method: str | None = None
    user: None = None


class _ClientCredentials(ClientCredentialsGrant):  # type: ignore[misc]  # the core ships no types
    TOKEN_ENDPOINT_AUTH_METHODS = _METHODS


class _Server(AuthorizationServer):  # type: ignore[misc]  # the core ships no types
    """The core with one client, for one request."""

    def __init__(self, client: ClientValues) -> None:
        super().__init__()
        self._client = client
        self._scopes: list[str] = []
        self.register_grant(_ClientCredentials)
        self.register_token_generator("default", BearerTokenGenerator(_no_text, expires_generator=_lifetime))

    def query_client(self, _: str) -> ClientValues:
        return self._client

    def save_token(self, token: Mapping[str, str], _: object) -> None:
        self._scopes = token["scope"].split()

    def create_oauth2_request(self, request: TokenRequest) -> _CoreRequest:
        return _CoreRequest(BasicOAuth2Payload(dict(request.form)), request.form, request.headers)

    def handle_response(self, status: int, body: Mapping[str, object], headers: Sequence[tuple[str, str]]) -> Granted:
        lower = {name.lower(): text for name, text in headers}
        return Granted(status, body, lower, tuple(self._scopes))

    def send_signal(self, *_: object, **__: object) -> None:
        pass


def _no_text(**_: Any) -> str:  # Any: whatever the core tells of the grant
    return ""


def _lifetime(*_: object) -> int:
    return TOKEN_SECONDS
