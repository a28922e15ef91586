"""The expression language of conditions, formulas, criteria and branches: checked once, then SQL, Python and words that agree.

`check` turns text into a tree, `stored` and `restored` keep it, `expression_sql`, `closure` and `words` are what it becomes.
"""

from services.expressions.checker import check
from services.expressions.closures import Circumstance, Closure, Record, closure
from services.expressions.columns import columns
from services.expressions.errors import ExpressionOutdated
from services.expressions.lexer import names_in
from services.expressions.limits import DEEPEST, LONGEST_TEXT, MOST_COST, MOST_NODES, rounds_beyond
from services.expressions.places import ExpressionRefused, Finding
from services.expressions.printing import printed
from services.expressions.sql import Surroundings, expression_sql
from services.expressions.storing import lifted, restored, stored
from services.expressions.tree import Node, Path, Quantified, Step, Variable, dependencies, depends, walk
from services.expressions.types import BOOLEAN, Kind, Type
from services.expressions.words import words

__all__ = [
    "BOOLEAN",
    "DEEPEST",
    "LONGEST_TEXT",
    "MOST_COST",
    "MOST_NODES",
    "Circumstance",
    "Closure",
    "ExpressionOutdated",
    "ExpressionRefused",
    "Finding",
    "Kind",
    "Node",
    "Path",
    "Quantified",
    "Record",
    "Step",
    "Surroundings",
    "Type",
    "Variable",
    "check",
    "closure",
    "columns",
    "dependencies",
    "depends",
    "expression_sql",
    "lifted",
    "names_in",
    "printed",
    "restored",
    "rounds_beyond",
    "stored",
    "walk",
    "words",
]
