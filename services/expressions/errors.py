"""What can be wrong with an expression: one class for each code, all with the place in the text.

`position` counts characters from 0, `line` and `column` from 1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenants.errors import Fault, Invalid, TooMuch

if TYPE_CHECKING:
    from tenants.errors import Language

_CHINESE = "_zh"


class Placed(Exception):
    """Types, hints and measures have words of their own: the detail `given_zh` stands for `given` in the Chinese message."""

    def message(self, language: Language = "en") -> str:
        """The sentence, with the details of its language."""
        assert isinstance(self, Fault)
        chosen = dict(self.details)
        if language == "zh":
            chosen |= {name.removesuffix(_CHINESE): each for name, each in chosen.items() if name.endswith(_CHINESE)}
        return Fault.message(type(self)(**chosen), language)


class ExpressionMalformed(Placed, Invalid):
    """Line {line}, column {column}: “{found}” was not expected here; {expected} was."""

    code = "EXPRESSION_MALFORMED"
    zh = "第 {line} 行第 {column} 列:此处不应为“{found}”,应为{expected}。"


class ExpressionUnknownName(Placed, Invalid):
    """Line {line}, column {column}: there is no “{name}” on “{object}”.{hint}"""

    code = "EXPRESSION_UNKNOWN_NAME"
    zh = "第 {line} 行第 {column} 列:“{object}”上没有“{name}”。{hint}"
    may_be_stale = True


class ExpressionUnknownFunction(Placed, Invalid):
    """Line {line}, column {column}: there is no function “{name}”.{hint}"""

    code = "EXPRESSION_UNKNOWN_FUNCTION"
    zh = "第 {line} 行第 {column} 列:没有名为“{name}”的函数。{hint}"


class ExpressionUnknownChoice(Placed, Invalid):
    """Line {line}, column {column}: “{name}” is not a choice of “{field}”.{hint}"""

    code = "EXPRESSION_UNKNOWN_CHOICE"
    zh = "第 {line} 行第 {column} 列:“{name}”不是“{field}”的选项。{hint}"
    may_be_stale = True


class ExpressionWrongType(Placed, Invalid):
    """Line {line}, column {column}: “{name}” cannot take {given}."""

    code = "EXPRESSION_WRONG_TYPE"
    zh = "第 {line} 行第 {column} 列:“{name}”不能用于 {given}。"
    may_be_stale = True


class ExpressionWrongResult(Placed, Invalid):
    """The expression answers {given}; {wanted} is needed."""

    code = "EXPRESSION_WRONG_RESULT"
    zh = "表达式的结果类型为{given},此处需要{wanted}。"


class ExpressionBadLiteral(Placed, Invalid):
    """Line {line}, column {column}: “{name}” is not a {type}."""

    code = "EXPRESSION_BAD_LITERAL"
    zh = "第 {line} 行第 {column} 列:“{name}”不是有效的{type}。"


class ExpressionTooLarge(Placed, TooMuch):
    """The expression is too large: {measure} may be at most {max}."""

    code = "EXPRESSION_TOO_LARGE"
    zh = "表达式过于庞大:{measure}不得超过 {max}。"


class ExpressionOutdated(Placed, Invalid):
    """The expression names something that is not there any more."""

    code = "EXPRESSION_OUTDATED"
    zh = "表达式引用了已不存在的内容。"
    may_be_stale = True
