"""What graphql-core and our scalars complain of, in Chinese: they write English, and a caller is answered in his language.

A complaint that is not known here is told in English behind a Chinese beginning; nothing is lost.
"""

from __future__ import annotations

import re

_END = r"(?P<hint>(?: Did you mean .*)?)\Z"
# Values that are shown may be of any kind and length; names are words.
_WORDINGS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(english, re.DOTALL), chinese)
    for english, chinese in (
        (
            r"Variable '(?P<a>\$\w+)' has invalid value(?: at (?P<b>[^:]+))?: (?P<rest>.*)\Z",
            "变量 {a}{b} 的值无效:{rest}",
        ),
        (r"(?P<a>[\w.]+): (?P<b>.{1,60}) does not fit\. (?P<rest>.*)\Z", "{a} 的值 {b} 不合适:{rest}"),
        (r"Cannot query field '(?P<a>\w+)' on type '(?P<b>\w+)'\." + _END, "类型 {b} 没有字段 {a}。{hint}"),
        (r"Unknown argument '(?P<a>\w+)' on field '(?P<b>[\w.]+)'\." + _END, "字段 {b} 没有参数 {a}。{hint}"),
        (
            r"Expected value of type '(?P<a>[^']+)' not to include unknown field '(?P<b>\w+)', found: .*?" + _END,
            "类型 {a} 没有输入字段 {b}。{hint}",
        ),
        (
            r"Expected value of type '(?P<a>[^']+)' to include required field '(?P<b>\w+)', found: .*\Z",
            "类型 {a} 缺少必填的输入字段 {b}。",
        ),
        (
            r"Expected value of type '(?P<a>[^']+)' to be an object, found: (?P<b>.*)\.\Z",
            "类型 {a} 须为对象,而不是 {b}。",
        ),
        (r"Expected a value of non-null type '(?P<a>[^']+)' to be provided\.\Z", "必须提供类型 {a} 的值。"),
        (r"Expected value of non-null type '(?P<a>[^']+)' not to be (?:None|null)\.\Z", "类型 {a} 的值不能为 null。"),
        (r"Value '(?P<a>[^']+)' does not exist in '(?P<b>\w+)' enum\." + _END, "枚举 {b} 没有值 {a}。{hint}"),
        (
            r"(?P<a>\w+) cannot represent (?:a )?non 32-bit signed integer value: (?P<b>.*)\Z",
            "{b} 超出 {a} 的 32 位范围。",
        ),
        (r"(?P<a>\w+) cannot represent (?:a )?non[- ]\w+(?:[ -]\w+)* value: (?P<b>.*)\Z", "{b} 不是有效的 {a}。"),
        (
            r"Field '(?P<a>\w+)' of type '(?P<b>[^']+)' must have a selection of subfields\..*\Z",
            "字段 {a} 的类型为 {b},须选择其子字段。",
        ),
        (
            r"Field '(?P<a>\w+)' must not have a selection since type '(?P<b>[^']+)' has no subfields\.\Z",
            "字段 {a} 的类型为 {b},没有子字段可选。",
        ),
        (
            r"Argument '(?P<a>[\w.]+)\((?P<b>\w+):\)' of type '(?P<c>[^']+)' is required, .*\Z",
            "字段 {a} 须给出类型为 {c} 的参数 {b}。",
        ),
        (r"Variable '(?P<a>\$\w+)' is not defined.*\Z", "变量 {a} 未定义。"),
        (r"Variable '(?P<a>\$\w+)' is never used.*\Z", "变量 {a} 未被使用。"),
        (
            r"Variable '(?P<a>\$\w+)' of type '(?P<b>[^']+)' used in position expecting type '(?P<c>[^']+)'\.\Z",
            "变量 {a} 的类型为 {b},此处须为 {c}。",
        ),
        (r"There can be only one (?P<a>\w+) named '(?P<b>[^']+)'\.\Z", "名为 {b} 的 {a} 只能有一个。"),
        (r"Unknown type '(?P<a>\w+)'\." + _END, "没有类型 {a}。{hint}"),
        (r"Unknown directive '(?P<a>@\w+)'\.\Z", "没有指令 {a}。"),
        (r"Unknown fragment '(?P<a>\w+)'\.\Z", "没有片段 {a}。"),
        (r"Fragment '(?P<a>\w+)' is never used\.\Z", "片段 {a} 未被使用。"),
        (r'A decimal number is expected, as text like "12\.50"\.\Z', '须为十进制数文本,如 "12.50"。'),
        (
            r'A whole number of at most 64 bits is expected, as text like "1200"\.\Z',
            '须为不超过 64 位的整数文本,如 "1200"。',
        ),
        (r'A date like "2026-03-31" is expected\.\Z', '须为日期,如 "2026-03-31"。'),
        (
            r'A moment with its offset like "2026-03-31T09:30:00\+08:00" is expected\.\Z',
            '须为带时区偏移的时刻,如 "2026-03-31T09:30:00+08:00"。',
        ),
        (r'A time of day like "09:30" or "09:30:15" is expected\.\Z', '须为一天中的时间,如 "09:30" 或 "09:30:15"。'),
        (
            r'A length of time after ISO 8601 like "PT1H30M" is expected, without years and months\.\Z',
            '须为 ISO 8601 时长,如 "PT1H30M",不含年和月。',
        ),
        (r"A single value is expected\.\Z", "须为单个值。"),
        (r"A file is expected, in a part of a multipart request\.\Z", "须为 multipart 请求中的文件。"),
    )
)
_HINT = re.compile(r" Did you mean (?P<names>.*)\?\Z", re.DOTALL)
_UNKNOWN = "请求与接口定义不符:{}"


def in_chinese(complaint: str) -> str:
    """The same complaint in Chinese."""
    return _worded(complaint) or _UNKNOWN.format(complaint)


def _worded(complaint: str) -> str | None:
    for english, chinese in _WORDINGS:
        found = english.match(complaint)
        if found is not None:
            given = {name: each or "" for name, each in found.groupdict().items()}
            if "rest" in given:
                given["rest"] = _worded(given["rest"]) or given["rest"]
            if "hint" in given:
                given["hint"] = _hint(given["hint"])
            return chinese.format(**given)
    return None


def _hint(english: str) -> str:
    found = _HINT.match(english)
    return "" if found is None else f"您是否想写{found['names'].replace(' or ', '、')}?"
