"""Rules over fields and records, as those who define make them: conditions, offered choices, and what must hold.

What they mean for a record that is being written is the write path's (`services.records.rules`).
"""

from services.field_rules.broken import MOST_TOLD, Broken, broken_records
from services.field_rules.building import build_unique_rule
from services.field_rules.combinations import (
    MOST_TOGETHER,
    MOST_UNIQUE_RULES,
    Repeated,
    UniqueRule,
    create_unique_rule,
    recall_unique_rule,
    repeated_records,
    retire_unique_rule,
)
from services.field_rules.conditions import looked_at
from services.field_rules.errors import RuleUnnamed, TooManyRuleFields, TooManyRules, TooManyUniqueRules
from services.field_rules.fields import FieldRulesChange, offer_choices, set_field_rules
from services.field_rules.messages import BuildUniqueRule
from services.field_rules.references import FieldsTogether, NamedRule, RuleReference, UniqueReference
from services.field_rules.settling import refuse_unfit_indexes, settled_field_rules, settled_rule
from services.field_rules.usages import KIND
from services.field_rules.validation import (
    MOST_FIELDS,
    MOST_KEPT,
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
    "MOST_KEPT",
    "MOST_RULES",
    "MOST_TOGETHER",
    "MOST_TOLD",
    "MOST_UNIQUE_RULES",
    "Broken",
    "BuildUniqueRule",
    "FieldRulesChange",
    "FieldsTogether",
    "NamedRule",
    "Repeated",
    "RuleChange",
    "RuleDraft",
    "RuleReference",
    "RuleUnnamed",
    "Ruled",
    "TooManyRuleFields",
    "TooManyRules",
    "TooManyUniqueRules",
    "UniqueReference",
    "UniqueRule",
    "broken_records",
    "build_unique_rule",
    "create_unique_rule",
    "create_validation_rule",
    "looked_at",
    "offer_choices",
    "recall_rule",
    "recall_unique_rule",
    "refuse_unfit_indexes",
    "repeated_records",
    "restore_validation_rule",
    "retire_unique_rule",
    "retire_validation_rule",
    "set_field_rules",
    "settled_field_rules",
    "settled_rule",
    "update_validation_rule",
]
