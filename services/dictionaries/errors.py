"""What dictionaries can refuse."""

from __future__ import annotations

from tenants.errors import Conflict, Invalid, NotFound, TooMuch


class DictionaryNotFound(NotFound):
    """There is no such dictionary."""

    code = "DICTIONARY_NOT_FOUND"
    zh = "找不到该字典。"


class DictionaryEntryNotFound(NotFound):
    """There is no such entry."""

    code = "DICTIONARY_ENTRY_NOT_FOUND"
    zh = "找不到该字典项。"


class DictionaryInUse(Conflict):
    """{count} fields use this dictionary; take it from them first."""

    code = "DICTIONARY_IN_USE"
    zh = "仍有 {count} 个字段使用该字典,请先解除。"


class DictionaryLacksKeys(Invalid):
    """The dictionary has no entry for the choices {keys} of this field."""

    code = "DICTIONARY_LACKS_KEYS"
    zh = "字典中没有该字段的选项 {keys}。"


class EntriesNotMergeable(Invalid):
    """An entry is merged into another one of its dictionary, and only into one that is offered."""

    code = "ENTRIES_NOT_MERGEABLE"
    zh = "只能合并到同一字典中另一个启用的字典项。"


class ParentNotAbove(Invalid):
    """An entry stands below another one of its dictionary, never below itself."""

    code = "PARENT_NOT_ABOVE"
    zh = "上级须为同一字典的其他字典项,且不能形成循环。"


class EntryMalformed(Invalid):
    """An entry has the form {form}."""

    code = "ENTRY_MALFORMED"
    zh = "字典项须为 {form} 的形式。"


class TooManyDictionaries(TooMuch):
    """There can be at most {max} dictionaries."""

    code = "TOO_MANY_DICTIONARIES"
    zh = "最多 {max} 个字典。"
