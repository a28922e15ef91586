"""Follow-ups: nobody forgets a customer. Seven days of silence remind the owner, with a copy for the manager."""

from services.follow_ups.messages import RemindFollowUp
from services.follow_ups.reminders import remind
from services.follow_ups.timing import keep_timers

__all__ = ["RemindFollowUp", "keep_timers", "remind"]
