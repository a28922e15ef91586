"""What can be wrong with an expression: one class for each code, all with the place in the text.

`position` counts characters from 0, `line` and `column` from 1.
"""

from __future__ import annotations

from tenants.errors import Invalid, TooMuch


class ExpressionMalformed(Invalid):
    """Line {line}, column {column}: “{found}” was not expected here; {expected} was."""

    code = "EXPRESSION_MALFORMED"
    zh = "第 {line} 行第 {column} 列:此处不应为“{found}”,应为{expected}。"


class ExpressionUnknownName(Invalid):
    """Line {line}, column {column}: there is no “{name}” on “{object}”.{hint}"""

    code = "EXPRESSION_UNKNOWN_NAME"
    zh = "第 {line} 行第 {column} 列:“{object}”上没有“{name}”。{hint}"
    may_be_stale = True


class ExpressionFieldNotUsable(Invalid):
    """Line {line}, column {column}: “{name}” of “{object}” is there, but expressions cannot use it like this.{hint}"""

    code = "EXPRESSION_FIELD_NOT_USABLE"
    zh = "第 {line} 行第 {column} 列:“{object}”有“{name}”,但表达式不能这样使用它。{hint}"
    may_be_stale = True


class ExpressionUnknownFunction(Invalid):
    """Line {line}, column {column}: there is no function “{name}”.{hint}"""

    code = "EXPRESSION_UNKNOWN_FUNCTION"
    zh = "第 {line} 行第 {column} 列:没有名为“{name}”的函数。{hint}"


class ExpressionUnknownChoice(Invalid):
    """Line {line}, column {column}: “{name}” is not a choice of “{field}”.{hint}"""

    code = "EXPRESSION_UNKNOWN_CHOICE"
    zh = "第 {line} 行第 {column} 列:“{name}”不是“{field}”的选项。{hint}"
    may_be_stale = True


class ExpressionWrongType(Invalid):
    """Line {line}, column {column}: “{name}” cannot take {given}."""

    code = "EXPRESSION_WRONG_TYPE"
    zh = "第 {line} 行第 {column} 列:“{name}”不能用于 {given}。"
    may_be_stale = True


class ExpressionWrongResult(Invalid):
    """The expression answers {given}; {wanted} is needed."""

    code = "EXPRESSION_WRONG_RESULT"
    zh = "表达式的结果类型为{given},此处需要{wanted}。"


class ExpressionBadLiteral(Invalid):
    """Line {line}, column {column}: “{name}” is not a {type}."""

    code = "EXPRESSION_BAD_LITERAL"
    zh = "第 {line} 行第 {column} 列:“{name}”不是有效的{type}。"


class ExpressionTooLarge(TooMuch):
    """The expression is too large: {measure} may be at most {max}."""

    code = "EXPRESSION_TOO_LARGE"
    zh = "表达式过于庞大:{measure}不得超过 {max}。"


class ExpressionOutdated(Invalid):
    """The expression names something that is not there any more."""

    code = "EXPRESSION_OUTDATED"
    zh = "表达式引用了已不存在的内容。"
    may_be_stale = True
