"""A pack from its folder: `pack.yaml`, `roles.yaml`, `dictionaries.yaml` and one file for each object.

A pack is written by people, or comes out of a tenant. What does not fit is refused with file, line and node, all at once. Keys of a
field that the engine does not know itself are options of the field's type.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from schema.metadata import naming
from schema.metadata.errors import NameTaken
from schema.metadata.system_objects import SYSTEM_OBJECTS
from services import metadata
from services.packs.documents import Body, read
from services.packs.errors import PackNameReserved, PackNotReadable, PackTooLarge, Place, bad
from services.packs.model import (
    EVERY_OBJECT,
    HEAD,
    DictionaryDefinition,
    EntryDefinition,
    ObjectGrant,
    Pack,
    RoleDefinition,
    derived_id,
)
from services.packs.objects import ObjectReader
from services.packs.reading import Findings, flag, label, malformed, mapping, only, text, texts, whole, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FOLDER = Path(__file__).resolve().parents[2] / "packs"
LARGEST_PACK: Final = 20_000_000
_NAME = re.compile(r"[a-z][a-zA-Z0-9_-]{0,39}\Z")
_MOST_VERSIONS: Final = 2**31 - 1
_OF_PACK: Final = frozenset({"name", "version", "label", "growsFrom"})
_OF_ROLE: Final = frozenset({"label", "isAdmin", "objects", "actions"})
_OF_DICTIONARY: Final = frozenset({"label", "entries"})
_SCOPES = frozenset({"none", "own", "team", "department", "tree", "all"})
_SCOPED = ("read", "update", "delete", "export", "share", "merge", "bulk", "assign")
_DICTIONARY, _ENTRY, _ROLE = (SYSTEM_OBJECTS[each][1].number for each in ("dictionary", "dictionaryEntry", "role"))


@lru_cache(maxsize=16)
def load(name: str, folder: Path = FOLDER) -> Pack:
    """One pack by name; read once in a process."""
    pack = _loaded(folder / name)
    if pack.name != name:
        raise malformed(Place(HEAD, "name"), f"{name}, the name of its folder", f"{name}(文件夹名称)")
    return pack


def released(folder: Path = FOLDER) -> list[str]:
    """The packs that come with this release."""
    return sorted(path.parent.name for path in folder.glob(f"*/{HEAD}"))


def is_pack(here: Path) -> bool:
    """Whether a folder holds a pack."""
    return (here / HEAD).exists()


def load_folder(here: Path) -> Pack:
    """A pack out of any folder; none but those of this release has a name of theirs, or takes their place."""
    pack = _loaded(here)
    if here.resolve().parent != FOLDER:
        for key, name in (("name", pack.name), *(("growsFrom", each) for each in pack.grows_from)):
            refuse_reserved(name, Place(HEAD, key))
    return pack


def refuse_reserved(name: str, place: Place) -> None:
    """Whoever installed another pack by such a name would never get what the standard one brings next."""
    if name in released():
        raise bad(place, PackNameReserved(name=name))


def _loaded(here: Path) -> Pack:
    head = mapping(_read(here, HEAD), Place(HEAD))
    only(head, _OF_PACK)
    name = text(head, "name")
    if not _NAME.match(name):
        raise malformed(
            head.at("name"), "letters, digits, _ and -, the first a small letter", "以小写字母开头的字母、数字、_ 和 -"
        )
    found = Findings()
    reader = ObjectReader(name, found)
    objects = [made for each in _object_files(here) for made in reader.objects(_read(here, each), Place(each))]
    _refuse_twice([(each.name, reader.places[each.name,]) for each in objects], found)
    roles = mapping(_optional(here, "roles.yaml"), Place("roles.yaml"))
    given = mapping(_optional(here, "dictionaries.yaml"), Place("dictionaries.yaml"))
    pack = Pack(
        name=name,
        version=whole(head, "version", least=1, most=_MOST_VERSIONS),
        label=label(head, "label"),
        objects=tuple(sorted(objects, key=lambda each: (each.number, each.name))),
        roles=tuple(_each_role(name, roles, found)),
        dictionaries=tuple(_each_dictionary(name, given, reader, found)),
        layouts=tuple(reader.layouts),
        views=tuple(reader.views),
        grows_from=texts(head.get("growsFrom"), head.at("growsFrom")),
        places=MappingProxyType(reader.places),
    )
    found.settle()
    return pack


def _object_files(here: Path) -> list[str]:
    files = sorted(path.name for path in (here / "objects").glob("*.yaml"))
    if len(files) > metadata.MOST_OBJECTS:
        raise bad(Place("objects"), PackTooLarge(what="objects", what_zh="对象", max=metadata.MOST_OBJECTS))
    if sum((here / "objects" / each).stat().st_size for each in files) > LARGEST_PACK:
        raise bad(Place("objects"), PackTooLarge(what="bytes together", what_zh="总字节数", max=LARGEST_PACK))
    return [f"objects/{each}" for each in files]


def _optional(here: Path, file: str) -> object:
    return _read(here, file) if (here / file).exists() else None


def _read(here: Path, file: str) -> object:
    # A folder from somebody else holds no way out of it.
    if not (here / file).resolve().is_relative_to(here.resolve()):
        raise bad(Place(file), PackNotReadable(why="it lies outside the folder", why_zh="位于文件夹之外"))
    return read(here / file, file)


def _refuse_twice(named: list[tuple[str, Place]], found: Findings) -> None:
    seen: set[str] = set()
    for name, place in named:
        with found.at(place):
            if name in seen:
                raise NameTaken(name=name)
        seen.add(name)


# --- dictionaries -----------------------------------------------------------------------------------------------------


def _each_dictionary(pack: str, given: Body, reader: ObjectReader, found: Findings) -> Iterator[DictionaryDefinition]:
    for name in given:
        reader.places["dictionaries", name] = given.at(name)
        with found.at(given.at(name)):
            yield _dictionary(pack, name, mapping(given[name], given.at(name)))


def _dictionary(pack: str, name: str, body: Body) -> DictionaryDefinition:
    only(body, _OF_DICTIONARY)
    naming.checked(name)
    given = mapping(body.get("entries"), body.at("entries"))
    if len(given) > metadata.MOST_CHOICES:
        raise bad(body.at("entries"), PackTooLarge(what="entries", what_zh="字典项", max=metadata.MOST_CHOICES))
    entries = tuple(_entry(pack, name, key, given) for key in given)
    return DictionaryDefinition(derived_id(pack, _DICTIONARY, name), name, label(body, "label"), entries)


def _entry(pack: str, name: str, key: str, given: Body) -> EntryDefinition:
    place = given.at(key)
    said, body = words(given[key], place, "retired", "parent"), mapping(given[key], place)
    parent = text(body, "parent", "")
    above, seen = parent, {key}
    while above:
        if above not in given or above in seen:
            raise malformed(body.at("parent"), "an entry that this one does not stand above", "不在本项之下的字典项")
        seen.add(above)
        above = text(mapping(given[above], given.at(above)), "parent", "")
    return EntryDefinition(
        derived_id(pack, _ENTRY, name, key), naming.choice_key(key), said, flag(body, "retired"), parent
    )


# --- roles ------------------------------------------------------------------------------------------------------------


def _each_role(pack: str, given: Body, found: Findings) -> Iterator[RoleDefinition]:
    for name in given:
        with found.at(given.at(name)):
            yield _role(pack, name, mapping(given[name], given.at(name)))


def _role(pack: str, name: str, body: Body) -> RoleDefinition:
    only(body, _OF_ROLE)
    grants = mapping(body.get("objects"), body.at("objects"))
    return RoleDefinition(
        id=derived_id(pack, _ROLE, name),
        name=name,
        label=label(body, "label"),
        is_admin=flag(body, "isAdmin"),
        grants=tuple(_grant(each, mapping(grants[each], grants.at(each))) for each in grants),
        actions=texts(body.get("actions"), body.at("actions")),
    )


def _grant(object_name: str, given: Body) -> ObjectGrant:
    only(given, frozenset({"create", "import", *_SCOPED}))
    scopes: Mapping[str, str] = {verb: text(given, verb, "none") for verb in _SCOPED}
    for verb, scope in scopes.items():
        if scope not in _SCOPES:
            raise malformed(
                given.at(verb), f"one of {', '.join(sorted(_SCOPES))}", f"{'、'.join(sorted(_SCOPES))} 之一"
            )
    name = EVERY_OBJECT if object_name == "all" else object_name
    return ObjectGrant(name, flag(given, "create"), import_=flag(given, "import"), **scopes)
