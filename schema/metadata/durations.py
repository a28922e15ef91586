"""Lengths of time as ISO 8601 writes them: `PT1H30M`. A day is 24 hours and a week seven days; months have no length.

One form is written: hours, minutes and seconds, a minus in front. PostgreSQL keeps seconds to the microsecond.
"""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

_FORM = re.compile(
    r"(?P<sign>[+-])?P(?!\Z)(?:(?P<weeks>[0-9]{1,9})W)?(?:(?P<days>[0-9]{1,10})D)?"
    r"(?:T(?!\Z)(?:(?P<hours>[0-9]{1,11})H)?(?:(?P<minutes>[0-9]{1,13})M)?"
    r"(?:(?P<seconds>[0-9]{1,14}(?:[.,][0-9]{1,6})?)S)?)?\Z"
)
_SECONDS = {"weeks": 604_800, "days": 86_400, "hours": 3_600, "minutes": 60, "seconds": 1}
_MICRO = timedelta(microseconds=1)
# Some 3,170 years: a sum of all the records of a table stays a number that Python holds.
LONGEST = timedelta(seconds=10**11)


def parse(text: str) -> timedelta | None:
    """The length, if the text is one and no longer than `LONGEST`."""
    found = _FORM.match(text)
    if found is None:
        return None
    parts = ((unit, found[unit]) for unit in _SECONDS if found[unit])
    total = sum((Decimal(given.replace(",", ".")) * _SECONDS[unit] for unit, given in parts), Decimal(0))
    if total > LONGEST // timedelta(seconds=1):
        return None
    return of_seconds(-total if found["sign"] == "-" else total)


def written(length: timedelta) -> str:
    """The one form of a length."""
    rest = abs(seconds(length))
    hours, rest = divmod(rest, 3_600)
    minutes, rest = divmod(rest, 60)
    shown = [f"{number:f}{unit}" for number, unit in ((hours, "H"), (minutes, "M")) if number]
    if rest or not shown:
        shown.append(f"{rest.normalize():f}S")
    return f"{'-' if length < timedelta(0) else ''}PT{''.join(shown)}"


def seconds(length: timedelta) -> Decimal:
    """As it is stored, and as expressions reckon."""
    return Decimal(length // _MICRO).scaleb(-6)


def of_seconds(stored: Decimal) -> timedelta:
    """The length again."""
    return int(stored.scaleb(6)) * _MICRO
