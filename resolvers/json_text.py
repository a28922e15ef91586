"""JSON as text: members of an object taken apart and put together without decoding their values."""

from __future__ import annotations

import json
from collections.abc import Iterable

_decode = json.JSONDecoder().raw_decode


def dumps(value: object) -> bytes:
    """Compact UTF-8 text."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def members(body: bytes) -> dict[str, bytes]:
    """The members of a compact object, each as the text it had."""
    text = body.decode()
    found: dict[str, bytes] = {}
    at = 1
    while text[at] != "}":
        at += text[at] == ","
        key, at = _decode(text, at)
        _, end = _decode(text, at + 1)
        found[key] = text[at + 1 : end].encode()
        at = end
    return found


def joined(pairs: Iterable[tuple[str, bytes]]) -> bytes:
    """An object of members in this order."""
    return b"{" + b",".join(dumps(key) + b":" + value for key, value in pairs) + b"}"
