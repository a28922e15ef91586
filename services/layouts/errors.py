"""What layouts can refuse."""

from __future__ import annotations

from tenants.errors import Conflict, Invalid, NotFound, TooMuch


class LayoutNotFound(NotFound):
    """There is no such layout."""

    code = "LAYOUT_NOT_FOUND"
    zh = "找不到该布局。"


class LayoutTaken(Conflict):
    """There is a layout for this object, role and stage already; change that one."""

    code = "LAYOUT_TAKEN"
    zh = "该对象、角色和阶段已有布局,请修改已有的布局。"


class LayoutMalformed(Invalid):
    """This does not have the form {form}."""

    code = "LAYOUT_MALFORMED"
    zh = "此处须为 {form} 的形式。"


class FieldPlacedTwice(Invalid):
    """“{field}” stands in this layout already."""

    code = "FIELD_PLACED_TWICE"
    zh = "“{field}”已在该布局中。"


class NotAStage(Invalid):
    """A stage is a choice of a choice field; name both."""

    code = "NOT_A_STAGE"
    zh = "阶段须为选项字段的一个选项,请同时指定字段和选项。"


class TooManyLayouts(TooMuch):
    """An object has at most {max} layouts."""

    code = "TOO_MANY_LAYOUTS"
    zh = "每个对象最多 {max} 个布局。"
