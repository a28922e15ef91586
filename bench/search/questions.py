"""What people look for, by kind. Questions are drawn from the customers, so frequent words are asked for often."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pypinyin import lazy_pinyin

from bench.search.customers import Customer, customers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

_PAGE = "query ($text: String!) { customers(search: $text) { nodes { id name phone email } } }"
_GLOBAL = "query ($text: String!) { search(text: $text) { object title field match score } }"
# Drawn from so many customers; those of a larger book have no other words.
_DRAWN_FROM = 20_000


@dataclass(frozen=True, slots=True)
class Kind:
    """Questions of one kind, and who asks them where."""

    title: str
    texts: tuple[str, ...]
    person: str = "admin"
    document: str = _PAGE


def kinds(count: int) -> tuple[Kind, ...]:
    """Every kind with so many questions."""
    rng = random.Random(2)
    known = rng.sample(list(customers(_DRAWN_FROM)), count)
    asked = {title: tuple(make(rng, each) for each in known) for title, make in _KINDS.items()}
    mixed = tuple(_mixed(asked, count))
    return (
        *(Kind(title, texts) for title, texts in asked.items()),
        Kind("all of these, asked by one who sees 20 of 200 owners", mixed, "manager"),
        Kind("all of these, asked by one who sees 10 records", mixed, "few"),
        Kind("all of these, over all objects", mixed, document=_GLOBAL),
    )


def _mixed(asked: Mapping[str, Sequence[str]], count: int) -> Iterator[str]:
    texts = list(asked.values())
    for place in range(count):
        yield texts[place % len(texts)][place]


def _pair(rng: random.Random, customer: Customer) -> str:
    at = rng.randrange(len(customer.name) - 1)
    return customer.name[at : at + 2]


def _trade(customer: Customer) -> str:
    return customer.name[2 + len(customer.short_name) :][:2]


_KINDS: Mapping[str, Callable[[random.Random, Customer], str]] = {
    "two characters anywhere in the name": _pair,
    "two characters of the brand": lambda _, each: each.short_name[:2],
    "whole name": lambda _, each: each.name,
    "pinyin of the brand": lambda _, each: "".join(lazy_pinyin(each.short_name)),
    "initials of the brand": lambda _, each: "".join(part[0] for part in lazy_pinyin(each.short_name)),
    "initials of the name": lambda _, each: "".join(part[0] for part in lazy_pinyin(each.name)),
    "last four digits of a phone": lambda _, each: each.phone[-4:],
    "first digits of a phone": lambda rng, each: each.phone[3 : rng.choice((6, 7, 10))],
    "whole phone": lambda _, each: each.phone[3:],
    "whole mail address": lambda _, each: each.email,
    "head of a mail address": lambda _, each: each.email.partition("@")[0].rstrip("0123456789") or each.email[:5],
    "domain of a mail address": lambda _, each: each.email.partition("@")[2],
    "whole code": lambda _, each: each.credit_code,
    "brand in pinyin, then the city": lambda _, each: f"{''.join(lazy_pinyin(each.short_name))} {each.name[:2]}",
    "end of a phone, then the brand": lambda _, each: f"{each.phone[-4:]} {each.short_name}",
    "trade, then the city": lambda _, each: f"{_trade(each)} {each.name[:2]}",
    "head of a code": lambda rng, each: each.credit_code[: rng.choice((4, 8, 12))],
}
