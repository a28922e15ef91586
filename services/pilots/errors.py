"""What pilots can refuse."""

from __future__ import annotations

from tenants.errors import Conflict, Invalid, NotFound, TooMuch


class PilotNotFound(NotFound):
    """There is no such pilot."""

    code = "PILOT_NOT_FOUND"
    zh = "找不到该试点。"


class PilotOver(Conflict):
    """This pilot is over; start another one."""

    code = "PILOT_OVER"
    zh = "该试点已结束,请另行发起。"


class NotAdditive(Conflict):
    """“{name}” is no addition: what others work with already cannot be kept to a group."""

    code = "PILOT_NOT_ADDITIVE"
    zh = "“{name}”不是新增内容:他人已在使用的内容不能限定为试点。"


class HoldsData(Conflict):
    """“{name}” holds data in {count} records; only what is empty can be kept to a group."""

    code = "PILOT_HOLDS_DATA"
    zh = "“{name}”在 {count} 条记录中已有数据,只有尚无数据的内容才能试点。"


class CoordinateMalformed(Invalid):
    """Name an object, a field with its object, a layout or a rule, one of them."""

    code = "COORDINATE_MALFORMED"
    zh = "请指定一个对象、对象的一个字段、一个布局或一条规则,且只指定其一。"


class TooManyPilots(TooMuch):
    """At most {max} pilots run at a time."""

    code = "TOO_MANY_PILOTS"
    zh = "最多同时进行 {max} 个试点。"


class TooManyMembers(TooMuch):
    """A group names at most {max} roles, departments and users."""

    code = "TOO_MANY_MEMBERS"
    zh = "试点范围最多指定 {max} 个角色、部门和用户。"


class TooManyCoordinates(TooMuch):
    """A pilot covers at most {max} things."""

    code = "TOO_MANY_COORDINATES"
    zh = "一个试点最多包含 {max} 项内容。"
