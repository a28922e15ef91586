"""The mutations of dictionaries, declared as data: SDL and resolvers are generated from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from services import verbs
from services.dictionaries import entries, keeping
from services.dictionaries.keeping import ENTRY, OBJECT
from services.identity import inputs
from services.verbs import Access, Outcome, Requirement, Run, VerbDefinition, VerbInput, VerbOutput

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tenants.context import DefinitionWork, Work

_ID, _IF_VERSION = VerbInput("id", "ID", required=True), VerbInput("ifVersion", "Int")
_WORDS = (VerbInput("labelZh", "String"), VerbInput("labelEn", "String"))
_PLACE = (VerbInput("position", "Int"), VerbInput("parentId", "ID"))
_DICTIONARY, _ENTRY = (VerbOutput(OBJECT, OBJECT),), (VerbOutput(ENTRY, ENTRY),)


def _defining(work: Work) -> DefinitionWork:
    return cast("DefinitionWork", work)


async def _create(work: Work, given: Mapping[str, object]) -> Outcome:
    return Outcome({OBJECT: (await keeping.create_dictionary(_defining(work), given),)})


async def _update(work: Work, given: Mapping[str, object]) -> Outcome:
    found = inputs.id_(given, "id")
    await keeping.update_dictionary(_defining(work), found, given, if_version=inputs.version(given))
    return Outcome({OBJECT: (found,)})


async def _delete(work: Work, given: Mapping[str, object]) -> Outcome:
    found = inputs.id_(given, "id")
    await keeping.delete_dictionary(_defining(work), found, if_version=inputs.version(given))
    return Outcome({"id": (found,)})


async def _use(work: Work, given: Mapping[str, object]) -> Outcome:
    chosen = None if given.get("dictionaryId") is None else inputs.id_(given, "dictionaryId")
    await keeping.use_dictionary(_defining(work), str(given["object"]), str(given["field"]), chosen)
    return Outcome({OBJECT: () if chosen is None else (chosen,)})


async def _add_entry(work: Work, given: Mapping[str, object]) -> Outcome:
    return Outcome({ENTRY: (await entries.add_entry(_defining(work), inputs.id_(given, "dictionaryId"), given),)})


async def _update_entry(work: Work, given: Mapping[str, object]) -> Outcome:
    found = inputs.id_(given, "id")
    await entries.update_entry(_defining(work), found, given, if_version=inputs.version(given))
    return Outcome({ENTRY: (found,)})


async def _retire_entry(work: Work, given: Mapping[str, object]) -> Outcome:
    found = inputs.id_(given, "id")
    await entries.set_retired(_defining(work), found, retired=True, if_version=inputs.version(given))
    return Outcome({ENTRY: (found,)})


async def _restore_entry(work: Work, given: Mapping[str, object]) -> Outcome:
    found = inputs.id_(given, "id")
    await entries.set_retired(_defining(work), found, retired=False, if_version=inputs.version(given))
    return Outcome({ENTRY: (found,)})


async def _merge(work: Work, given: Mapping[str, object]) -> Outcome:
    found, into = inputs.id_(given, "fromId"), inputs.id_(given, "intoId")
    job_id = await entries.merge_entries(_defining(work), from_id=found, into_id=into)
    return Outcome({ENTRY: (found,), "jobId": (job_id,)})


def _declare(name: str, given: tuple[VerbInput, ...], answers: tuple[VerbOutput, ...], run: Run, says: str) -> None:
    requirement = Requirement(Access.DEFINER)
    verbs.declare(VerbDefinition(name, given, answers, run, says, defines=True, requirement=requirement))


_declare(
    "createDictionary",
    (
        VerbInput("name", "String"),
        *_WORDS,
        VerbInput("entries", "JSON"),
        VerbInput("object", "String"),
        VerbInput("field", "String"),
    ),
    _DICTIONARY,
    _create,
    "Keeps a list of values once: of `entries` (`[{key, labelZh, labelEn}]`), or of the choices of a field, which uses it then.",
)
_declare("updateDictionary", (_ID, _IF_VERSION, *_WORDS), _DICTIONARY, _update, "Changes the words of a dictionary.")
_declare(
    "deleteDictionary", (_ID, _IF_VERSION), (VerbOutput("id"),), _delete, "Forgets a dictionary that no field uses."
)
_declare(
    "useDictionary",
    (
        VerbInput("object", "String", required=True),
        VerbInput("field", "String", required=True),
        VerbInput("dictionaryId", "ID"),
    ),
    _DICTIONARY,
    _use,
    "Lets a field offer the entries of a dictionary that has all its choices; without a dictionary they are its own again.",
)
_declare(
    "addDictionaryEntry",
    (VerbInput("dictionaryId", "ID", required=True), VerbInput("key", "String"), *_WORDS, *_PLACE),
    _ENTRY,
    _add_entry,
    "Offers one more value in every field that uses the dictionary.",
)
_declare(
    "updateDictionaryEntry",
    (_ID, _IF_VERSION, *_WORDS, *_PLACE),
    _ENTRY,
    _update_entry,
    "Changes the words of an entry, its place, or what it stands below; never its key.",
)
_declare(
    "retireDictionaryEntry",
    (_ID, _IF_VERSION),
    _ENTRY,
    _retire_entry,
    "Offers a value no longer; records that hold it keep it.",
)
_declare("restoreDictionaryEntry", (_ID, _IF_VERSION), _ENTRY, _restore_entry, "Offers a retired value again.")
_declare(
    "mergeDictionaryEntries",
    (VerbInput("fromId", "ID", required=True), VerbInput("intoId", "ID", required=True)),
    (*_ENTRY, VerbOutput("jobId")),
    _merge,
    "Retires one entry, and lets a job give every record that holds it the other one.",
)
