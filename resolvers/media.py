"""Media types of GraphQL over HTTP: which one a client gets, and which one it sent."""

from __future__ import annotations

from functools import lru_cache

from resolvers.refusals import NotAcceptable

GRAPHQL = "application/graphql-response+json"
JSON = "application/json"
HTML = "text/html"
_OFFERED = (JSON, GRAPHQL)
# What nearly all clients send, without looking into it.
_USUAL = {"": JSON, "*/*": JSON, JSON: JSON, GRAPHQL: GRAPHQL}
_LONGEST_KEPT = 300


def accepted(accept: str) -> str:
    """The media type of the answer; `NotAcceptable` if the client wants neither. Without a wish, application/json."""
    usual = _USUAL.get(accept)
    if usual is not None:
        return usual
    # A program wishes the same each time. What is longer than any of them sends is not kept: a caller says it.
    best = _best(accept) if len(accept) <= _LONGEST_KEPT else _best.__wrapped__(accept)
    if not best:
        raise NotAcceptable
    return best


def prefers_html(accept: str) -> bool:
    """Whether a person's browser asks: it names HTML itself, not just anything."""
    return any(name == HTML and quality > 0 for name, quality in _ranges(accept))


def is_json(content_type: str) -> bool:
    """Whether a body is JSON in UTF-8."""
    if content_type == JSON:
        return True
    name, *parameters = (part.strip().lower() for part in content_type.split(";"))
    charset = next((each[8:].strip('"') for each in parameters if each.startswith("charset=")), "utf-8")
    return name == JSON and charset in {"utf-8", "utf8"}


@lru_cache(maxsize=256)
def _best(accept: str) -> str:
    ranges = _ranges(accept)
    best, weight = "", 0.0
    for media in _OFFERED:
        quality = _quality(media, ranges)
        if quality > weight:
            best, weight = media, quality
    return best


def _ranges(accept: str) -> list[tuple[str, float]]:
    found = []
    for part in (accept or "*/*").split(","):
        name, *parameters = (each.strip().lower() for each in part.split(";"))
        weight = next((each[2:] for each in parameters if each.startswith("q=")), "1")
        try:
            found.append((name, float(weight)))
        except ValueError:
            found.append((name, 0.0))
    return found


def _quality(media: str, ranges: list[tuple[str, float]]) -> float:
    """The weight of the most specific range that covers a media type."""
    kind = media.split("/", maxsplit=1)[0]
    for wanted in (media, f"{kind}/*", "*/*"):
        for name, quality in ranges:
            if name == wanted:
                return quality
    return 0.0
