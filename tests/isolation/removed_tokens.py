"""What holds tokens, clients and sessions to what they were given, and to their time: taken out one at a time."""

from __future__ import annotations

from tests.isolation.removal import Removal

_TOKENS = "tests/isolation/test_api_tokens.py"

TOKENS = (
    Removal(
        "scopes of tokens",
        "services/permissions/loading.py",
        "            await capped(work, await policy_of_token(work))\n            if principal.is_token\n            else await ",
        "            await ",
        (_TOKENS,),
    ),
    Removal(
        "field groups outside the scopes of objects",
        "services/oauth/narrowing.py",
        "caps = dict.fromkeys(grouped(thing), Level.NONE)",
        "caps: dict[str, Level] = {}",
        (_TOKENS,),
    ),
    Removal(
        "tokens at what needs a sign-in",
        "services/identity/access.py",
        "if work.principal.is_token:",
        "if False:",
        ("tests/services/identity/test_access.py",),
    ),
    Removal(
        "tokens that have expired",
        "services/oauth/bearers.py",
        "if known.expires_at <= utc_now():",
        "if False:",
        (_TOKENS,),
    ),
    Removal(
        "scopes of a client for tokens that are out",
        "services/oauth/policies.py",
        'scopes & set(found["scopes"])',
        "scopes",
        (_TOKENS,),
    ),
    Removal(
        "attempts at the token endpoint",
        "services/oauth/exchange.py",
        "await throttle.count_attempt(work, who, throttle.PER_CLIENT)",
        "()",
        ("tests/resolvers/test_token_endpoint.py",),
    ),
    Removal(
        "secrets of clients",
        "services/oauth/granting.py",
        "self.is_proven = fits and",
        "self.is_proven =",
        ("tests/resolvers/test_token_endpoint.py",),
    ),
    Removal(
        "sessions that were closed",
        "tenants/transactions.py",
        'if unit.principal.has_session and not row["signed_in"]:',
        "if False:",
        ("tests/tenants/test_transactions.py",),
    ),
    Removal(
        "sessions that were closed, in reads",
        "services/query/executor.py",
        "    if session_ok != _TRUE:",
        "    if False:",
        ("tests/services/query/test_executor.py",),
    ),
    Removal(
        "names out of a token's scopes",
        "resolvers/projections.py",
        "return Sight(*await current_projection(context))",
        "return Sight(await current_registry(context))",
        (_TOKENS,),
    ),
    Removal(
        "fields that a projection hides",
        "services/projections.py",
        "return self.reads(object_name) and self._on(object_name).level(field_name) >= Level.READ",
        "return self.reads(object_name)",
        ("tests/services/test_projections.py",),
    ),
)
