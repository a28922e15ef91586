"""Several words in SQL: whoever holds all of them is found, in one field or in several together.

Within one field the index meets the n-grams of all words at once. Over several fields it is asked for one word only, the
one that the fewest of the newest records hold, and the texts decide on the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from schema.metadata import search_keys
from services.query.compilation import column, table
from tenants.sql import Fragment, ident, integer, join, sql, value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schema.metadata.fields import Field
    from services.query import plan as p
    from services.query.arguments import Circumstances
    from services.query.compilation import Compilation

# How many of the newest records tell what is common.
SAMPLE = 1_000


@dataclass(frozen=True, slots=True)
class SoughtWords:
    """The words that must all stand in a record, as patterns."""

    position: int

    def found_in(self, circumstances: Circumstances) -> object:
        """Nothing where the question has not several."""
        found = _words(circumstances.values[self.position])
        # Letters and digits are all that is left of a word, so no sign in it means something to LIKE.
        return [f"%{each}%" for each in found] or None


@dataclass(frozen=True, slots=True)
class FirstWord:
    """The first of those words; a hit is told by the field that holds it."""

    position: int

    def found_in(self, circumstances: Circumstances) -> object:
        """The word."""
        return next(iter(_words(circumstances.values[self.position])), None)


@dataclass(frozen=True, slots=True)
class TellingWords:
    """Those of the words that have n-grams, as patterns."""

    position: int

    def found_in(self, circumstances: Circumstances) -> object:
        """The patterns."""
        return [f"%{each}%" for each in search_keys.telling(_words(circumstances.values[self.position]))]


@dataclass(frozen=True, slots=True)
class TellingGrams:
    """The n-grams of each of those, as text, because arrays of different length are no array."""

    position: int

    def found_in(self, circumstances: Circumstances) -> object:
        """The n-grams as numbers in braces."""
        found = search_keys.telling(_words(circumstances.values[self.position]))
        return ["{" + ",".join(map(str, search_keys.leading(each))) + "}" for each in found]


@dataclass(frozen=True, slots=True)
class GramsOfWords:
    """The n-grams of all words together."""

    position: int

    def found_in(self, circumstances: Circumstances) -> object:
        """The n-grams as numbers."""
        found = _words(circumstances.values[self.position])
        return sorted({gram for each in found for gram in search_keys.leading(each)}) or None


def held(object_name: str, alias: str, fields: Sequence[Field], asked: p.Parameter) -> Fragment:
    """Whether all the words stand in the texts of some fields together."""
    patterns = value(SoughtWords(asked.position), "text[]")
    return sql("({texts}) LIKE ALL ({patterns})", texts=texts(object_name, alias, fields), patterns=patterns)


def in_one(object_name: str, alias: str, field: Field, asked: p.Parameter) -> Fragment:
    """Whether one field holds all of them, by its index."""
    return sql(
        "{held} AND {grams_held} @> {grams}",
        held=held(object_name, alias, [field], asked),
        grams_held=column(alias, object_name, field.name, "grams"),
        grams=value(GramsOfWords(asked.position), "integer[]"),
    )


def apart(object_name: str, alias: str, fields: Sequence[Field], asked: p.Parameter, lead: Fragment) -> Fragment:
    """Whether the fields together hold all of them, by the indexes and the n-grams of one word."""
    columns = (column(alias, object_name, field.name, "grams") for field in fields)
    led = join(" OR ", (sql("{grams} @> {lead}", grams=grams, lead=lead) for grams in columns))
    return sql("{held} AND ({led})", held=held(object_name, alias, fields, asked), led=led)


def rarest(c: Compilation, asked: p.Parameter, held_by: Fragment) -> Fragment:
    """A select of the `grams` of the word that the fewest of some texts hold, and the `number` of these."""
    return sql(
        "SELECT w.grams::integer[] AS grams, count({told}.held) AS number "
        "FROM unnest({patterns}, {grams}) w (pattern, grams) LEFT JOIN ({held_by}) {told} ON {told}.held LIKE w.pattern "
        "GROUP BY w.pattern, w.grams ORDER BY number, length(w.pattern) DESC, w.pattern LIMIT 1",
        patterns=value(TellingWords(asked.position), "text[]"),
        grams=value(TellingGrams(asked.position), "text[]"),
        held_by=held_by,
        told=ident(c.alias()),
    )


def newest_texts(c: Compilation, object_name: str, fields: Sequence[Field]) -> Fragment:
    """What the newest records hold, whoever sees them: good for choosing a way, never for what is found."""
    alias = c.alias()
    return sql(
        "SELECT {texts} AS held FROM {table} {alias} "
        "WHERE {deleted_at} IS NULL ORDER BY {at} DESC, {id} DESC LIMIT {sample}",
        texts=texts(object_name, alias, fields),
        table=table(object_name),
        alias=ident(alias),
        deleted_at=column(alias, object_name, "deletedAt"),
        at=column(alias, object_name, "createdAt"),
        id=column(alias, object_name, "id"),
        sample=integer(SAMPLE),
    )


def _words(asked: object) -> list[str]:
    return search_keys.words(asked) if isinstance(asked, str) else []


def texts(object_name: str, alias: str, fields: Sequence[Field]) -> Fragment:
    """The texts of some fields as one; between two of them is an edge."""
    each = (sql("coalesce({text}, '')", text=column(alias, object_name, field.name, "search")) for field in fields)
    return join(" || ", each)
