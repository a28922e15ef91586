"""The YAML of packs, read and written: mappings, lists, texts, whole numbers, true, false and null, each with the line it stands on.

Pack files come from other hands. Whatever makes a small file a large value, or a value a program, is refused before
anything is built: anchors, tags, nesting without end. A number with a fraction stays the text that it was written as, because no
value of a pack passes through a float.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

import yaml

from services.packs.errors import PackNotPlain, PackNotReadable, PackTooLarge, Place, bad

if TYPE_CHECKING:
    from pathlib import Path

LARGEST_FILE: Final = 1_000_000
_DEEPEST: Final = 30
_LONGEST_WHY: Final = 200
_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,30})\Z")
_WORDS: Final[Mapping[str, object]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


class Body(dict[str, object]):
    """A mapping of a pack file that knows where each of its members stands."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place
        self.lines: dict[str, int] = {}

    def at(self, key: str) -> Place:
        """The place of a member, or of the mapping where it has no such member."""
        return self.place.below(key, line=self.lines.get(key, 0))


def read(path: Path, file: str) -> object:
    """What a file says; `file` is its name in messages."""
    place = Place(file)
    try:
        # Opening a pipe would wait for somebody who writes, and a device may never end.
        if not stat.S_ISREG(path.stat().st_mode):
            raise bad(place, PackNotReadable(why="it is no regular file", why_zh="不是普通文件"))
        given = path.read_bytes()
    except OSError:
        raise bad(place, PackNotReadable(why="there is no such file", why_zh="没有该文件")) from None
    if len(given) > LARGEST_FILE:
        raise bad(place, PackTooLarge(what="bytes in a file", what_zh="单个文件字节数", max=LARGEST_FILE))
    try:
        text = given.decode()
    except UnicodeDecodeError:
        raise bad(place, PackNotReadable(why="it is not UTF-8", why_zh="不是 UTF-8")) from None
    return parsed(text, place)


def parsed(text: str, place: Place) -> object:
    """What a text says."""
    try:
        # By libyaml: the same parser in Python takes ten times as long, at every start.
        events = yaml.parse(text, Loader=yaml.CSafeLoader)
        return _Builder(place).document(iter(events))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        why = str(getattr(error, "problem", None) or error).splitlines()[0][:_LONGEST_WHY]
        line = 0 if mark is None else mark.line + 1
        raise bad(Place(place.file, place.node, line), PackNotReadable(why=why)) from None


class _Builder:
    """Events of the parser become values; each step says where it stands."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._depth = 0

    def document(self, events: Iterator[yaml.Event]) -> object:
        next(events)  # the stream
        if isinstance(next(events), yaml.StreamEndEvent):
            return None
        found = self._value(events, next(events), self._place)
        next(events)  # the end of the document
        if not isinstance(following := next(events), yaml.StreamEndEvent):
            raise bad(self._on(self._place, following), PackNotPlain(what="a second document", what_zh="第二个文档"))
        return found

    def _value(self, events: Iterator[yaml.Event], event: yaml.Event, place: Place) -> object:
        here = self._on(place, event)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise bad(here, PackNotPlain(what="an anchor", what_zh="锚点"))
        if getattr(event, "tag", None) is not None:
            raise bad(here, PackNotPlain(what="a tag", what_zh="标签"))
        if isinstance(event, yaml.ScalarEvent):
            return _plain(event.value) if event.implicit[0] else event.value
        if self._depth == _DEEPEST:
            raise bad(here, PackTooLarge(what="steps of nesting", what_zh="嵌套层数", max=_DEEPEST))
        self._depth += 1
        found = self._mapping(events, here) if isinstance(event, yaml.MappingStartEvent) else self._list(events, here)
        self._depth -= 1
        return found

    def _mapping(self, events: Iterator[yaml.Event], place: Place) -> Body:
        found = Body(place)
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            here = self._on(place, event)
            if not isinstance(event, yaml.ScalarEvent) or event.anchor is not None or event.tag is not None:
                raise bad(here, PackNotPlain(what="a key that is no text", what_zh="非文本的键"))
            if event.value in found:
                raise bad(here, PackNotPlain(what=f"{event.value[:40]} twice", what_zh=f"重复的 {event.value[:40]}"))
            found.lines[event.value] = here.line
            found[event.value] = self._value(events, next(events), place.below(event.value, line=here.line))
        return found

    def _list(self, events: Iterator[yaml.Event], place: Place) -> list[object]:
        found: list[object] = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            found.append(self._value(events, event, place.below(len(found))))
        return found

    def _on(self, place: Place, event: yaml.Event) -> Place:
        mark = event.start_mark
        return place if mark is None else Place(place.file, place.node, mark.line + 1)


def _plain(text: str) -> object:
    """A text without quotes: a word for a value, a whole number, or itself."""
    if text in _WORDS:
        return _WORDS[text]
    return int(text) if _WHOLE.match(text) else text


# --- writing ----------------------------------------------------------------------------------------------------------


def written(document: Mapping[str, object]) -> str:
    """A document as YAML; equal documents are equal texts."""
    return str(
        yaml.dump(
            _native(document), Dumper=_Dumper, allow_unicode=True, sort_keys=False, default_flow_style=None, width=120
        )
    )


class _Dumper(yaml.SafeDumper):
    """Values that stand at several places are written out at each of them."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - what is asked of every dumper
        return True


def _native(value: object) -> object:
    match value:
        case Mapping():
            return {str(key): _native(each) for key, each in value.items()}
        case str() | bool() | int() | None:
            return value
        case Sequence():
            return [_native(each) for each in value]
        case _:
            return str(value)
