"""Raw inputs of the types of time that are no day and no moment: a time of day, and a length of time. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

from schema.metadata import durations
from schema.metadata.errors import OutOfRange, WrongType
from schema.metadata.normal_text import normal

if TYPE_CHECKING:
    from schema.metadata.fields import Field

T = TypeVar("T")

_TIME = re.compile(r"[0-9]{2}:[0-9]{2}(:[0-9]{2})?\Z")
_LONGEST = 40


def read_time(text: str) -> dt.time | None:
    """`09:30` or `09:30:15`, nothing else."""
    if not _TIME.match(text):
        return None
    try:
        return dt.time.fromisoformat(text)
    except ValueError:
        return None


def time_of_day(raw: object, field: Field) -> object:
    """A time of day to the second, in no zone: `09:30:00`."""
    if isinstance(raw, str):
        raw = _read(raw, read_time, "time")
    if raw is None:
        return None
    if not isinstance(raw, dt.time) or raw.tzinfo is not None or raw.microsecond:
        raise WrongType(type="time")
    least, most = (None if limit is None else dt.time.fromisoformat(limit) for limit in _limits(field))
    if (least is not None and raw < least) or (most is not None and raw > most):
        raise _out_of_range(field)
    return raw


def duration(raw: object, field: Field) -> object:
    """A length of time as ISO 8601 writes it: `PT1H30M`."""
    if isinstance(raw, str):
        raw = _read(raw, durations.parse, "duration")
    if raw is None:
        return None
    if not isinstance(raw, timedelta):
        raise WrongType(type="duration")
    if not -durations.LONGEST <= raw <= durations.LONGEST:
        raise OutOfRange(min=durations.written(-durations.LONGEST), max=durations.written(durations.LONGEST))
    least, most = (None if limit is None else durations.parse(limit) for limit in _limits(field))
    if (least is not None and raw < least) or (most is not None and raw > most):
        raise _out_of_range(field)
    return raw


def _read(text: str, parse: Callable[[str], T | None], type_name: str) -> T | None:
    """Nothing of an empty text; a text that is no such value is refused."""
    if len(text) > _LONGEST:
        raise WrongType(type=type_name)
    plain = normal("NFKC", text).strip()
    if not plain:
        return None
    found = parse(plain)
    if found is None:
        raise WrongType(type=type_name)
    return found


def _limits(field: Field) -> tuple[str | None, str | None]:
    least, most = field.option("min"), field.option("max")
    return (None if least is None else str(least)), (None if most is None else str(most))


def _out_of_range(field: Field) -> OutOfRange:
    least, most = _limits(field)
    return OutOfRange(min=least or "…", max=most or "…")
