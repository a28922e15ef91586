"""Front door of the read path: `read` answers a plan, `matching_ids` finds the records of a set verb.

`scope_condition` and `scope_values` carry the same record scopes into the statements that write.
"""

from services.query.arguments import LARGEST_PAGE
from services.query.arms import arms_met
from services.query.binder import Touch, bind_group, bind_order
from services.query.errors import FieldNotReadable, NullOperand
from services.query.executor import AuditedReadNeedsWorkError, is_audited, read
from services.query.expressions import checked_condition, kept_expression, require_open
from services.query.filters import Spoken, kept_condition, spoken
from services.query.guard import GuardedPlan
from services.query.judging import count_false, false_ids, values_behind
from services.query.matching import chooses_everything, chosen_ids, matching_ids
from services.query.needs import bind_column, needs_of, require_readable
from services.query.plan import Direction, GroupKey, OrderBy, Parameter, PartsLeaf, Plan, RecordRoot, Selection
from services.query.pricing import Price, price
from services.query.reach import scope_condition, scope_values
from services.query.scopes import Life, owner_condition
from services.query.searching import searched_objects
from services.query.told import OUTDATED_BY, told, touched_by
from services.query.views import place_of

__all__ = [
    "LARGEST_PAGE",
    "OUTDATED_BY",
    "AuditedReadNeedsWorkError",
    "Direction",
    "FieldNotReadable",
    "GroupKey",
    "GuardedPlan",
    "Life",
    "NullOperand",
    "OrderBy",
    "Parameter",
    "PartsLeaf",
    "Plan",
    "Price",
    "RecordRoot",
    "Selection",
    "Spoken",
    "Touch",
    "arms_met",
    "bind_column",
    "bind_group",
    "bind_order",
    "checked_condition",
    "chooses_everything",
    "chosen_ids",
    "count_false",
    "false_ids",
    "is_audited",
    "kept_condition",
    "kept_expression",
    "matching_ids",
    "needs_of",
    "owner_condition",
    "place_of",
    "price",
    "read",
    "require_open",
    "require_readable",
    "scope_condition",
    "scope_values",
    "searched_objects",
    "spoken",
    "told",
    "touched_by",
    "values_behind",
]
