"""Secrets of clients and tokens: made once, shown once, kept as hashes."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from services import identity
from services.oauth.errors import LifetimeOutOfRange

# Prefixes let scanners of leaked secrets recognise them.
CLIENT_SECRET = "kzs_"  # noqa: S105 - a prefix
CLIENT_TOKEN = "kzc_"  # noqa: S105 - a prefix
PERSONAL_TOKEN = "kzp_"  # noqa: S105 - a prefix


def make(prefix: str) -> str:
    """A new secret."""
    return prefix + secrets.token_urlsafe(32)


def digest(secret: str) -> bytes:
    """What is stored of it."""
    # It has 256 random bits: a fast hash is enough, nobody can try them all.
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def lifetime(days: int, name: str, *, most: int) -> timedelta:
    """So many days; refused under the name of its input if they are too many or none."""
    if not 1 <= days <= most:
        raise identity.inputs.refuse(name, LifetimeOutOfRange(max=most))
    return timedelta(days=days)
