"""The seven families of failure and the one base that all of them share.

Every error that a caller can see is a class with a stable code, an English message in its docstring and a
Chinese one in `zh`. Doors decide what a family becomes on their wire; nothing below a door knows about HTTP.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Literal, TypeAlias

Language: TypeAlias = Literal["en", "zh"]
PathStep: TypeAlias = str | int
Scalar: TypeAlias = str | int | None


class Family(StrEnum):
    """What kind of failure it is; the closed list of the public contract."""

    UNAUTHENTICATED = "UNAUTHENTICATED"
    NOT_FOUND = "NOT_FOUND"
    FORBIDDEN = "FORBIDDEN"
    INVALID = "INVALID"
    CONFLICT = "CONFLICT"
    TOO_MUCH = "TOO_MUCH"
    UNAVAILABLE = "UNAVAILABLE"


class Fault(Exception):
    """Something went wrong."""

    family: ClassVar[Family]
    code: ClassVar[str]
    zh: ClassVar[str] = "出错了。"
    # A refusal that an outdated snapshot could explain (unknown name, forbidden): the unit of work reads
    # `state` once before it lets such a refusal out.
    may_be_stale: ClassVar[bool] = False
    # Where in the input it lies, for one that always lies at the same place (GraphQL spelling).
    place: ClassVar[tuple[PathStep, ...]] = ()

    def __init__(self, **details: Scalar) -> None:
        self.details = details
        super().__init__(self.code)

    def message(self, language: Language = "en") -> str:
        """The sentence for the caller; placeholders in braces are filled from the details, `x_zh` before `x` in Chinese."""
        template = self.zh if language == "zh" else (type(self).__doc__ or self.code).strip()
        words = {name.removesuffix("_zh"): given for name, given in self.details.items() if name.endswith("_zh")}
        return template.format_map(_Details({**self.details, **words} if language == "zh" else self.details))


class _Details(dict[str, Scalar]):
    """A missing detail prints as nothing: an error message must never raise."""

    def __missing__(self, key: str) -> str:
        return ""


class Unauthenticated(Fault):
    """Sign in to do this."""

    family = Family.UNAUTHENTICATED
    code = "UNAUTHENTICATED"
    zh = "请先登录。"


class NotFound(Fault):
    """There is no such thing here."""

    family = Family.NOT_FOUND
    code = "NOT_FOUND"
    zh = "找不到该内容。"


class Forbidden(Fault):
    """You may not do this."""

    family = Family.FORBIDDEN
    code = "FORBIDDEN"
    zh = "您没有权限执行此操作。"
    may_be_stale = True


class Invalid(Fault):
    """The input is not valid."""

    family = Family.INVALID
    code = "INVALID"
    zh = "输入无效。"


class Conflict(Fault):
    """This does not fit the present state of the data."""

    family = Family.CONFLICT
    code = "CONFLICT"
    zh = "与当前数据状态冲突。"


class TooMuch(Fault):
    """This is more than one request may ask for."""

    family = Family.TOO_MUCH
    code = "TOO_MUCH"
    zh = "单次请求超出限制。"


class Unavailable(Fault):
    """This cannot be answered right now; try again."""

    family = Family.UNAVAILABLE
    code = "UNAVAILABLE"
    zh = "暂时无法处理,请稍后重试。"


class Stale(Exception):
    """The statement was built for an older shape or policy; nothing was answered and nothing was written."""


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing wrong with the input: where (GraphQL spelling) and what."""

    path: tuple[PathStep, ...]
    fault: Fault


class Refused(Fault):
    """The input was refused."""

    # Carries every INVALID and CONFLICT of one verb at once; mutations answer them as the payload's `errors`.
    family = Family.INVALID
    code = "REFUSED"
    zh = "输入被拒绝。"

    def __init__(self, violations: tuple[Violation, ...], duplicates: tuple[Duplicate, ...] = ()) -> None:
        super().__init__()
        self.violations = violations
        self.duplicates = duplicates


@dataclass(frozen=True, slots=True)
class Duplicate:
    """An existing record that stands in the way, named only if the caller may see it."""

    object_name: str
    record_id: str
    score: float
    reasons: tuple[str, ...]


def printable(text: str) -> str:
    """A text of somebody's as a terminal may have it: what would steer it is written as an escape."""
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)
