"""Front door of hand-over: everything one user owns to others by rule, in the background, and back within 30 days.

Importing it declares `handOverCustomer`, which hands over one at once.
"""

from services.hand_over.customers import hand_over_customer
from services.hand_over.messages import MoveRecords, ReturnRecords
from services.hand_over.moving import move
from services.hand_over.preview import Dependants, Portion, preview
from services.hand_over.requesting import Started, request, reverse, started
from services.hand_over.returning import give_back
from services.hand_over.rules import Rule
from services.hand_over.validation import id_of

__all__ = [
    "Dependants",
    "MoveRecords",
    "Portion",
    "ReturnRecords",
    "Rule",
    "Started",
    "give_back",
    "hand_over_customer",
    "id_of",
    "move",
    "preview",
    "request",
    "reverse",
    "started",
]
