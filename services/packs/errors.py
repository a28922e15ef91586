"""What is wrong with a pack, each thing with its file, line and node; nothing is made of a pack that has any."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tenants.errors import Conflict, Invalid, NotFound, TooMuch, printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tenants.errors import Fault, Language


class PackMalformed(Invalid):
    """Here {wanted} is expected."""

    code = "PACK_MALFORMED"
    zh = "此处须为 {wanted}。"


class PackNotReadable(Invalid):
    """This cannot be read as YAML: {why}."""

    code = "PACK_NOT_READABLE"
    zh = "无法按 YAML 读取:{why}。"


class PackNotPlain(Invalid):
    """A pack holds plain values only; {what} is none."""

    code = "PACK_NOT_PLAIN"
    zh = "方案包只能包含普通值,不能使用{what}。"


class PackKeyUnknown(Invalid):
    """There is no {key} here; there are {known}."""

    code = "PACK_KEY_UNKNOWN"
    zh = "此处没有 {key};可用:{known}。"


class PackTooLarge(TooMuch):
    """A pack has at most {max} of {what}."""

    code = "PACK_TOO_LARGE"
    zh = "方案包中的 {what} 最多为 {max}。"


class PackNameTaken(Conflict):
    """This tenant, or another pack of it, has a “{name}” of its own."""

    code = "PACK_NAME_TAKEN"
    zh = "该租户或其他方案包已有自己的“{name}”。"


class PackNotNewer(Conflict):
    """Version {present} of {name} is there already with other content; raise the version above it, or rename this pack."""

    code = "PACK_NOT_NEWER"
    zh = "已安装 {name} 的版本 {present},其内容与此不同:请使用更高的版本号,或为此方案包另取名称。"


class PackNameReserved(Invalid):
    """{name} is a pack of this release; another one needs another name."""

    code = "PACK_NAME_RESERVED"
    zh = "{name} 是本版本自带的方案包,请使用其他名称。"


class PackKindChanged(Conflict):
    """The {property} of what is there never changes with a pack: it is {present}, and {given} here."""

    code = "PACK_KIND_CHANGED"
    zh = "方案包不能更改已有内容的 {property}:当前为 {present},此处为 {given}。"


class PackValuesNotUnique(Conflict):
    """Records that are there hold the same values where this pack lets no two be alike."""

    code = "PACK_VALUES_NOT_UNIQUE"
    zh = "已有记录在方案包要求唯一的字段上取值相同。"


class PackTargetMissing(Invalid):
    """There is no “{name}”, in this pack or in the tenant."""

    code = "PACK_TARGET_MISSING"
    zh = "方案包和租户中都没有“{name}”。"


class PackNotInstalled(NotFound):
    """The pack {name} is not installed."""

    code = "PACK_NOT_INSTALLED"
    zh = "方案包 {name} 未安装。"


class PackNotReleased(NotFound):
    """The pack {name} is no part of this release; whoever has its folder installs it."""

    code = "PACK_NOT_RELEASED"
    zh = "方案包 {name} 不随本版本发布,请用其文件夹安装。"


@dataclass(frozen=True, slots=True)
class Place:
    """A node of a pack: `objects/customer.yaml:14 fields.level`."""

    file: str
    node: str = ""
    line: int = 0

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where} {self.node}".rstrip()

    def below(self, *steps: str | int, line: int = 0) -> Place:
        """A place inside this one."""
        return Place(self.file, ".".join(filter(None, (self.node, *map(str, steps)))), line or self.line)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, and where."""

    place: Place
    fault: Fault

    def told(self, language: Language = "en") -> str:
        """The line that somebody mends it by."""
        return printable(f"{self.place}: {self.fault.code}: {self.fault.message(language)}")


class BadPack(Exception):
    """A pack's files do not say what a pack must say; all that was found."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(each.told() for each in self.findings))


def bad(place: Place, fault: Fault) -> BadPack:
    """One thing that ends the reading."""
    return BadPack((Finding(place, fault),))
