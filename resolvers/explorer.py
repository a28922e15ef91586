"""`GET /graphql` in a browser: the explorer page, with every asset from this server.

What comes from npm is kept compressed (`assets/LICENCES.md`) and sent as it is kept.
"""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from starlette.responses import Response

_FOLDER = Path(__file__).parent / "assets"
_TYPES = {"js": "text/javascript", "css": "text/css"}
NAMES = frozenset({"react.js", "react-dom.js", "graphiql.js", "graphiql.css", "explorer.js", "explorer.css"})
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
}


def page() -> Response:
    """The page. It asks for a sign-in itself; nothing of a tenant is in it."""
    return Response(_stored("explorer.html"), headers={**_HEADERS, "vary": "accept"}, media_type="text/html")


def asset(name: str, accept_encoding: str) -> Response:
    """One file of the page; 404 for any other name."""
    if name not in NAMES:
        return Response(status_code=404)
    headers = {**_HEADERS, "cache-control": "max-age=3600", "vary": "accept-encoding"}
    media_type = _TYPES[name.rsplit(".", 1)[1]]
    if not (_FOLDER / f"{name}.gz").exists():
        return Response(_stored(name), headers=headers, media_type=media_type)
    packed = _stored(f"{name}.gz")
    if "gzip" in accept_encoding.lower():
        return Response(packed, headers={**headers, "content-encoding": "gzip"}, media_type=media_type)
    return Response(gzip.decompress(packed), headers=headers, media_type=media_type)


@lru_cache(maxsize=16)
def _stored(name: str) -> bytes:
    return (_FOLDER / name).read_bytes()
