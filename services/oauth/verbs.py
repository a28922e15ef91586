"""The mutations of clients and tokens that answer no secret, declared as data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services import verbs
from services.identity import inputs
from services.oauth import api_tokens, clients
from services.verbs import Access, Outcome, Requirement, VerbDefinition, VerbInput, VerbOutput

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tenants.context import Work

_ID = VerbInput("id", "ID", required=True)
_IF_VERSION = VerbInput("ifVersion", "Int")
_CLIENT = (VerbOutput("client", "client"),)


async def _update_client(work: Work, given: Mapping[str, object]) -> Outcome:
    client_id = inputs.id_(given, "id")
    await clients.update_client(work, client_id, given, if_version=inputs.version(given))
    return Outcome({"client": (client_id,)})


async def _revoke_client(work: Work, given: Mapping[str, object]) -> Outcome:
    client_id = inputs.id_(given, "id")
    await clients.revoke_client(work, client_id, if_version=inputs.version(given))
    return Outcome({"client": (client_id,)})


async def _revoke_api_token(work: Work, given: Mapping[str, object]) -> Outcome:
    token_id = inputs.id_(given, "id")
    await api_tokens.revoke_api_token(work, token_id)
    return Outcome({"apiToken": (token_id,)})


verbs.declare(
    VerbDefinition(
        "updateClient",
        (
            _ID,
            _IF_VERSION,
            VerbInput("name", "String"),
            VerbInput("roleId", "ID"),
            VerbInput("scopes", "String", many=True),
        ),
        _CLIENT,
        _update_client,
        "Changes a partner client; its tokens feel it at their next request.",
        defines=True,
    )
)
verbs.declare(
    VerbDefinition(
        "revokeClient",
        (_ID, _IF_VERSION),
        _CLIENT,
        _revoke_client,
        "Locks a partner client out for good, with every token that it has.",
        defines=True,
    )
)
verbs.declare(
    VerbDefinition(
        "revokeApiToken",
        (_ID,),
        (VerbOutput("apiToken", "apiToken"),),
        _revoke_api_token,
        "Ends a token: one's own, or anybody's as an administrator.",
        requirement=Requirement(Access.PERSON),
    )
)
