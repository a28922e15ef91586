"""What standing in for somebody can refuse."""

from __future__ import annotations

from tenants.errors import Invalid


class DelegationToOneself(Invalid):
    """Nobody stands in for himself."""

    code = "DELEGATION_TO_ONESELF"
    zh = "不能将自己设为自己的代理人。"


class EndsBeforeItStarts(Invalid):
    """A delegation ends after it starts, and not in the past."""

    code = "ENDS_BEFORE_IT_STARTS"
    zh = "代理的结束时间须晚于开始时间和当前时间。"
