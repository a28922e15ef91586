"""Addresses in China: the code of an area after GB/T 2260, and the street with whatever else the postman needs. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from schema.metadata import areas
from schema.metadata.errors import NotAnArea, TooLong, WrongType
from schema.metadata.normal_text import normal
from schema.metadata.values import storable

if TYPE_CHECKING:
    from schema.metadata.fields import Field

LONGEST_STREET = 200
_CODE = re.compile(r"[0-9]{6}\Z")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Address:
    """An area by its code, and the line below it."""

    code: str
    street: str = ""

    @property
    def names(self) -> list[str | None]:
        """Province, city and district, as they are called now."""
        found = areas.area(self.code)
        return [] if found is None else [found.province, found.city, found.district]

    @property
    def text(self) -> str:
        """The whole address in one line."""
        found = areas.area(self.code)
        return f"{'' if found is None else found.text}{self.street}"


def address(raw: object, _: Field) -> object:
    """`{code, street}`; the area may be as rough as is known."""
    if raw is None or isinstance(raw, Address):
        return raw
    if not isinstance(raw, Mapping):
        raise WrongType(type="address")
    code = normal("NFKC", storable(raw.get("code"), "address")).strip()
    if not _CODE.match(code) or areas.area(code) is None:
        raise NotAnArea(code=code[:12])
    given = raw.get("street")
    line = "" if given is None else storable(given, "address")
    street = _SPACES.sub(" ", normal("NFKC", line)).strip()
    if len(street) > LONGEST_STREET:
        raise TooLong(max=LONGEST_STREET, length=len(street))
    return Address(code, street)
