"""Partner clients, tokens of the API and their scopes; the grants of the token endpoint."""

from services.oauth import policies as _policies  # noqa: F401 - importing it tells permissions what tokens may do
from services.oauth import usages as _usages  # noqa: F401 - importing it tells whose scopes name a field
from services.oauth import verbs as _declared  # noqa: F401 - importing it declares the mutations
from services.oauth.api_tokens import ApiToken, create_api_token, forget_old, revoke_api_token
from services.oauth.api_tokens import recall as recall_api_token
from services.oauth.bearers import Find, KnownToken, authenticate_token, bearer_of, is_api_token
from services.oauth.clients import ClientSecret, create_client, revoke_client, rotate_client_secret, update_client
from services.oauth.clients import recall as recall_client
from services.oauth.exchange import exchange
from services.oauth.granting import Granted, TokenRequest
from services.oauth.listing import list_scopes
from services.oauth.scopes import METADATA_ADMIN, Action, OfferedScope, scope_of

__all__ = [
    "METADATA_ADMIN",
    "Action",
    "ApiToken",
    "ClientSecret",
    "Find",
    "Granted",
    "KnownToken",
    "OfferedScope",
    "TokenRequest",
    "authenticate_token",
    "bearer_of",
    "create_api_token",
    "create_client",
    "exchange",
    "forget_old",
    "is_api_token",
    "list_scopes",
    "recall_api_token",
    "recall_client",
    "revoke_api_token",
    "revoke_client",
    "rotate_client_secret",
    "scope_of",
    "update_client",
]
