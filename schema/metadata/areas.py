"""The areas of China by the codes of GB/T 2260: provinces, cities and districts, as `areas.tsv` beside this file has them.

The first two digits are the province, four the city, six the district. Districts of municipalities, and some others, hang on
their province without a city; some cities have no districts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

_TABLE = Path(__file__).with_name("areas.tsv")


@dataclass(frozen=True, slots=True)
class Area:
    """An area with those around it; each but the province may be missing."""

    code: str
    province: str
    city: str | None = None
    district: str | None = None

    @property
    def text(self) -> str:
        """As it is written on an envelope."""
        return f"{self.province}{self.city or ''}{self.district or ''}"


def area(code: str) -> Area | None:
    """The area of a code, if there is one."""
    names = _names()
    if code not in names:
        return None
    province, city = f"{code[:2]}0000", f"{code[:4]}00"
    return Area(
        code,
        names[province],
        None if code == province else names.get(city),
        None if code in {province, city} else names[code],
    )


@cache
def _names() -> Mapping[str, str]:
    lines = (line.partition("\t") for line in _TABLE.read_text(encoding="utf-8").splitlines() if line[:1] != "#")
    return MappingProxyType({code: name for code, _, name in lines})
