"""A GraphQL selection with its variables turned into a plan: the front door of this package.

Pure: it reads the document and the coordinates that the schema builder attached, never a registry or a policy.
"""

from resolvers.selection.filters import condition
from resolvers.selection.groups import groups_root
from resolvers.selection.operands import VariableLeaf, freeze, mark, resolve
from resolvers.selection.picking import Document, Picked, pick
from resolvers.selection.reading import Reading
from resolvers.selection.records import node_root, record_root, records_root, search_root, selection_of, written_root

__all__ = [
    "Document",
    "Picked",
    "Reading",
    "VariableLeaf",
    "condition",
    "freeze",
    "groups_root",
    "mark",
    "node_root",
    "pick",
    "record_root",
    "records_root",
    "resolve",
    "search_root",
    "selection_of",
    "written_root",
]
