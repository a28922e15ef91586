"""A checked expression in words, Chinese or English, with the labels of the tenant: what an administrator reads back."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from services.expressions.functions import FUNCTIONS, VARIABLES
from services.expressions.names import label_of
from services.expressions.printing import quoted
from services.expressions.tree import Call, Constant, ListOf, Node, Parameter, Path, Quantified, Step, Variable
from services.expressions.types import Kind, Type
from services.expressions.values import number_text

if TYPE_CHECKING:
    from schema.metadata.registry import Registry
    from tenants.errors import Language

_CHAINS: Final[Mapping[str, Mapping[str, str]]] = {
    "&&": {"zh": ",且", "en": " and "},
    "||": {"zh": ",或", "en": " or "},
}
_LISTS: Final[Mapping[str, str]] = {"zh": "、", "en": ", "}
_BRACKETS: Final[Mapping[str, str]] = {"zh": "({})", "en": "({})"}
_MANY: Final[Mapping[tuple[str, str], str]] = {
    ("exists", "zh"): "有{many}满足:{condition}",
    ("exists", "en"): "some of {many} where {condition}",
    ("all", "zh"): "每个{many}都满足:{condition}",
    ("all", "en"): "all of {many} are such that {condition}",
}
_TRUTH: Final[Mapping[tuple[bool, str], str]] = {
    (True, "zh"): "是",
    (True, "en"): "true",
    (False, "zh"): "否",
    (False, "en"): "false",
}
_NOTHING: Final[Mapping[str, str]] = {"zh": "空", "en": "nothing"}
# Read as one thing where they are part of another.
_WHOLE: Final = frozenset({"amount", "currency", "money", "days", "hours", "minutes", "date", "length"})


def words(node: Node, registry: Registry, language: Language) -> str:
    """The sentence."""
    return _Speaker(registry, language).said(node)


class _Speaker:
    def __init__(self, registry: Registry, language: Language) -> None:
        self._registry = registry
        self._language = language

    def said(self, node: Node) -> str:  # noqa: PLR0911 - one return for each kind of node
        match node:
            case Constant():
                return self._constant(node)
            case Parameter():
                return "…"
            case Variable():
                _, zh, en = VARIABLES[node.name]
                return zh if self._language == "zh" else en
            case Path():
                return self._path(node.steps)
            case ListOf():
                return _LISTS[self._language].join(map(self.said, node.items))
            case Quantified():
                return self._quantified(node)
            case Call():
                return self._call(node)

    def _inner(self, node: Node) -> str:
        """In brackets where it could be read together with what stands around it."""
        said = self.said(node)
        is_compound = isinstance(node, Quantified) or (isinstance(node, Call) and node.function not in _WHOLE)
        return _BRACKETS[self._language].format(said) if is_compound else said

    def _call(self, node: Call) -> str:
        if node.function in _CHAINS:
            separator = _CHAINS[node.function][self._language]
            return separator.join(self._operand(each, node.function) for each in node.arguments)
        function = FUNCTIONS[node.function]
        template = function.zh if self._language == "zh" else function.en
        given = [self._inner(each) for each in node.arguments]
        if node.function == "money":
            given[1] = given[1].strip("'")
        return template.format(*given, all=_LISTS[self._language].join(given))

    def _operand(self, node: Node, chain: str) -> str:
        """A comparison needs no brackets beside AND and OR; those need them beside each other."""
        mixed = isinstance(node, Call) and node.function in {*_CHAINS, "?:"}
        assert chain in _CHAINS
        return _BRACKETS[self._language].format(self.said(node)) if mixed else self.said(node)

    def _quantified(self, node: Quantified) -> str:
        inverse = self._registry.names[node.child.object_name].fields[node.child.field_name].inverse_label
        many = inverse.text(self._language, node.inverse)
        if node.owner:
            many = self._joined(self._path(node.owner), many)
        return _MANY[node.quantifier, self._language].format(many=many, condition=self._inner(node.condition))

    def _path(self, steps: tuple[Step, ...]) -> str:
        said = ""
        for step in steps:
            label = label_of(self._registry, step, self._language)
            said = self._joined(said, label) if said else label
        return said

    def _joined(self, owner: str, part: str) -> str:
        return f"{owner}的{part}" if self._language == "zh" else f"{part} of {owner}"

    def _constant(self, node: Constant) -> str:
        match node.value:
            case None:
                return _NOTHING[self._language]
            case bool():
                return _TRUTH[node.value, self._language]
            case Decimal():
                return number_text(node.value)
            case str():
                return self._choice(node.value, node.type) if node.type.kind is Kind.CHOICE else quoted(node.value)
            case _:
                return str(node.value)

    def _choice(self, key: str, type_: Type) -> str:
        object_name, _, field_name = type_.of.partition(".")
        labels = self._registry.names[object_name].fields[field_name].choice_labels
        said = labels[key].text(self._language, key) if key in labels else key
        return f"“{said}”"
