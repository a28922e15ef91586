"""What reports send to the background."""

from __future__ import annotations

from dataclasses import dataclass

from services.messages import BULK, Message


@dataclass(frozen=True, slots=True)
class TakeFunnelSnapshot(Message):
    """Freeze the sales funnel of the tenant's day, unless it is frozen already."""

    name = "reports.take_funnel_snapshot"
    queue = BULK
