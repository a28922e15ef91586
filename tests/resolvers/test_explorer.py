"""The explorer is whole without any outside request."""

from __future__ import annotations

import gzip
import hashlib
import re
from html.parser import HTMLParser

import pytest
from starlette.responses import Response

from resolvers.explorer import NAMES, asset, page

# SHA-256 of the files as they came from npm; `assets/LICENCES.md` names the packages.
FROM_NPM = {
    "graphiql.js": "22faab94067b695e5f7959619fbe686ebcc8955002a0c97d986bcbba4ad4bc2c",
    "graphiql.css": "b1868247f8e0502cd869e581f5f3cb55b334862e7f51b1d6cbace11059b9adc2",
    "react.js": "d949f1c3687aedadcedac85261865f29b17cd273997e7f6b2bfc53b2f9d4c4dd",
    "react-dom.js": "35f4f974f4b2bcd44da73963347f8952e341f83909e4498227d4e26b98f66f0d",
}


class Links(HTMLParser):
    """Everything that a page fetches."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, _: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in {"src", "href"} and value]


def body(response: Response) -> bytes:
    return bytes(response.body)


def test_page_fetches_our_own_assets_only() -> None:
    links = Links()
    links.feed(body(page()).decode())

    assert {link for link in links.found if not link.startswith("data:")} == {f"/explorer/{name}" for name in NAMES}


def test_page_allows_no_other_source() -> None:
    policy = page().headers["content-security-policy"]

    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert not re.search(r"https?:|\*", policy)


@pytest.mark.parametrize(("name", "digest"), FROM_NPM.items())
def test_assets_of_others_are_unchanged(name: str, digest: str) -> None:
    packed, plain = asset(name, "br, gzip"), asset(name, "identity")

    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert gzip.decompress(body(packed)) == body(plain)
    assert hashlib.sha256(body(plain)).hexdigest() == digest


def test_own_assets_are_sent_as_they_are() -> None:
    assert asset("explorer.css", "gzip").headers["content-type"] == "text/css; charset=utf-8"
    assert b"React.createElement(GraphiQL" in body(asset("explorer.js", "gzip"))


@pytest.mark.parametrize("name", ["", "..", "../explorer.py", "explorer.html", "graphiql.js.gz", "LICENCES.md"])
def test_no_other_file_is_served(name: str) -> None:
    assert asset(name, "gzip").status_code == 404
