"""What sharing can refuse."""

from __future__ import annotations

from tenants.errors import Forbidden, Invalid


class NotShareable(Forbidden):
    """You may not share this record, or not as far as that."""

    code = "NOT_SHAREABLE"
    zh = "您不能共享该记录,或不能以此级别共享。"


class OneGrantee(Invalid):
    """Share with exactly one: a user, a department or a team."""

    code = "ONE_GRANTEE"
    zh = "只能共享给一个用户、部门或团队。"


class GranteeInactive(Invalid):
    """This user is deactivated."""

    code = "GRANTEE_INACTIVE"
    zh = "该用户已停用。"


class ShareNotNeeded(Invalid):
    """Neither you nor the owner of a record needs a share of it."""

    code = "SHARE_NOT_NEEDED"
    zh = "您本人和记录负责人都无需共享该记录。"


class AlreadyOver(Invalid):
    """This moment is over already."""

    code = "ALREADY_OVER"
    zh = "该时间已经过去。"
