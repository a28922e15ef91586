"""Why an opportunity is not closed or opened."""

from __future__ import annotations

from tenants.errors import Conflict, Invalid


class OpportunityClosed(Conflict):
    """This opportunity is closed already ({stage})."""

    code = "OPPORTUNITY_CLOSED"
    zh = "该商机已关闭（{stage}）。"


class OpportunityOpen(Conflict):
    """This opportunity is open."""

    code = "OPPORTUNITY_OPEN"
    zh = "该商机未关闭。"


class StageNotOpen(Invalid):
    """An opportunity is opened again in a stage before won and lost."""

    code = "STAGE_NOT_OPEN"
    zh = "重新打开商机时只能选择赢单、输单之前的阶段。"
