"""Objects and fields as data: the registry that everything compiles against, and the verbs that change it."""

from services.metadata.building import Stage, build_field
from services.metadata.changing import change, opened
from services.metadata.choosing import add_choice, restore_choice, retire_choice, update_choice
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
from services.metadata.drafts import ChoiceChange, ChoiceDraft, FieldChange, FieldDraft, ObjectChange, ObjectDraft
from services.metadata.loading import registry
from services.metadata.messages import BuildField
from services.metadata.recalling import recall
from services.metadata.snapshot import Snapshot
from services.metadata.usage import Subject, Usage, provide_usages, usages_of
from services.metadata.validation import Meaning, validate_expression

__all__ = [
    "BuildField",
    "ChoiceChange",
    "ChoiceDraft",
    "Defined",
    "FieldChange",
    "FieldDraft",
    "Meaning",
    "ObjectChange",
    "ObjectDraft",
    "Snapshot",
    "Stage",
    "Subject",
    "Usage",
    "add_choice",
    "add_field",
    "build_field",
    "change",
    "create_object",
    "opened",
    "provide_usages",
    "recall",
    "registry",
    "restore_choice",
    "restore_field",
    "restore_object",
    "retire_choice",
    "retire_field",
    "retire_object",
    "update_choice",
    "update_field",
    "update_object",
    "usages_of",
    "validate_expression",
]
