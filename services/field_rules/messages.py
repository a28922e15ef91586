"""What rules hand to the background."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.messages import Message


@dataclass(frozen=True, slots=True)
class BuildUniqueRule(Message):
    """Build the index of a unique rule over several fields, or give the rule up."""

    rule_id: UUID
    # The row of table `job` that shows how it ends.
    job_id: UUID

    name = "field_rules.build_unique_rule"
