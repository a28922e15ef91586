"""Rules over fields and records, as those who define make them: conditions, offered choices, and what must hold.

What they mean for a record that is being written is the write path's (`services.records.rules`).
"""

from services.field_rules.broken import MOST_TOLD, Broken, broken_records
from services.field_rules.errors import TooManyRuleFields, TooManyRules
from services.field_rules.fields import FieldRulesChange, offer_choices, set_field_rules
from services.field_rules.usages import KIND
from services.field_rules.validation import (
    MOST_FIELDS,
    MOST_RULES,
    RuleChange,
    Ruled,
    RuleDraft,
    create_validation_rule,
    recall_rule,
    restore_validation_rule,
    retire_validation_rule,
    update_validation_rule,
)

__all__ = [
    "KIND",
    "MOST_FIELDS",
    "MOST_RULES",
    "MOST_TOLD",
    "Broken",
    "FieldRulesChange",
    "RuleChange",
    "RuleDraft",
    "Ruled",
    "TooManyRuleFields",
    "TooManyRules",
    "broken_records",
    "create_validation_rule",
    "offer_choices",
    "recall_rule",
    "restore_validation_rule",
    "retire_validation_rule",
    "set_field_rules",
    "update_validation_rule",
]
