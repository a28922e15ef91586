"""A multipart body taken apart while it comes: part after part, each a stream, never more of it held than one chunk.

What the parts mean is `resolvers.upload_requests`. The library finds the boundaries; how much may come is said here.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header

from resolvers.refusals import BodyTooLarge, MalformedRequest

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

MULTIPART = "multipart/form-data"
_MOST_HEADERS, _LONGEST_HEADER = 8, 4096
_DISPOSITION, _TYPE = b"content-disposition", b"content-type"


@dataclass(frozen=True, slots=True)
class Part:
    """The head of a part: its name, and of a file what it is called and said to be."""

    name: str
    file_name: str
    media_type: str


_Event: TypeAlias = Part | bytes | None


class Multipart:
    """The parts in their order. A part has to be read to its end, or is passed over, before the next one."""

    def __init__(self, content_type: str, chunks: AsyncIterator[bytes], most: int) -> None:
        self._chunks = chunks
        self._most = most
        self._size = 0
        # Heads, pieces of the body of a part, and nothing at its end: those of one chunk that came.
        self._events: deque[_Event] = deque()
        self._heads = _Heads(self._events)
        self._parser = _parser(content_type, self._heads)
        self._is_inside = False

    async def next_part(self) -> Part | None:
        """The next part, or nothing after the last."""
        while True:
            event = await self._next()
            if isinstance(event, Part):
                self._is_inside = True
                return event
            if event is None and not self._is_inside:
                return None
            self._is_inside = self._is_inside and event is not None

    async def body(self) -> AsyncIterator[bytes]:
        """What is in the part."""
        while self._is_inside:
            event = await self._next()
            if isinstance(event, bytes):
                yield event
            else:
                self._is_inside = False

    async def _next(self) -> _Event:
        while not self._events:
            chunk = await anext(self._chunks, None)
            if chunk is None:
                if not self._heads.is_complete:
                    raise MalformedRequest(reason="the body breaks off")
                return None
            self._size += len(chunk)
            if self._size > self._most:
                raise BodyTooLarge(max=self._most)
            _write(self._parser, chunk)
        return self._events.popleft()


def is_multipart(content_type: str) -> bool:
    """Whether a body is made of parts."""
    return content_type.split(";", 1)[0].strip().lower() == MULTIPART


class _Heads:
    """Gathers the head of each part, and hands on what follows."""

    def __init__(self, events: deque[_Event]) -> None:
        self._events = events
        self._name, self._value = b"", b""
        self._headers: dict[bytes, bytes] = {}
        self.is_complete = False

    def begin(self) -> None:
        self._headers = {}

    def name(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def end(self) -> None:
        self._headers[self._name.lower()] = self._value
        self._name, self._value = b"", b""

    def finished(self) -> None:
        kind, options = parse_options_header(self._headers.get(_DISPOSITION))
        if kind != b"form-data" or b"name" not in options:
            raise MalformedRequest(reason="a part has no name")
        self._events.append(
            Part(
                _text(options[b"name"]),
                _text(options.get(b"filename", b"")),
                _text(self._headers.get(_TYPE, b"")).split(";", 1)[0].strip().lower(),
            )
        )

    def data(self, data: bytes, start: int, end: int) -> None:
        if start < end:
            self._events.append(data[start:end])

    def over(self) -> None:
        self._events.append(None)

    def complete(self) -> None:
        self.is_complete = True


def _parser(content_type: str, heads: _Heads) -> MultipartParser:
    boundary = parse_options_header(content_type)[1].get(b"boundary", b"")
    if not boundary:
        raise MalformedRequest(reason="the media type names no boundary")
    try:
        return MultipartParser(
            boundary,
            {
                "on_part_begin": heads.begin,
                "on_header_field": heads.name,
                "on_header_value": heads.value,
                "on_header_end": heads.end,
                "on_headers_finished": heads.finished,
                "on_part_data": heads.data,
                "on_part_end": heads.over,
                "on_end": heads.complete,
            },
            max_header_count=_MOST_HEADERS,
            max_header_size=_LONGEST_HEADER,
        )
    except FormParserError:
        raise MalformedRequest(reason="the boundary is too long") from None


def _write(parser: MultipartParser, chunk: bytes) -> None:
    try:
        parser.write(chunk)
    except FormParserError:
        raise MalformedRequest(reason="the parts cannot be told from each other") from None


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")
