"""The table of functions and operators: one row says what it takes and answers, in Python, in SQL and in words.

A new function is rows here, its twins in `values.py` and `fragments.py`, and a line in the documentation; no other module
asks which function it is.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from services.expressions import fragments as f
from services.expressions import values as v
from services.expressions.types import BOOLEAN, DATE, DATETIME, DURATION, ID, MONEY, NUMBER, TEXT, Kind, Type, fits

if TYPE_CHECKING:
    from services.expressions.fragments import Sql, Writer
    from services.expressions.values import Value
    from tenants.sql import Fragment

Answer: TypeAlias = "Type | Callable[[Sequence[Type]], Type]"


@dataclass(frozen=True, slots=True)
class Overload:
    """One row: the types it takes, what it answers, and how. The last type of a variadic one repeats."""

    takes: tuple[Type, ...]
    answers: Answer
    python: Callable[..., Value]
    writer: Writer
    variadic: bool = False
    # The tenant's zone is one more argument.
    zoned: bool = False

    def fits(self, given: Sequence[Type]) -> bool:
        """Whether these arguments may be given."""
        wanted = self.takes
        if self.variadic and len(given) >= len(wanted):
            wanted = (*wanted, *[wanted[-1]] * (len(given) - len(wanted)))
        return len(wanted) == len(given) and all(map(fits, given, wanted))

    def answer(self, given: Sequence[Type]) -> Type:
        """The type of the answer."""
        return self.answers if isinstance(self.answers, Type) else self.answers(given)


@dataclass(frozen=True, slots=True)
class Function:
    """A name with its rows. Words have places for the arguments; `is_method` is how it is printed."""

    name: str
    overloads: tuple[Overload, ...]
    zh: str
    en: str
    is_method: bool = False

    def overload(self, given: Sequence[Type]) -> Overload | None:
        """The row that takes these arguments."""
        return next((each for each in self.overloads if each.fits(given)), None)


_CHOICE = Type(Kind.CHOICE)
_ANY_LIST = Type(Kind.LIST)
_WORDS = (TEXT, _CHOICE)
_EQUAL = (BOOLEAN, NUMBER, DATE, DATETIME, DURATION, ID)
_ORDERED = (NUMBER, DATE, DATETIME, DURATION)
_SINGLE = (BOOLEAN, NUMBER, TEXT, _CHOICE, DATE, DATETIME, DURATION, ID)


def _first(given: Sequence[Type]) -> Type:
    return given[0]


def _strict(takes: Sequence[Type], answers: Answer, python: Callable[..., Value], writer: Writer) -> Overload:
    return Overload(tuple(takes), answers, v.strict(python), writer)


def _equality(compared: Callable[[Value, Value], bool], writer: Writer) -> tuple[Overload, ...]:
    pairs = [(each, each) for each in _EQUAL] + [(a, b) for a in _WORDS for b in _WORDS]
    money = v.of_one_currency(compared)
    return (
        *(_strict(pair, BOOLEAN, compared, writer) for pair in pairs),
        Overload((MONEY, MONEY), BOOLEAN, money, f.on_amounts(writer)),
    )


def _order(compared: Callable[[Value, Value], bool], writer: Writer, text: Writer) -> tuple[Overload, ...]:
    money = v.of_one_currency(compared)
    return (
        *(_strict((each, each), BOOLEAN, compared, writer) for each in _ORDERED),
        _strict((TEXT, TEXT), BOOLEAN, compared, text),
        Overload((MONEY, MONEY), BOOLEAN, money, f.on_amounts(writer)),
    )


def _lists_of(kinds: Sequence[Type]) -> Iterator[tuple[Type, Type]]:
    for each in kinds:
        yield each, Type(Kind.LIST, item=each.kind)
    yield TEXT, Type(Kind.LIST, item=Kind.CHOICE)
    yield _CHOICE, Type(Kind.LIST, item=Kind.TEXT)


def _on_lists(python: Callable[..., Value], writer: Writer) -> tuple[Overload, ...]:
    items = (Kind.TEXT, Kind.CHOICE)
    pairs = [(Type(Kind.LIST, item=a), Type(Kind.LIST, item=b)) for a in items for b in items]
    return tuple(_strict(pair, BOOLEAN, python, writer) for pair in pairs)


def _parts(name: str, python: Callable[[Value], Value], writer: Writer, zh: str, en: str) -> Function:
    def of_moment(moment: Value, zone: Value) -> Value:
        day = v.day_of(moment, zone)
        return None if day is None else Decimal(python(day))

    def written(moment: Fragment, zone: Fragment) -> Sql:
        return writer(f.day_of(moment, zone))

    rows = (
        _strict((DATE,), NUMBER, lambda day: Decimal(python(day)), writer),
        Overload((DATETIME,), NUMBER, v.strict(of_moment), written, zoned=True),
    )
    return Function(name, rows, zh, en)


def _lengths(name: str, per: int, writer: Writer, zh: str, en: str) -> Function:
    return Function(name, (_strict((NUMBER,), DURATION, v.seconds(per), writer),), zh, en)


_LOGIC = (
    Function("&&", (Overload((BOOLEAN, BOOLEAN), BOOLEAN, v.every, f.chain(" AND "), variadic=True),), "且", "and"),
    Function("||", (Overload((BOOLEAN, BOOLEAN), BOOLEAN, v.some, f.chain(" OR "), variadic=True),), "或", "or"),
    Function("!", (_strict((BOOLEAN,), BOOLEAN, operator.not_, f.negated),), "并非{0}", "not {0}"),
    Function(
        "?:",
        tuple(Overload((BOOLEAN, each, each), lambda given: given[1], v.conditional, f.conditional) for each in
              (*_SINGLE,)),
        "若{0}则为{1},否则为{2}",
        "{1} if {0}, else {2}",
    ),
    Function("coalesce", tuple(Overload((each, each), _first, v.first, f.called("coalesce"), variadic=True)
                               for each in _SINGLE), "{all}中第一个非空的值", "the first of {all} that is not empty"),
    Function("isNull", (Overload((_ANY_LIST,), BOOLEAN, v.is_null, f.is_null), *(
        Overload((each,), BOOLEAN, v.is_null, f.is_null) for each in (*_SINGLE, MONEY))), "{0}为空", "{0} is empty"),
    Function("isNotNull", (Overload((_ANY_LIST,), BOOLEAN, v.is_not_null, f.is_not_null), *(
        Overload((each,), BOOLEAN, v.is_not_null, f.is_not_null) for each in (*_SINGLE, MONEY))),
        "{0}不为空", "{0} is not empty"),
    Function("isEmpty", (
        Overload((_ANY_LIST,), BOOLEAN, v.is_empty, f.empty_list),
        *(Overload((each,), BOOLEAN, v.is_empty, f.empty_text) for each in _WORDS),
        *(Overload((each,), BOOLEAN, v.is_null, f.is_null) for each in (*_EQUAL, MONEY)),
    ), "{0}没有内容", "{0} has nothing in it"),
)  # fmt: skip
_COMPARISONS = (
    Function("==", _equality(operator.eq, f.infix("=")), "{0}等于{1}", "{0} is {1}"),
    Function("!=", _equality(operator.ne, f.infix("<>")), "{0}不等于{1}", "{0} is not {1}"),
    Function("<", _order(operator.lt, f.infix("<"), f.ordered("<")), "{0}小于{1}", "{0} is less than {1}"),
    Function("<=", _order(operator.le, f.infix("<="), f.ordered("<=")), "{0}不大于{1}", "{0} is at most {1}"),
    Function(">", _order(operator.gt, f.infix(">"), f.ordered(">")), "{0}大于{1}", "{0} is more than {1}"),
    Function(">=", _order(operator.ge, f.infix(">="), f.ordered(">=")), "{0}不小于{1}", "{0} is at least {1}"),
    Function("in", tuple(Overload(pair, BOOLEAN, v.member, f.member) for pair in _lists_of(_SINGLE)),
             "{0}属于{1}", "{0} is one of {1}"),
    Function("hasAny", _on_lists(v.has_any, f.has_any), "{0}含有{1}中的任意一项", "{0} has any of {1}", is_method=True),
    Function("hasAll", _on_lists(v.has_all, f.has_all), "{0}含有{1}中的全部", "{0} has all of {1}", is_method=True),
)  # fmt: skip
_NUMBERS = (
    Function("+", (
        _strict((NUMBER, NUMBER), NUMBER, v.add, f.add),
        _strict((TEXT, TEXT), TEXT, operator.add, f.joined),
        _strict((DURATION, DURATION), DURATION, v.add, f.add),
        _strict((DATE, DURATION), DATE, v.day_after, f.day_after),
        _strict((DATETIME, DURATION), DATETIME, v.later, f.later),
        Overload((MONEY, MONEY), MONEY, v.of_one_currency(v.add, answers_money=True), f.sum_of(f.add)),
    ), "{0}加{1}", "{0} plus {1}"),
    Function("-", (
        _strict((NUMBER, NUMBER), NUMBER, v.subtract, f.subtract),
        _strict((DURATION, DURATION), DURATION, v.subtract, f.subtract),
        _strict((DATE, DURATION), DATE, v.day_before, f.day_before),
        _strict((DATETIME, DURATION), DATETIME, v.earlier, f.earlier),
        _strict((DATE, DATE), DURATION, v.days_since, f.days_since),
        _strict((DATETIME, DATETIME), DURATION, v.since, f.since),
        Overload((MONEY, MONEY), MONEY, v.of_one_currency(v.subtract, answers_money=True), f.sum_of(f.subtract)),
    ), "{0}减{1}", "{0} minus {1}"),
    Function("*", (
        _strict((NUMBER, NUMBER), NUMBER, v.multiply, f.multiply),
        _strict((DURATION, NUMBER), DURATION, v.stretch, f.stretch),
        Overload((MONEY, NUMBER), MONEY, v.on_amount(v.multiply), f.on_amount(f.multiply)),
    ), "{0}乘以{1}", "{0} times {1}"),
    Function("/", (
        _strict((NUMBER, NUMBER), NUMBER, v.divide, f.divide),
        _strict((DURATION, DURATION), NUMBER, v.divide, f.divide),
        Overload((MONEY, NUMBER), MONEY, v.on_amount(v.divide), f.on_amount(f.divide)),
        Overload((MONEY, MONEY), NUMBER, v.of_one_currency(v.divide), f.on_amounts(f.divide)),
    ), "{0}除以{1}", "{0} divided by {1}"),
    Function("%", (_strict((NUMBER, NUMBER), NUMBER, v.remainder, f.remainder),),
             "{0}除以{1}的余数", "what is left of {0} divided by {1}"),
    Function("negate", (
        _strict((NUMBER,), NUMBER, v.negate, f.negate),
        _strict((DURATION,), DURATION, v.negate, f.negate),
        Overload((MONEY,), MONEY, v.on_amount(v.negate), f.on_amount(f.negate)),
    ), "负的{0}", "minus {0}"),
    Function("abs", (_strict((NUMBER,), NUMBER, Decimal.copy_abs, f.called("abs")),), "{0}的绝对值", "the size of {0}"),
    Function("round", (_strict((NUMBER, NUMBER), NUMBER, v.rounded, f.rounded),
                       _strict((NUMBER,), NUMBER, v.whole, f.whole)), "{0}四舍五入", "{0} rounded"),
    Function("floor", (_strict((NUMBER,), NUMBER, v.floor, f.floor),), "{0}向下取整", "{0} rounded down"),
    Function("ceil", (_strict((NUMBER,), NUMBER, v.ceiling, f.ceiling),), "{0}向上取整", "{0} rounded up"),
    Function("min", tuple(Overload((each, each), _first, v.least, f.called("least"), variadic=True)
                          for each in _ORDERED), "{all}中的最小值", "the least of {all}"),
    Function("max", tuple(Overload((each, each), _first, v.greatest, f.called("greatest"), variadic=True)
                          for each in _ORDERED), "{all}中的最大值", "the greatest of {all}"),
    Function("amount", (_strict((MONEY,), NUMBER, lambda a: a.amount, f.amount),), "{0}的金额", "the amount of {0}"),
    Function("currency", (_strict((MONEY,), TEXT, lambda a: a.currency, f.currency),),
             "{0}的币种", "the currency of {0}"),
    Function("money", (_strict((NUMBER, TEXT), MONEY, v.money, f.money),), "{0} {1}", "{0} {1}"),
)  # fmt: skip
_TEXT = (
    Function("contains", (_strict((TEXT, TEXT), BOOLEAN, operator.contains, f.contains),),
             "{0}包含{1}", "{0} contains {1}", is_method=True),
    Function("startsWith", (_strict((TEXT, TEXT), BOOLEAN, str.startswith, f.starts_with),),
             "{0}以{1}开头", "{0} starts with {1}", is_method=True),
    Function("endsWith", (_strict((TEXT, TEXT), BOOLEAN, str.endswith, f.ends_with),),
             "{0}以{1}结尾", "{0} ends with {1}", is_method=True),
    Function("length", (_strict((TEXT,), NUMBER, v.length, f.length), _strict((_ANY_LIST,), NUMBER, v.length, f.size)),
             "{0}的长度", "the length of {0}", is_method=True),
    Function("lower", (_strict((TEXT,), TEXT, v.lower, f.lower),), "{0}的小写", "{0} in small letters", is_method=True),
    Function("upper", (_strict((TEXT,), TEXT, v.upper, f.upper),), "{0}的大写", "{0} in capitals", is_method=True),
    Function("trim", (_strict((TEXT,), TEXT, v.trim, f.trim),), "{0}去除首尾空白", "{0} trimmed", is_method=True),
    Function("left", (_strict((TEXT, NUMBER), TEXT, v.leftmost, f.leftmost),),
             "{0}的前{1}个字符", "the first {1} characters of {0}", is_method=True),
    Function("right", (_strict((TEXT, NUMBER), TEXT, v.rightmost, f.rightmost),),
             "{0}的后{1}个字符", "the last {1} characters of {0}", is_method=True),
    Function("text", (
        _strict((NUMBER,), TEXT, v.number_text, f.number_text),
        _strict((_CHOICE,), TEXT, v.itself, f.itself),
        _strict((DATE,), TEXT, v.day_text, f.day_text),
    ), "{0}的文本", "{0} as text"),
)  # fmt: skip
_TIME = (
    Function("date", (Overload((DATETIME,), DATE, v.strict(v.day_of), f.day_of, zoned=True),),
             "{0}的日期", "the day of {0}"),
    Function("addMonths", (_strict((DATE, NUMBER), DATE, v.add_months, f.add_months),),
             "{0}之后{1}个月", "{1} months after {0}", is_method=True),
    _parts("year", lambda day: day.year, f.part_of("year"), "{0}的年份", "the year of {0}"),
    _parts("month", lambda day: day.month, f.part_of("month"), "{0}的月份", "the month of {0}"),
    _parts("day", lambda day: day.day, f.part_of("day"), "{0}的日", "the day of the month of {0}"),
    _parts("weekday", lambda day: day.isoweekday(), f.part_of("isodow"), "{0}的星期", "the day of the week of {0}"),
    _lengths("days", 86400, f.seconds(86400), "{0}天", "{0} days"),
    _lengths("hours", 3600, f.seconds(3600), "{0}小时", "{0} hours"),
    _lengths("minutes", 60, f.seconds(60), "{0}分钟", "{0} minutes"),
)  # fmt: skip

FUNCTIONS: Mapping[str, Function] = MappingProxyType({
    each.name: each for each in (*_LOGIC, *_COMPARISONS, *_NUMBERS, *_TEXT, *_TIME)
})
VARIABLES: Mapping[str, tuple[Type, str, str]] = MappingProxyType({
    "today": (DATE, "今天", "today"),
    "now": (DATETIME, "现在", "now"),
    "currentUser": (Type(Kind.RECORD, "user"), "当前用户", "the current user"),
    "currentDepartment": (Type(Kind.RECORD, "department"), "当前用户的部门", "the current user's department"),
})
QUANTIFIERS = ("exists", "all")
