"""Why a quote is neither approved nor rejected."""

from __future__ import annotations

from tenants.errors import Conflict, Invalid


class QuoteNotDraft(Conflict):
    """Only a draft is approved or rejected; this quote is {status}."""

    code = "QUOTE_NOT_DRAFT"
    zh = "只有草稿状态的报价单可以审批，当前状态为 {status}。"


class QuoteOutdated(Conflict):
    """This quote was valid until {day}."""

    code = "QUOTE_OUTDATED"
    zh = "该报价单有效期至 {day}，已过期。"


class ReasonMissing(Invalid):
    """Say why."""

    code = "REASON_MISSING"
    zh = "请填写原因。"
