"""Access tokens that somebody forged: everything that is not a live one signed by the tenant's own key."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from joserfc import jwt
from joserfc.jwk import OKPKey

if TYPE_CHECKING:
    from uuid import UUID


def part(data: object) -> str:
    """One part of a compact token."""
    return base64.urlsafe_b64encode(json.dumps(data).encode()).rstrip(b"=").decode()


def parts(token: str) -> tuple[dict[str, object], dict[str, object], str]:
    """Header, claims and signature of a token."""
    header, claims, signature = token.split(".")
    return _read(header), _read(claims), signature


def unsigned(good: str) -> str:
    """`alg: none`, no signature."""
    header, claims, _ = parts(good)
    return f"{part({**header, 'alg': 'none'})}.{part(claims)}."


def with_header(good: str, **changes: object) -> str:
    """Another header over the old signature."""
    header, claims, signature = parts(good)
    return f"{part({**header, **changes})}.{part(claims)}.{signature}"


def without_kid(good: str) -> str:
    """Nothing says which key it was."""
    header, claims, signature = parts(good)
    return f"{part({'alg': header['alg']})}.{part(claims)}.{signature}"


def with_claims(good: str, **changes: object) -> str:
    """Other claims over the old signature."""
    header, claims, signature = parts(good)
    return f"{part(header)}.{part({**claims, **changes})}.{signature}"


def signed_by_a_stranger(good: str) -> str:
    """A right signature of a wrong key under the right `kid`."""
    header, claims, _ = parts(good)
    return jwt.encode(header, claims, OKPKey.generate_key("Ed25519"), algorithms=["Ed25519"])


def signed_with_the_public_key(good: str, public: bytes) -> str:
    """Key confusion: the public key taken for the secret of an HMAC."""
    header, claims, _ = parts(good)
    signed = f"{part({**header, 'alg': 'HS256'})}.{part(claims)}"
    signature = hmac.digest(public, signed.encode(), "sha256")
    return f"{signed}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def forgeries(good: str, public: bytes, *, other_user: UUID) -> Mapping[str, str]:
    """Each attack by its name."""
    kids = ("../../../../etc/passwd", "/dev/null", "' OR 1=1 --", "unknown", "", "\x00", "x" * 1000)
    return {
        "alg none": unsigned(good),
        "alg None": with_header(good, alg="None"),
        "alg of another kind": with_header(good, alg="HS256"),
        "key confusion": signed_with_the_public_key(good, public),
        "key of a stranger": signed_by_a_stranger(good),
        "other user": with_claims(good, sub=str(other_user)),
        "longer life": with_claims(good, exp=4_000_000_000),
        "no kid": without_kid(good),
        "kid not a text": with_header(good, kid=["a"]),
        "embedded key": with_header(good, jwk=OKPKey.generate_key("Ed25519").as_dict(private=False), kid="embedded"),
        "critical header": with_header(good, crit=["exp"]),
        "cut": good[:-10],
        "two parts": ".".join(good.split(".")[:2]),
        "no parts": "x",
        "dots": "...",
        "not base64": "é.é.é",
        "header is a list": f"{part([1])}.{good.split('.', 1)[1]}",
        **{f"kid {kid[:12]!r}": with_header(good, kid=kid) for kid in kids},
    }


def _read(text: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return found
