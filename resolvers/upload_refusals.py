"""Why a request that brings its files along is refused, before anything of it is run."""

from __future__ import annotations

from tenants.errors import Forbidden, Invalid, TooMuch


class PreflightMissing(Forbidden):
    """A request with files needs the header GraphQL-Require-Preflight: 1."""

    code = "PREFLIGHT_MISSING"
    zh = "携带文件的请求须带有请求头 GraphQL-Require-Preflight: 1。"


class FilesMapInvalid(Invalid):
    """The map of the files is wrong: {reason}"""

    code = "FILES_MAP_INVALID"
    zh = "文件映射 map 有误:{reason}"


class FileNotSent(Invalid):
    """The map names the part {part}, which did not come."""

    code = "FILE_NOT_SENT"
    zh = "map 中声明的部分 {part} 未收到。"


class FileNotExpected(Invalid):
    """The map does not name the part {part}."""

    code = "FILE_NOT_EXPECTED"
    zh = "map 中没有声明部分 {part}。"


class FilePartRepeated(Invalid):
    """The part {part} is there twice."""

    code = "FILE_PART_REPEATED"
    zh = "部分 {part} 重复出现。"


class TooManyFiles(TooMuch):
    """A request brings at most {max} files."""

    code = "TOO_MANY_FILES"
    zh = "一次请求最多携带 {max} 个文件。"
