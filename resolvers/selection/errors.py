"""What can be wrong with a selection that is valid GraphQL."""

from __future__ import annotations

from tenants.errors import Invalid


class PagingMixed(Invalid):
    """Page forward with first and after, or backward with last and before, not both."""

    code = "PAGING_MIXED"
    zh = "请使用 first 和 after 向后翻页,或使用 last 和 before 向前翻页,不能混用。"


class NotGrouped(Invalid):
    """“{name}” is read from a group but is no key of groupBy."""

    code = "NOT_GROUPED"
    zh = "读取了分组字段“{name}”,但它不在 groupBy 中。"


class GroupKeyNotTrue(Invalid):
    """A key of groupBy is chosen with true; “{name}” is not."""

    code = "GROUP_KEY_NOT_TRUE"
    zh = "groupBy 的键“{name}”必须为 true。"
