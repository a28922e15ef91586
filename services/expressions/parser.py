"""Tokens become a written expression: precedence climbing over the operators of CEL.

From loose to tight: `?:`, `||`, `&&`, comparisons and `in`, `+ -`, `* / %`, `! -`, then members and calls.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from services.expressions.errors import ExpressionBadLiteral
from services.expressions.lexer import Kind, Token, tokens, unexpected
from services.expressions.limits import DEEPEST, LONGEST_TEXT, MOST_NODES, too_large
from services.expressions.places import ExpressionRefused, Finding, refused
from services.expressions.syntax import Invoke, Items, Literal, Member, Name, Written
from services.expressions.values import is_number

CONDITIONAL: Final = "?:"
COMPARISON: Final = 3
TIGHTNESS: Final = {
    "||": 1,
    "&&": 2,
    **dict.fromkeys(("==", "!=", "<", "<=", ">", ">=", "in"), COMPARISON),
    **dict.fromkeys(("+", "-"), 4),
    **dict.fromkeys(("*", "/", "%"), 5),
}
UNARY: Final = {"!": "!", "-": "negate"}
# Several in a row are one call with all of them.
CHAINS: Final = frozenset({"&&", "||"})
_WORDS: Final = {"true": True, "false": False, "null": None}


def parse(text: str) -> Written:
    """The written expression, or `ExpressionRefused` with the first thing that does not fit the grammar."""
    if len(text) > LONGEST_TEXT:
        raise ExpressionRefused([Finding(0, too_large("its length", "长度", LONGEST_TEXT))])
    return _Parser(text).whole()


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = tuple(tokens(text))
        self._at = 0
        self._nodes = 0
        self._nested = 0

    def whole(self) -> Written:
        found = self._expression()
        if self._token.kind is not Kind.END:
            raise self._unexpected("an operator or the end", "运算符或结尾")
        return found

    @property
    def _token(self) -> Token:
        return self._tokens[self._at]

    def _expression(self) -> Written:
        self._enter()
        found = self._binary(1)
        if self._sees("?"):
            at = self._take().at
            first = self._expression()
            self._expect(":")
            found = self._call(at, CONDITIONAL, found, first, self._expression())
        self._nested -= 1
        return found

    def _binary(self, least: int) -> Written:
        left = self._unary()
        while (tightness := self._tightness()) >= least:
            sign = self._take()
            operands = [left, self._binary(tightness + 1)]
            while sign.text in CHAINS and self._sees(sign.text):
                self._take()
                operands.append(self._binary(tightness + 1))
            left = self._call(sign.at, sign.text, *operands)
            if tightness == COMPARISON and self._tightness() == COMPARISON:
                raise self._unexpected("&& or ||", "&& 或 ||")
        return left

    def _unary(self) -> Written:
        token = self._token
        if token.kind is not Kind.SIGN or token.text not in UNARY:
            return self._postfix()
        self._enter()
        self._take()
        operand = self._unary()
        self._nested -= 1
        if token.text == "-" and isinstance(operand, Literal) and isinstance(operand.value, Decimal):
            return Literal(token.at, 1, operand.value.copy_negate() if operand.value else operand.value)
        return self._call(token.at, UNARY[token.text], operand)

    def _postfix(self) -> Written:
        found = self._primary()
        while self._sees("."):
            self._take()
            name = self._take_name()
            if self._sees("("):
                found = self._call(name.at, name.text, *self._arguments(")"), receiver=found)
            else:
                found = Member(name.at, self._counted(name.at, found), found, name.text)
        return found

    def _primary(self) -> Written:
        token = self._token
        match token.kind:
            case Kind.NUMBER:
                self._take()
                return Literal(token.at, self._counted(token.at), self._number(token))
            case Kind.TEXT:
                self._take()
                return Literal(token.at, self._counted(token.at), token.text)
            case Kind.NAME if token.text != "in":
                return self._named(self._take())
        if self._sees("("):
            self._take()
            found = self._expression()
            self._expect(")")
            return found
        if self._sees("["):
            items = self._arguments("]")
            return Items(token.at, self._counted(token.at, *items), items)
        raise self._unexpected("a value, a field or a function", "一个值、字段或函数")

    def _named(self, token: Token) -> Written:
        if token.text in _WORDS:
            return Literal(token.at, self._counted(token.at), _WORDS[token.text])
        if self._sees("("):
            return self._call(token.at, token.text, *self._arguments(")"))
        return Name(token.at, self._counted(token.at), token.text)

    def _arguments(self, end: str) -> tuple[Written, ...]:
        self._take()
        found: list[Written] = []
        while not self._sees(end):
            if found:
                self._expect(",")
            found.append(self._expression())
        self._take()
        return tuple(found)

    def _number(self, token: Token) -> Decimal:
        number = Decimal(token.text)
        if not is_number(number):
            raise ExpressionRefused([
                refused(self._text, token.at, ExpressionBadLiteral, name=token.text[:40], type="number", type_zh="数字")
            ])
        return number

    def _call(self, at: int, name: str, *arguments: Written, receiver: Written | None = None) -> Written:
        below = arguments if receiver is None else (receiver, *arguments)
        return Invoke(at, self._counted(at, *below), name, arguments, receiver)

    def _counted(self, at: int, *below: Written) -> int:
        """The depth of a new node, within the limits."""
        self._nodes += 1
        if self._nodes > MOST_NODES:
            raise ExpressionRefused([Finding(at, too_large("the number of its parts", "组成部分的数量", MOST_NODES))])
        depth = 1 + max((each.depth for each in below), default=0)
        if depth > DEEPEST:
            raise self._too_deep(at)
        return depth

    def _enter(self) -> None:
        self._nested += 1
        if self._nested > DEEPEST:
            raise self._too_deep(self._token.at)

    def _too_deep(self, at: int) -> ExpressionRefused:
        return ExpressionRefused([Finding(at, too_large("its depth", "嵌套深度", DEEPEST))])

    def _tightness(self) -> int:
        token = self._token
        is_operator = token.kind is Kind.SIGN or (token.kind is Kind.NAME and token.text == "in")
        return TIGHTNESS.get(token.text, 0) if is_operator else 0

    def _sees(self, sign: str) -> bool:
        return self._token.kind is Kind.SIGN and self._token.text == sign

    def _take(self) -> Token:
        token = self._token
        self._at += token.kind is not Kind.END
        return token

    def _take_name(self) -> Token:
        if self._token.kind is not Kind.NAME:
            raise self._unexpected("a name", "名称")
        return self._take()

    def _expect(self, sign: str) -> None:
        if not self._sees(sign):
            raise self._unexpected(f"“{sign}”", f"“{sign}”")
        self._take()

    def _unexpected(self, expected: str, expected_zh: str) -> ExpressionRefused:
        token = self._token
        return ExpressionRefused([unexpected(self._text, token.at, token.text[:40], expected, expected_zh)])
