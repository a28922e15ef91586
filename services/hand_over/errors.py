"""What can be wrong with a hand-over."""

from __future__ import annotations

from tenants.errors import Conflict, Invalid, NotFound


class HandOverToOneself(Invalid):
    """Records cannot be handed over to the user who owns them."""

    code = "HAND_OVER_TO_ONESELF"
    zh = "不能交接给原负责人本人。"


class HandOverWithoutRules(Invalid):
    """A hand-over has between 1 and {max} rules."""

    code = "HAND_OVER_WITHOUT_RULES"
    zh = "交接需要 1 到 {max} 条规则。"


class HandOverTooManyChosen(Invalid):
    """A rule chooses at most {max} records by their ids."""

    code = "HAND_OVER_TOO_MANY_CHOSEN"
    zh = "每条规则最多按编号选择 {max} 条记录。"


class HandOverTooLarge(Invalid):
    """More than {max} records of {object} belong to this customer; let an administrator hand over."""

    code = "HAND_OVER_TOO_LARGE"
    zh = "该客户的 {object} 记录超过 {max} 条，请由管理员交接。"


class HandOverOwnsNothing(Invalid):
    """{object} is no object whose records have an owner."""

    code = "HAND_OVER_OWNS_NOTHING"
    zh = "{object} 不是有负责人的对象。"


class HandOverNotFound(NotFound):
    """There is no such hand-over."""

    code = "HAND_OVER_NOT_FOUND"
    zh = "没有这次交接。"


class HandOverNotDone(Conflict):
    """Only a hand-over that is done or whose job was parked can be reversed; this one is {state}."""

    code = "HAND_OVER_NOT_DONE"
    zh = "只有已完成或任务已搁置的交接可以撤回，当前状态为 {state}。"


class HandOverLeaverLockedOut(Conflict):
    """The user was locked out, but not by this hand-over alone; let the user in before taking it back."""

    code = "HAND_OVER_LEAVER_LOCKED_OUT"
    zh = "该用户并非仅因本次交接被停用，请先启用该用户再撤回。"


class HandOverTooOld(Conflict):
    """A hand-over can be reversed within {days} days."""

    code = "HAND_OVER_TOO_OLD"
    zh = "交接只能在 {days} 天内撤回。"
