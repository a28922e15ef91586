"""How a value of each type is written in one cell of a sheet: the form in words, and an example.

What a cell may hold follows the type, never the tenant; choices, lengths and patterns of a field stand beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from schema.metadata.fields import Label
from schema.metadata.types import FIELD_TYPES, LINKED, SYSTEM_ONLY, Output


@dataclass(frozen=True, slots=True)
class ImportForm:
    """What is written in a cell, and one cell as it may look."""

    words: Label
    # The same in both languages, but for words.
    example: str
    example_en: str = ""

    def shown(self, language: str) -> str:
        """The cell for whoever reads this language."""
        return self.example_en if language == "en" and self.example_en else self.example


_TEXT = Label("文本", "text")
_MAIL = Label("邮箱", "an e-mail address")
_MAILS = Label("邮箱,多个用逗号分隔", "e-mail addresses with commas between them")

FORMS: Mapping[str, ImportForm] = MappingProxyType({
    "text": ImportForm(_TEXT, "示例", "Example"),
    "longText": ImportForm(Label("文本,可换行", "text, lines too"), "第一行", "First line"),
    "richText": ImportForm(Label("文本或 HTML", "text or HTML"), "<p>示例</p>", "<p>Example</p>"),
    "integer": ImportForm(Label("整数", "a whole number"), "12"),
    "rating": ImportForm(Label("星数", "a number of stars"), "4"),
    "decimal": ImportForm(Label("数字", "a number"), "12.5"),
    "percent": ImportForm(Label("百分数,不带 %", "per cent, without the sign"), "12.5"),
    "currency": ImportForm(Label("金额,可带货币代码", "an amount, with the currency if it is another"), "1200.50 CNY"),
    "boolean": ImportForm(Label("是 / 否", "yes / no"), "是", "yes"),
    "date": ImportForm(Label("YYYY-MM-DD", "YYYY-MM-DD"), "2026-01-31"),
    "dateTime": ImportForm(Label("YYYY-MM-DD HH:MM", "YYYY-MM-DD HH:MM"), "2026-01-31 09:30"),
    "time": ImportForm(Label("HH:MM", "HH:MM"), "09:30"),
    "duration": ImportForm(Label("ISO 8601 时长", "a length of time as in ISO 8601"), "PT1H30M"),
    "choice": ImportForm(Label("选项之一", "one of the choices"), ""),
    "multiChoice": ImportForm(Label("选项,多个用逗号分隔", "choices with commas between them"), ""),
    "tags": ImportForm(Label("标签,多个用逗号分隔", "tags with commas between them"), "重点,华东", "important,east"),
    "phone": ImportForm(
        Label("手机号,或带国家代码的号码", "a telephone number, with its country if it is another"), "13800138000"
    ),
    "email": ImportForm(_MAIL, "name@example.com"),
    "url": ImportForm(Label("网址", "a web address"), "https://example.com"),
    "creditCode": ImportForm(
        Label("18 位统一社会信用代码", "a social credit code of 18 characters"), "91350100M000100Y43"
    ),
    "barcode": ImportForm(Label("条码", "a barcode"), "6901234567892"),
    "person": ImportForm(_MAIL, "name@example.com"),
    "persons": ImportForm(_MAILS, "a@example.com,b@example.com"),
    "department": ImportForm(Label("部门名称", "the name of a department"), "华东销售部", "Sales East"),
    "relation": ImportForm(
        Label("关联记录的名称或编号", "the name or the id of the record"), "海蓝科技有限公司", "Example Ltd."
    ),
    "geolocation": ImportForm(Label("纬度,经度", "latitude,longitude"), "31.240018,121.490317"),
    "address": ImportForm(
        Label("行政区划代码 街道地址", "the code of the area, then the street"),
        "110101 长安街 1 号",
        "110101 Chang'an Avenue 1",
    ),
    "json": ImportForm(Label("JSON", "JSON"), '{"a": 1}'),
    "encryptedText": ImportForm(_TEXT, "示例", "Example"),
})

# Types that one cell can hold: entered by somebody, and neither files nor links.
IMPORTED = tuple(
    name
    for name, kind in FIELD_TYPES.items()
    if name not in SYSTEM_ONLY | LINKED and not kind.computed and kind.output is not Output.FILES
)
