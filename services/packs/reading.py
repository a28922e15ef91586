"""What every reader of pack files needs: members of the right kind, and everything that is wrong, found at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from schema.metadata import naming
from schema.metadata.errors import NameReserved, NotAName
from schema.metadata.fields import NO_LABEL, Label
from services import metadata
from services.packs.documents import Body
from services.packs.errors import BadPack, Finding, PackKeyUnknown, PackMalformed, bad
from tenants.errors import Fault, Refused

if TYPE_CHECKING:
    from services.packs.errors import Place

_MOST_SHOWN = 40


class Findings:
    """What was found wrong in a pack so far; `settle` ends with all of it."""

    def __init__(self) -> None:
        self._found: list[Finding] = []

    @contextmanager
    def at(self, place: Place) -> Iterator[None]:
        """What is refused inside is wrong there, and the reading goes on behind."""
        try:
            yield
        except BadPack as found:
            self._found += found.findings
        except Refused as refused:
            self._found += [Finding(place.below(*each.path), each.fault) for each in refused.violations]
        except Fault as fault:
            self._found.append(Finding(place, fault))

    def note(self, place: Place, fault: Fault) -> None:
        """Something is wrong there."""
        self._found.append(Finding(place, fault))

    def settle(self) -> None:
        """Go on only if nothing was found."""
        if self._found:
            raise BadPack(dict.fromkeys(self._found))


def malformed(place: Place, wanted: str, wanted_zh: str) -> BadPack:
    """Something else is expected there."""
    return bad(place, PackMalformed(wanted=wanted, wanted_zh=wanted_zh))


def mapping(value: object, place: Place) -> Body:
    """A mapping; nothing is an empty one."""
    if value is None:
        return Body(place)
    if not isinstance(value, Body):
        raise malformed(place, "a mapping", "键值映射")
    return value


def sequence(value: object, place: Place) -> Sequence[object]:
    """A list; nothing is an empty one."""
    if value is None:
        return ()
    if not isinstance(value, list):
        raise malformed(place, "a list", "列表")
    return value


def texts(value: object, place: Place) -> tuple[str, ...]:
    """A list of texts."""
    return tuple(text_of(each, place.below(at)) for at, each in enumerate(sequence(value, place)))


def text_of(value: object, place: Place) -> str:
    """A text; a whole number is one too."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise malformed(place, "a text", "文本")
    return str(value)


def text(body: Body, key: str, default: str | None = None) -> str:
    """A member that is a text; without a default it must be there."""
    if body.get(key) is None:
        if default is not None:
            return default
        raise malformed(body.at(key), f"{key}, a text", f"{key}(文本)")
    return text_of(body[key], body.at(key))


def whole(body: Body, key: str, *, least: int, most: int) -> int:
    """A member that is a whole number."""
    value = body.get(key)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        said = f"{least} – {most}"
        raise malformed(body.at(key), f"{key}, a whole number {said}", f"{key}({said} 的整数)")
    return value


def flag(body: Body, key: str) -> bool:
    """A member that is true or false; false where it is not there."""
    value = body.get(key, False)
    if not isinstance(value, bool):
        raise malformed(body.at(key), "true or false", "true 或 false")
    return value


def only(body: Body, known: frozenset[str]) -> None:
    """Refuse members that mean nothing here."""
    unknown = [key for key in body if key not in known]
    if unknown:
        said = ", ".join(sorted(known))
        raise BadPack(Finding(body.at(key), PackKeyUnknown(key=key[:_MOST_SHOWN], known=said)) for key in unknown)


def label(body: Body, key: str) -> Label:
    """A member that is words in at least one language."""
    return words(body.get(key), body.at(key))


def optional_label(body: Body, key: str) -> Label:
    """The same where there may be none."""
    return words(body[key], body.at(key)) if body.get(key) is not None else NO_LABEL


def named(name: str, place: Place) -> str:
    """A name as it stands: the ending of tenants is part of it."""
    try:
        if naming.checked(name) != naming.base_of(name) or name != name.strip():
            raise malformed(place, "a name", "名称")
        naming.refuse_reserved(name)
    except (NameReserved, NotAName) as fault:
        raise bad(place, fault) from None
    return name


def words(value: object, place: Place, *more: str) -> Label:
    """Words in both languages; `more` names what else may stand beside them."""
    given = mapping(value, place)
    # Without quotes, `1,000` ends at its comma, and the rest is a key.
    only(given, frozenset({"zh", "en", *more}))
    try:
        return metadata.checked_label(Label(text(given, "zh", ""), text(given, "en", "")))
    except Fault as fault:
        raise bad(place, fault) from None
