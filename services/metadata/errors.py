"""What can be wrong with a derived field, or with taking away what one reads."""

from __future__ import annotations

from tenants.errors import Conflict, Invalid, TooMuch


class FormulaOutOfReach(Invalid):
    """A derived value is kept with the record, so its expression cannot use {what}."""

    code = "FORMULA_OUT_OF_REACH"
    zh = "派生值随记录保存,其表达式不能使用 {what}。"


class FormulaCircular(Invalid):
    """The field would depend on itself: {circle}."""

    code = "FORMULA_CIRCULAR"
    zh = "该字段会依赖自身:{circle}。"


class FormulaTooDeep(TooMuch):
    """At most {max} derived fields may stand one upon the other."""

    code = "FORMULA_TOO_DEEP"
    zh = "派生字段最多可以逐层依赖 {max} 层。"


class ResultNotChangeable(Invalid):
    """The values of this field are kept as {kept}; they cannot become {given}."""

    code = "RESULT_NOT_CHANGEABLE"
    zh = "该字段的值以 {kept} 保存,不能改为 {given}。"


class NotDerived(Invalid):
    """{field} is neither a formula nor a roll-up, so there is nothing to compute."""

    code = "NOT_DERIVED"
    zh = "{field} 既不是公式字段也不是汇总字段,无需计算。"


class FieldInUse(Conflict):
    """{field} is read by {readers}; change or retire these first."""

    code = "FIELD_IN_USE"
    zh = "{field} 正被 {readers} 使用,请先修改或停用这些字段。"


class ChoiceIsDefault(Conflict):
    """New records of {fields} begin with this; give them another default, or none, first."""

    code = "CHOICE_IS_DEFAULT"
    zh = "{fields} 的新记录默认取此值,请先更改或清除其默认值。"


class AlreadyPiloted(Conflict):
    """“{name}” is in the pilot “{title}”."""

    code = "ALREADY_PILOTED"
    zh = "“{name}”已在试点“{title}”中。"
