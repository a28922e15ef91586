"""What clients and tokens can be refused."""

from __future__ import annotations

from tenants.errors import Conflict, Invalid, NotFound


class UnknownScope(Invalid):
    """There is no scope {scope}."""

    code = "UNKNOWN_SCOPE"
    zh = "没有范围 {scope}。"


class LifetimeOutOfRange(Invalid):
    """A lifetime is 1 to {max} days."""

    code = "LIFETIME_OUT_OF_RANGE"
    zh = "有效期须为 1 至 {max} 天。"


class ClientNotFound(NotFound):
    """There is no such client, or it was revoked."""

    code = "CLIENT_NOT_FOUND"
    zh = "没有这个客户端,或它已被吊销。"


class ApiTokenNotFound(NotFound):
    """There is no such token that you could revoke."""

    code = "API_TOKEN_NOT_FOUND"
    zh = "没有您可以吊销的这个令牌。"


class ApiTokensFull(Conflict):
    """A user has at most {max} tokens at a time; revoke one."""

    code = "API_TOKENS_FULL"
    zh = "每位用户最多同时持有 {max} 个令牌,请先吊销一个。"
