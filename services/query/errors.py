"""Why a question is not answered: names that are not there, operands that do not fit, rights that are missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema.metadata.errors import NotAnId, UnknownChoice
from tenants.errors import Forbidden, Invalid, TooMuch

if TYPE_CHECKING:
    from tenants.errors import PathStep


class UnknownName(Invalid):
    """There is no “{name}” on “{object}”."""

    code = "UNKNOWN_NAME"
    zh = "“{object}”上没有“{name}”。"
    may_be_stale = True


class NoSuchObject(UnknownName):
    """There is no “{name}”."""

    zh = "没有“{name}”。"


class NoSuchChoice(UnknownChoice):
    """“{field}” has no choice “{key}”.{hint}"""

    zh = "“{field}”没有选项“{key}”。{hint}"
    place = ("filter",)


class NotAnIdInFilter(NotAnId):
    """The filter compares an id with what is not an id."""

    zh = "筛选条件中的 ID 无效。"
    place = ("filter",)


class OperatorNotOffered(Invalid):
    """“{field}” cannot be compared with “{operator}”."""

    code = "OPERATOR_NOT_OFFERED"
    zh = "“{field}”不支持“{operator}”比较。"
    may_be_stale = True


class WrongOperand(Invalid):
    """The value given for “{operator}” does not fit “{field}”."""

    code = "WRONG_OPERAND"
    zh = "“{field}”的“{operator}”取值不合适。"
    # Where the input is a mutation's.
    place = ("filter",)


class NullOperand(Invalid):
    """“{name}” cannot be null in a filter; use isEmpty to find empty values."""

    code = "NULL_OPERAND"
    zh = "筛选条件“{name}”不能为 null;查找空值请使用 isEmpty。"
    place = ("filter",)
    # Where in the filter.
    at: tuple[PathStep, ...] = ()


class NotSortable(Invalid):
    """Records cannot be sorted by “{field}”."""

    code = "NOT_SORTABLE"
    zh = "不能按“{field}”排序。"
    may_be_stale = True


class NotGroupable(Invalid):
    """Records cannot be grouped by “{field}” this way."""

    code = "NOT_GROUPABLE"
    zh = "不能这样按“{field}”分组。"
    may_be_stale = True


class NotMeasurable(Invalid):
    """“{function}” cannot be computed over “{field}”."""

    code = "NOT_MEASURABLE"
    zh = "不能对“{field}”计算“{function}”。"
    may_be_stale = True


class CursorMismatch(Invalid):
    """This cursor belongs to another order."""

    code = "CURSOR_MISMATCH"
    zh = "该游标属于另一种排序。"


class CursorMalformed(Invalid):
    """This is not a cursor that we handed out."""

    code = "CURSOR_MALFORMED"
    zh = "该游标无效。"


class NegativePage(Invalid):
    """A page cannot have fewer than no records."""

    code = "NEGATIVE_PAGE"
    zh = "每页条数不能为负数。"


class PageTooLarge(TooMuch):
    """A page holds at most {max} records."""

    code = "PAGE_TOO_LARGE"
    zh = "每页最多 {max} 条。"


class FilterTooLarge(TooMuch):
    """A filter holds at most {max} conditions, nested at most {depth} deep."""

    code = "FILTER_TOO_LARGE"
    zh = "筛选条件最多 {max} 个,嵌套最多 {depth} 层。"


class ExpressionChoosesNothing(Invalid):
    """The expression asks neither for a field of the record nor for who looks at it, so that it is the same for all."""

    code = "EXPRESSION_CHOOSES_NOTHING"
    zh = "表达式既未涉及记录的字段,也未涉及当前用户,对所有记录与用户结果相同。"


class ObjectNotReadable(Forbidden):
    """You may not read “{object}”."""

    code = "OBJECT_NOT_READABLE"
    zh = "您没有权限查看“{object}”。"


class FieldNotReadable(Forbidden):
    """You may not read {fields}."""

    code = "FIELD_NOT_READABLE"
    zh = "您没有权限查看 {fields}。"


class TrashNotReadable(Forbidden):
    """Only those who may delete “{object}” see its deleted records."""

    code = "TRASH_NOT_READABLE"
    zh = "只有能删除“{object}”的人才能查看已删除的记录。"
