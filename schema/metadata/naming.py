"""Names: from labels to API names, from API names to GraphQL types and physical names, and which names clash.

The one place for conversions between camelCase, PascalCase and snake_case. A name made by a tenant ends in `_c`, and
what is derived from it keeps that ending last: `sheBei_c` gives `createSheBei_c` and `SheBeiConnection_c`.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from base64 import b32encode
from collections.abc import Callable, Iterable
from functools import lru_cache
from uuid import UUID

from schema.metadata.errors import NameReserved, NotAKey, NotAName
from schema.metadata.near_names import LONGEST
from schema.metadata.normal_text import normal
from schema.metadata.pinyin import syllables

TENANT_SUFFIX = "_c"
LONGEST_NAME = 40
_LONGEST_IDENTIFIER = 63
_NAME = re.compile(r"[a-z][a-zA-Z0-9]*\Z")
_KEY = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_-]*\Z")
_WORDS = re.compile(r"[a-z0-9]+")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
# Root fields and members that the platform has for itself; a pack may not take them, a tenant's ending sets it apart.
_PLATFORM_WORDS = """
and or not id ids node nodes edges cursor version created updated deleted me limits query mutation subscription
group count sum avg min max having true false null some none every typename record records set errors duplicates
"""
_RESERVED = frozenset(_PLATFORM_WORDS.split())

_MEASURES = ("Sum", "Avg", "Min", "Max", "CountDistinct")
_PARTS = (
    *("", "Connection", "Edge", "Filter", "ListFilter", "Order", "Create", "Set", "Input", "Key", "Duplicate"),
    *("GroupBy", "Group", "GroupOrder", "Aggregate", "AggregateOrder", "Having"),
    *(f"{measure}{use}" for measure in _MEASURES for use in ("", "Order", "Having")),
)
_VERBS = ("create", "update", "delete", "restore", "destroy", "upsert")


# --- spelling ---------------------------------------------------------------------------------------------------------


def snake(name: str) -> str:
    """`quoteLine` → `quote_line`."""
    return _HUMP.sub("_", name).lower()


def camel(name: str) -> str:
    """`quote_line` → `quoteLine`."""
    first, *rest = name.split("_")
    return first + "".join(map(str.title, rest))


def type_name(name: str) -> str:
    """`customer` → `Customer`, `sheBei_c` → `SheBei_c`."""
    return name[:1].upper() + name[1:]


@lru_cache(maxsize=16_384)
def compose(prefix: str, name: str, suffix: str = "") -> str:
    """`create` + `sheBei_c` → `createSheBei_c`; `sheBeiList_c` + `Aggregate` → `sheBeiListAggregate_c`."""
    base, ending = _split(name)
    return (prefix + type_name(base) if prefix else base) + suffix + ending


def compose_type(name: str, suffix: str = "", *, prefix: str = "") -> str:
    """`customer` + `Connection` → `CustomerConnection`, `sheBei_c` + `Filter` → `SheBeiFilter_c`."""
    return type_name(compose(prefix, name, suffix))


def id_member(name: str) -> str:
    """The member that holds the id of a relation: `customer` → `customerId`."""
    return compose("", name, "Id")


def ids_member(name: str) -> str:
    """The member that holds the ids of several persons: `team` → `teamIds`."""
    return compose("", name, "Ids")


def label_member(name: str) -> str:
    """The member that holds the words of a choice: `stage` → `stageLabel`."""
    return compose("", name, "Label")


def aggregate_member(plural: str) -> str:
    """`customers` → `customersAggregate`."""
    return compose("", plural, "Aggregate")


def _split(name: str) -> tuple[str, str]:
    return (name[: -len(TENANT_SUFFIX)], TENANT_SUFFIX) if name.endswith(TENANT_SUFFIX) else (name, "")


# --- from labels to names ---------------------------------------------------------------------------------------------


def from_label(label: str, fallback: str) -> str:
    """Toneless pinyin and Latin words in camelCase: `设备型号` → `sheBeiXingHao`; without a letter the fallback."""
    plain = unicodedata.normalize("NFKD", " ".join(syllables(normal("NFKC", label))).replace("ü", "v"))
    words = _WORDS.findall("".join(sign for sign in plain if not unicodedata.combining(sign)).lower())
    while words and words[0][0].isdigit():
        words = [*words[1:], words[0]] if any(each[0].isalpha() for each in words) else []
    name = "".join(word if number == 0 else word.capitalize() for number, word in enumerate(words))
    return name[:LONGEST_NAME] or fallback


def key_from_label(label: str) -> str:
    """The key of a choice by its words; `13` and `2026-01-01` have no letter for a name, and are keys as they are."""
    plain = normal("NFKC", label).strip()
    return from_label(label, plain if _KEY.match(plain) and len(plain) <= LONGEST_NAME else "choice")


def checked(name: str) -> str:
    """The base of a name that somebody chose; a tenant may write the ending or leave it out."""
    base, _ = _split(name.strip())
    if not _NAME.match(base) or len(base) > LONGEST_NAME:
        raise NotAName(max=LONGEST_NAME, name=name[:LONGEST])
    return base


def base_of(name: str) -> str:
    """The name without the tenant ending."""
    return _split(name)[0]


def choice_key(key: str) -> str:
    """The key that somebody chose for a choice: letters, digits, `_` and `-`, the first a letter or digit."""
    clean = key.strip()
    if not _KEY.match(clean) or len(clean) > LONGEST_NAME:
        raise NotAKey(max=LONGEST_NAME, name=key[:LONGEST])
    return clean


def refuse_reserved(name: str) -> None:
    """Names without the tenant ending must not be the platform's."""
    if name in _RESERVED or name.startswith("__"):
        raise NameReserved(name=name)


def tenant_name(base: str) -> str:
    """The name as it is stored: the ending is appended by the system."""
    return base + TENANT_SUFFIX


def tenant_plural(name: str) -> str:
    """`sheBei_c` → `sheBeiList_c`."""
    return compose("", name, "List")


def free(base: str, is_taken: Callable[[str], bool]) -> str:
    """The first of `base_c`, `base2_c`, `base3_c` … that is not taken."""
    number = 1
    while is_taken(tenant_name(base if number == 1 else f"{base}{number}")):
        number += 1
    return tenant_name(base if number == 1 else f"{base}{number}")


# --- what a name occupies ---------------------------------------------------------------------------------------------


def names_of_object(name: str, plural: str) -> frozenset[str]:
    """Every GraphQL name that an object makes: types with a capital, root fields without."""
    both = (name, plural)
    parts = {compose_type(each, part) for part in _PARTS for each in both}
    verbs = {compose(verb, each) for verb in _VERBS for each in both}
    inputs = {compose_type(verb, part) for verb in verbs for part in ("Input", "Payload")}
    return frozenset({*both, aggregate_member(plural)} | parts | verbs | inputs)


def members_of_field(
    name: str, *, is_relation: bool = False, has_choices: bool = False, has_several: bool = False
) -> frozenset[str]:
    """Every member that a field makes on its object's type."""
    members = {name}
    if has_several:
        members.add(ids_member(name))
    if is_relation:
        members.add(id_member(name))
    if has_choices:
        members.add(label_member(name))
    return frozenset(members)


def members_of_inverse(name: str) -> frozenset[str]:
    """Every member that the many side of a relation makes."""
    return frozenset({name, aggregate_member(name)})


# --- physical names ---------------------------------------------------------------------------------------------------


def opaque(prefix: str, definition_id: UUID) -> str:
    """`x_…` for a tenant's table and `f_…` for its column: sixty random bits of the definition's id."""
    tail = (definition_id.int & ((1 << 60) - 1)) << 4
    return f"{prefix}_{b32encode(tail.to_bytes(8, 'big')).decode()[:12].lower()}"


def index_name(prefix: str, table: str, columns: Iterable[str]) -> str:
    """`ux_customer_name`, `ix_customer_owner_id__level`; too long a name ends in a hash."""
    # Two underscores never stand inside a column's name, so two lists of columns never share an index name.
    whole = f"{prefix}_{table}_{'__'.join(columns)}"
    if len(whole) <= _LONGEST_IDENTIFIER:
        return whole
    return f"{whole[:50]}_{hashlib.sha256(whole.encode()).hexdigest()[:12]}"


def sequence_name(table: str, column: str) -> str:
    """The sequence behind an auto-number."""
    return index_name("sq", table, (column,))
