"""Why a rule over fields is not taken."""

from __future__ import annotations

from tenants.errors import Conflict, Invalid, TooMuch


class RuleLooksAtMany(Invalid):
    """A rule is asked of one record and cannot look at the many side of a relation; a roll-up field can be compared."""

    code = "RULE_LOOKS_AT_MANY"
    zh = "规则针对单条记录,不能使用“多”的一侧;可以改用汇总字段进行比较。"


class RuleFieldNotUsable(Invalid):
    """A rule cannot look at {field}: it gets its value only after the rules were asked."""

    code = "RULE_FIELD_NOT_USABLE"
    zh = "规则不能使用 {field}:其值在规则检查之后才产生。"


class RuleLooksAtItself(Invalid):
    """The condition of {field} depends on {field} itself."""

    code = "RULE_LOOKS_AT_ITSELF"
    zh = "{field} 的条件不能依赖 {field} 自身。"


class RuleOnFixedField(Invalid):
    """{field} is filled by the platform: nothing is asked of whoever writes the record."""

    code = "RULE_ON_FIXED_FIELD"
    zh = "{field} 由平台填写,不能对其设置规则。"


class TooManyRulesKept(TooMuch):
    """An object keeps at most {max} validation rules, retired ones too; change a retired one and bring it back."""

    code = "TOO_MANY_RULES_KEPT"
    zh = "一个对象最多保留 {max} 条校验规则(含已停用的);请修改并恢复一条已停用的规则。"


class TooManyRules(TooMuch):
    """An object has at most {max} validation rules."""

    code = "TOO_MANY_RULES"
    zh = "一个对象最多有 {max} 条校验规则。"


class TooManyRuleFields(TooMuch):
    """A validation rule is told of at most {max} fields."""

    code = "TOO_MANY_RULE_FIELDS"
    zh = "一条校验规则最多指向 {max} 个字段。"


class NotAChoiceField(Invalid):
    """{field} has no choices, or more than one of them at once; choices are offered by the value of a single choice."""

    code = "NOT_A_CHOICE_FIELD"
    zh = "{field} 不是单选字段;可选项只能由单选字段的值决定。"


class ChoicesInCircle(Invalid):
    """The choices of {field} would depend on themselves."""

    code = "CHOICES_IN_CIRCLE"
    zh = "{field} 的可选项将依赖其自身。"


class CannotBeUniqueTogether(Invalid):
    """{field} cannot stand in a unique rule over several fields."""

    code = "CANNOT_BE_UNIQUE_TOGETHER"
    zh = "{field} 不能用于多字段唯一规则。"


class UniqueFieldsMissing(Invalid):
    """A unique rule over several fields has from 2 to {max} of them."""

    code = "UNIQUE_FIELDS_MISSING"
    zh = "多字段唯一规则须包含 2 到 {max} 个字段。"


class CombinationsNotUnique(Conflict):
    """{count} combinations of these fields occur more than once, such as those of the records {examples}."""

    code = "COMBINATIONS_NOT_UNIQUE"
    zh = "有 {count} 个字段组合重复出现,例如以下记录:{examples}。"


class UniqueRuleThere(Conflict):
    """There is a unique rule over these fields already."""

    code = "UNIQUE_RULE_THERE"
    zh = "这些字段已有唯一规则。"


class TooManyUniqueRules(TooMuch):
    """An object has at most {max} unique rules over several fields."""

    code = "TOO_MANY_UNIQUE_RULES"
    zh = "一个对象最多有 {max} 条多字段唯一规则。"


class TableTooLong(TooMuch):
    """Above {max} records a unique rule over several fields is made by itself, not in a change set."""

    code = "TABLE_TOO_LONG"
    zh = "记录数超过 {max} 条时,多字段唯一规则须单独创建,不能放入变更集。"


class RuleUnnamed(Invalid):
    """Name the rule by its id, or by its object and what it is called, one of them."""

    code = "RULE_UNNAMED"
    zh = "请用 id,或用所属对象与名称指定规则,且只用其一。"
