"""Objects and fields as data: the registry that everything compiles against, and the verbs that change it."""

from services.metadata import defined_usages as _usages  # noqa: F401 - importing it tells what definitions use
from services.metadata.at_once import tell_default
from services.metadata.building import build_field
from services.metadata.carrying_out import carry_out, publish_gathered
from services.metadata.changing import change, opened, record, reshape, run, settle
from services.metadata.choosing import add_choice, restore_choice, retire_choice, update_choice
from services.metadata.defaults import moved as default_moved
from services.metadata.defaults import offered as default_offered
from services.metadata.defining import (
    Defined,
    add_field,
    create_object,
    restore_field,
    restore_object,
    retire_field,
    retire_object,
    update_field,
    update_object,
)
from services.metadata.deriving import DEEPEST_FORMULA, DERIVED_FIELD
from services.metadata.designing import LIMITS, tools
from services.metadata.destroying import destroy_field, destroy_object
from services.metadata.dictionaries import OPTION as DICTIONARY
from services.metadata.dictionaries import Entry, UnknownDictionary, entries_of, followed, offering, refuse_copies
from services.metadata.dictionaries import named_by as dictionary_of
from services.metadata.dictionaries import uses as uses_of_dictionary
from services.metadata.differences import LAYOUT, Difference, RowChange, between, differences, row_changes
from services.metadata.drafting import LASTING, MOST_CHOICES, MOST_FIELDS, MOST_OBJECTS, TITLES, checked, new_choice
from services.metadata.drafting import settled as settled_field
from services.metadata.drafts import ChoiceChange, ChoiceDraft, FieldChange, FieldDraft, ObjectChange, ObjectDraft
from services.metadata.duplicates import refuse_duplicates
from services.metadata.errors import AlreadyPiloted, FormulaCircular
from services.metadata.findings import Findings
from services.metadata.formulas import Formula, circumstance, formulas_moved_by, formulas_of
from services.metadata.free_names import members_beside, refuse_clashing
from services.metadata.gathering import Gathered, Gathering, gather, gathered_by, has_columns
from services.metadata.history import Cause, Publication, keep_row, last_number, restored, since, told
from services.metadata.impact import GRACE, Impact, impact_of, lacking_in, records_in, values_in
from services.metadata.indexing import build_indexes, drop_indexes, missing_indexes, standing
from services.metadata.line_drafts import refuse_unfit as refuse_unfit_lines
from services.metadata.loading import afterwards, definitions, registry
from services.metadata.messages import BuildField, RecalculateField, TellDefault
from services.metadata.recalculations import recalculate_field, run_recalculation
from services.metadata.recalling import recall
from services.metadata.rollups import RollUp, roll_ups_of, roll_ups_over
from services.metadata.sizes import MOST_ROWS_AT_ONCE, is_long
from services.metadata.snapshot import Snapshot
from services.metadata.store import require_version, rows_of
from services.metadata.summing import roll_up_columns, roll_up_parameters, roll_up_tables, roll_up_values, roll_ups_in
from services.metadata.usage import Subject, Usage, UsedElsewhere, provide_usages, refuse_kept, usages_of
from services.metadata.validation import Meaning, validate_expression
from services.metadata.wording import changed as changed_label
from services.metadata.wording import label as checked_label
from services.metadata.wording import optional as optional_label

__all__ = [
    "DEEPEST_FORMULA",
    "DERIVED_FIELD",
    "DICTIONARY",
    "GRACE",
    "LASTING",
    "LAYOUT",
    "LIMITS",
    "MOST_CHOICES",
    "MOST_FIELDS",
    "MOST_OBJECTS",
    "MOST_ROWS_AT_ONCE",
    "TITLES",
    "AlreadyPiloted",
    "BuildField",
    "Cause",
    "ChoiceChange",
    "ChoiceDraft",
    "Defined",
    "Difference",
    "Entry",
    "FieldChange",
    "FieldDraft",
    "Findings",
    "Formula",
    "FormulaCircular",
    "Gathered",
    "Gathering",
    "Impact",
    "Meaning",
    "ObjectChange",
    "ObjectDraft",
    "Publication",
    "RecalculateField",
    "RollUp",
    "RowChange",
    "Snapshot",
    "Subject",
    "TellDefault",
    "UnknownDictionary",
    "Usage",
    "UsedElsewhere",
    "add_choice",
    "add_field",
    "afterwards",
    "between",
    "build_field",
    "build_indexes",
    "carry_out",
    "change",
    "changed_label",
    "checked",
    "checked_label",
    "circumstance",
    "create_object",
    "default_moved",
    "default_offered",
    "definitions",
    "destroy_field",
    "destroy_object",
    "dictionary_of",
    "differences",
    "drop_indexes",
    "entries_of",
    "followed",
    "formulas_moved_by",
    "formulas_of",
    "gather",
    "gathered_by",
    "has_columns",
    "impact_of",
    "is_long",
    "keep_row",
    "lacking_in",
    "last_number",
    "members_beside",
    "missing_indexes",
    "new_choice",
    "offering",
    "opened",
    "optional_label",
    "provide_usages",
    "publish_gathered",
    "recalculate_field",
    "recall",
    "record",
    "records_in",
    "refuse_clashing",
    "refuse_copies",
    "refuse_duplicates",
    "refuse_kept",
    "refuse_unfit_lines",
    "registry",
    "require_version",
    "reshape",
    "restore_choice",
    "restore_field",
    "restore_object",
    "restored",
    "retire_choice",
    "retire_field",
    "retire_object",
    "roll_up_columns",
    "roll_up_parameters",
    "roll_up_tables",
    "roll_up_values",
    "roll_ups_in",
    "roll_ups_of",
    "roll_ups_over",
    "row_changes",
    "rows_of",
    "run",
    "run_recalculation",
    "settle",
    "settled_field",
    "since",
    "standing",
    "tell_default",
    "told",
    "tools",
    "update_choice",
    "update_field",
    "update_object",
    "usages_of",
    "uses_of_dictionary",
    "validate_expression",
    "values_in",
]
