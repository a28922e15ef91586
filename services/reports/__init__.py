"""Reports: today the nightly snapshot of the sales funnel."""

from services.reports.messages import TakeFunnelSnapshot
from services.reports.snapshots import FUNNEL, take_funnel_snapshot, take_nightly_funnel_snapshot

__all__ = ["FUNNEL", "TakeFunnelSnapshot", "take_funnel_snapshot", "take_nightly_funnel_snapshot"]
