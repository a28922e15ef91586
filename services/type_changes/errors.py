"""What can be wrong with a change of a field's type."""

from __future__ import annotations

from tenants.errors import Conflict, Invalid, NotFound


class ConversionNotOffered(Invalid):
    """A field of type {type} cannot become {wanted}; it can become: {types}."""

    code = "CONVERSION_NOT_OFFERED"
    zh = "类型为 {type} 的字段不能改为 {wanted},可改为:{types}。"


class ValuesNotConvertible(Conflict):
    """{count} values do not fit the new type; preview them, correct them, or say that they are cleared."""

    code = "VALUES_NOT_CONVERTIBLE"
    zh = "有 {count} 个值不符合新类型;请先预览并更正,或指定清空。"


class ChoicesWouldTell(Invalid):
    """Not everybody may read the values of this field, and choices are read by all: name the choices yourself."""

    code = "CHOICES_WOULD_TELL"
    zh = "并非所有人都能读取该字段的值,而选项对所有人可见:请自行指定选项。"


class InUse(Conflict):
    """This would break what uses it: {names}. Change that first, or confirm."""

    code = "IN_USE"
    zh = "此操作会影响正在使用它的内容:{names}。请先调整,或确认继续。"
    place = ("confirm",)


class NothingToUndo(NotFound):
    """There is no change of this field's type that could be taken back."""

    code = "NOTHING_TO_UNDO"
    zh = "该字段没有可以撤销的类型更改。"
