"""Search in SQL: n-grams lead to candidates, the text itself decides, and how it is met gives the rank.

Which fields are looked through is the caller's right: a field that is hidden from him or masked has no part in any of
these expressions, so it can neither be found by nor counted in.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from schema.metadata import search_keys
from schema.metadata.fields import Field, FieldState
from services.permissions import Level
from services.query import plan as p
from services.query import words
from services.query.compilation import Compilation, column
from services.query.names import object_of
from services.query.scopes import FALSE
from tenants.sql import Fragment, constant, integer, join, sql, value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from schema.metadata.objects import Object
    from schema.metadata.registry import Shape
    from services.query.arguments import Circumstances


class Meeting(StrEnum):
    """How a record meets what is asked for, the best first: the text of one field all of it, or several fields its words."""

    EXACT = "EXACT"
    PREFIX = "PREFIX"
    CONTAINS = "CONTAINS"
    WORDS = "WORDS"


# Ranks: how the best field is met, twice; one more for any field but the title.
_RANKS = {meeting: 2 * place for place, meeting in enumerate(Meeting)}
# How the text of one field may meet all that is asked for.
_WHOLE = (Meeting.EXACT, Meeting.PREFIX, Meeting.CONTAINS)


@dataclass(frozen=True, slots=True)
class SoughtText:
    """What must stand in a field's text; nothing where the question is too short to find anything."""

    position: int
    meeting: Meeting

    def found_in(self, circumstances: Circumstances) -> object:
        """The text."""
        return _sought(circumstances.values[self.position], self.meeting)


@dataclass(frozen=True, slots=True)
class SoughtGrams:
    """The n-grams of the same."""

    position: int
    meeting: Meeting

    def found_in(self, circumstances: Circumstances) -> object:
        """The n-grams as numbers; a whole line has a number of its own."""
        sought = _sought(circumstances.values[self.position], self.meeting)
        if sought is None:
            return None
        return [search_keys.whole(sought)] if self.meeting is Meeting.EXACT else search_keys.leading(sought)


def _sought(asked: object, meeting: Meeting) -> str | None:
    pattern = search_keys.pattern(asked) if isinstance(asked, str) else None
    if pattern is None or meeting is Meeting.CONTAINS:
        return pattern
    head = search_keys.EDGE + pattern.removeprefix(search_keys.EDGE)
    return head if meeting is Meeting.PREFIX else head + search_keys.EDGE


def is_several(asked: object) -> bool:
    """Whether a question is looked for word by word too."""
    return isinstance(asked, str) and bool(search_keys.words(asked))


def searched_fields(thing: Object) -> tuple[Field, ...]:
    """The fields of an object that search looks through, the title first."""
    found = (field for field in thing.fields if field.is_searched and field.state is FieldState.LIVE)
    return tuple(sorted(found, key=lambda field: field.name != thing.title_field))


def searched_objects(shape: Shape, asked: Iterable[object] | None) -> tuple[str, ...]:
    """The objects that are searched: those asked for, by name, or every one with a searched field."""
    if asked is None:
        return tuple(name for name, thing in shape.objects.items() if searched_fields(thing))
    return tuple(object_of(shape, str(name)).name for name in dict.fromkeys(asked))


def open_fields(c: Compilation, object_name: str) -> tuple[Field, ...]:
    """Those of them whose values the caller may read as they are."""
    rights = c.rights.on(object_name)
    fields = searched_fields(c.shape.objects[object_name])
    return tuple(field for field in fields if rights.level(field.name) >= Level.READ)


def met_by_index(c: Compilation, object_name: str, alias: str, asked: p.Parameter) -> Fragment:
    """Whether a record is found, in a form that the indexes of the n-grams answer."""
    fields = open_fields(c, object_name)
    in_one = met_in_one(c, object_name, alias, asked, Meeting.CONTAINS)
    if not fields or not c.is_several(asked.position):
        return in_one
    lead = sql(
        "(SELECT l.grams FROM ({rarest}) l)", rarest=words.rarest(c, asked, words.newest_texts(c, object_name, fields))
    )
    return _any((in_one, words.apart(object_name, alias, fields, asked, lead)))


def met_in_one(c: Compilation, object_name: str, alias: str, asked: p.Parameter, meeting: Meeting) -> Fragment:
    """The same of records in which one field holds all that is asked for."""
    fields = open_fields(c, object_name)
    found = [
        # The text first: it is compared in a fraction of the time wherever the index has led to a row already.
        sql(
            "{met} AND {held} @> {grams}",
            met=met_in(object_name, alias, field, asked, meeting),
            held=column(alias, object_name, field.name, "grams"),
            grams=value(SoughtGrams(asked.position, meeting), "integer[]"),
        )
        for field in fields
    ]
    if meeting is Meeting.CONTAINS and c.is_several(asked.position):
        found += [words.in_one(object_name, alias, field, asked) for field in fields]
    return _any(found)


def met(
    c: Compilation, object_name: str, alias: str, asked: p.Parameter, meeting: Meeting = Meeting.CONTAINS
) -> Fragment:
    """The same for records that are at hand anyway."""
    fields = open_fields(c, object_name)
    found = [met_in(object_name, alias, field, asked, meeting) for field in fields]
    if found and meeting is Meeting.CONTAINS and c.is_several(asked.position):
        found.append(words.held(object_name, alias, fields, asked))
    return _any(found)


def rank(c: Compilation, object_name: str, alias: str, asked: p.Parameter) -> Fragment:
    """How well a record is met: the less the better. Exact before prefix before contains, the title before the rest."""
    title, fields = c.shape.objects[object_name].title_field, open_fields(c, object_name)
    ranks = [
        _first(
            (met_in(object_name, alias, field, asked, meeting), _RANKS[meeting] + (field.name != title))
            for meeting in _WHOLE
        )
        for field in fields
    ]
    worst = _RANKS[Meeting.CONTAINS] + 1
    if c.is_several(asked.position):
        worst = _RANKS[Meeting.WORDS] + 1
        alone = [field for field in fields if field.name == title]
        ranks += [_first([(words.held(object_name, alias, alone, asked), worst - 1)])] if alone else []
    # Whatever has no text to be met in is empty, and left out of the least.
    return sql("least({ranks}, {worst})::bigint", ranks=join(", ", ranks or [sql("NULL")]), worst=integer(worst))


def best_field(c: Compilation, object_name: str, alias: str, asked: p.Parameter) -> Fragment:
    """The field that is met best as a JSON text, and of one that is met by its words the one that holds the first of them."""
    fields = open_fields(c, object_name)
    cases = [(met_in(object_name, alias, field, asked, meeting), field) for meeting in _WHOLE for field in fields]
    if c.is_several(asked.position):
        word = value(words.FirstWord(asked.position), "text")
        cases += [(_stands_in(object_name, alias, field, word), field) for field in fields]
    named = (sql("WHEN {met} THEN {name}", met=met, name=constant(f'"{field.name}"')) for met, field in cases)
    return sql("(CASE {cases} ELSE 'null' END)", cases=join(" ", named))


def met_in(object_name: str, alias: str, field: Field, asked: p.Parameter, meeting: Meeting) -> Fragment:
    """Whether the text of one field meets the question so."""
    return _stands_in(object_name, alias, field, value(SoughtText(asked.position, meeting), "text"))


def _stands_in(object_name: str, alias: str, field: Field, sought: Fragment) -> Fragment:
    return sql("strpos({text}, {sought}) > 0", text=column(alias, object_name, field.name, "search"), sought=sought)


def _first(cases: Iterable[tuple[Fragment, int]]) -> Fragment:
    written = (sql("WHEN {met} THEN {rank}", met=met, rank=integer(rank)) for met, rank in cases)
    return sql("(CASE {cases} END)", cases=join(" ", written))


def _any(conditions: Iterable[Fragment]) -> Fragment:
    given = [sql("({each})", each=each) for each in conditions]
    return sql("({any})", any=join(" OR ", given)) if given else FALSE
