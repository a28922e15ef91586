"""What saved views can refuse."""

from __future__ import annotations

from tenants.errors import Invalid, NotFound, TooMuch


class SavedViewNotFound(NotFound):
    """There is no such view, or it is not yours to change."""

    code = "SAVED_VIEW_NOT_FOUND"
    zh = "找不到该视图,或您不能更改它。"


class PartMalformed(Invalid):
    """This does not have the form {form}."""

    code = "PART_MALFORMED"
    zh = "此处须为 {form} 的形式。"


class SettingMissing(Invalid):
    """A view of kind {kind} needs the setting {setting}."""

    code = "SETTING_MISSING"
    zh = "类型为 {kind} 的视图需要设置 {setting}。"


class UnknownSetting(Invalid):
    """A view of kind {kind} has no setting {setting}."""

    code = "UNKNOWN_SETTING"
    zh = "类型为 {kind} 的视图没有设置 {setting}。"


class FieldDoesNotFit(Invalid):
    """“{field}” cannot be the setting {setting} of a view of kind {kind}."""

    code = "FIELD_DOES_NOT_FIT"
    zh = "“{field}”不能用作 {kind} 视图的设置 {setting}。"


class DefaultNotShared(Invalid):
    """A view that comes first for others has to be shared with them."""

    code = "DEFAULT_NOT_SHARED"
    zh = "设为默认的视图须先共享给相应的人。"


class TooManyViews(TooMuch):
    """One person keeps at most {max} views."""

    code = "TOO_MANY_VIEWS"
    zh = "每人最多保存 {max} 个视图。"


class TooManyParts(Invalid):
    """A view holds at most {max} of these; there are {count}."""

    code = "TOO_MANY_PARTS"
    zh = "视图中此项最多 {max} 个,当前为 {count} 个。"
