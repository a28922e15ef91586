"""Rich text: HTML of which only what formats words is kept, and the words alone for filters.

The cleaning is nh3's (ammonia): a parser of HTML5 that writes out what it kept, so nothing is left that a browser would
read otherwise. There are no images, styles, classes or ids: a picture from elsewhere tells its server who reads.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

import nh3

from schema.metadata.errors import TooLong
from schema.metadata.normal_text import normal
from schema.metadata.values import LONG_TEXT_LENGTH, storable

if TYPE_CHECKING:
    from schema.metadata.fields import Field

# Of the source; the words have the limit of the field.
LONGEST_SOURCE = 200_000
TAGS = frozenset({
    *("p", "br", "div", "span", "hr", "h1", "h2", "h3", "h4", "h5", "h6"),
    *("strong", "b", "em", "i", "u", "s", "del", "ins", "mark", "small", "sub", "sup"),
    *("ul", "ol", "li", "blockquote", "pre", "code", "a"),
    *("table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"),
})
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}
SCHEMES = {"http", "https", "mailto", "tel"}
_BREAKS = re.compile(r"<(?:br|hr)\b[^>]*>|</(?:p|div|h[1-6]|li|blockquote|pre|caption|tr)>")
_CELLS = re.compile(r"</t[dh]>")
_TAGS = re.compile(r"<[^>]*>")
_SPACES = re.compile(r"[ \t]*\n[ \t\n]*")


def rich_text(raw: object, field: Field) -> object:
    """Clean HTML; nothing where no word is in it."""
    if raw is None:
        return None
    source = storable(raw, "richText")
    if len(source) > LONGEST_SOURCE:
        raise TooLong(max=LONGEST_SOURCE, length=len(source))
    clean = cleaned(source)
    words = plain(clean)
    if not words:
        return None
    longest = field.option("maxLength")
    most = longest if isinstance(longest, int) else LONG_TEXT_LENGTH
    if len(words) > most:
        raise TooLong(max=most, length=len(words))
    return clean


def cleaned(source: str) -> str:
    """The same text with none but harmless tags."""
    return nh3.clean(
        normal("NFC", source),
        tags=set(TAGS),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer nofollow",
    ).strip()


def plain(clean: str) -> str:
    """The words of clean HTML, a line for each block."""
    lines = _CELLS.sub(" ", _BREAKS.sub("\n", clean))
    # In clean HTML every `<` begins a tag, and none has a `>` in an attribute.
    words = html.unescape(_TAGS.sub("", lines)).replace("\xa0", " ")
    return _SPACES.sub("\n", normal("NFKC", words)).strip()
