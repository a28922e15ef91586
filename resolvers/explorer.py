"""`GET /graphql` in a browser: the explorer page, with every asset from this server."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse, Response

if TYPE_CHECKING:
    from collections.abc import Mapping

ASSETS = Path(__file__).parent / "assets"
# Nothing is fetched from elsewhere; GraphiQL sets styles of its own on elements.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self' data:; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS: Mapping[str, str] = {
    "content-security-policy": _POLICY,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cache-control": "no-cache",
    "vary": "accept",
}


def page() -> Response:
    """The page. It asks for a sign-in itself; nothing of a tenant is in it."""
    return HTMLResponse((ASSETS / "explorer.html").read_text(encoding="utf-8"), headers=dict(_HEADERS))
