"""[B] A policy as a value: rights by object, levels by field, and a fingerprint of what is effective."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest

from services.permissions import EVERYONE, NO_RIGHTS, NOBODY, Level, ObjectRights, OwnedBy, Policy, Scope, Verb
from services.permissions.policy import UNRESTRICTED_RIGHTS, freeze

OWN = ObjectRights(create=True, read=EVERYONE, update=(OwnedBy(Scope.OWN),))


@pytest.mark.parametrize(
    ("verb", "arms"),
    [(Verb.CREATE, EVERYONE), (Verb.READ, EVERYONE), (Verb.UPDATE, (OwnedBy(Scope.OWN),)), (Verb.DELETE, NOBODY)],
)
def test_arms_of_a_verb(verb: Verb, arms: object) -> None:
    assert OWN.arms(verb) == arms
    assert NO_RIGHTS.arms(verb) == NOBODY


def test_fields_differ_from_the_default_level() -> None:
    rights = ObjectRights(fields=(("salary", Level.MASKED),), default_level=Level.READ)

    assert (rights.level("salary"), rights.level("name")) == (Level.MASKED, Level.READ)


def test_objects_that_are_not_named_have_the_rights_of_others() -> None:
    policy = Policy(freeze({"lead": OWN}), 1, others=UNRESTRICTED_RIGHTS)

    assert (policy.on("lead"), policy.on("ticket")) == (OWN, UNRESTRICTED_RIGHTS)
    assert Policy(freeze({}), 1).on("ticket") == NO_RIGHTS


def test_a_fingerprint_holds_effective_rights_on_the_objects_touched_and_nothing_else() -> None:
    one = Policy(freeze({"lead": OWN, "ticket": NO_RIGHTS}), 1, roles=("sales",))
    other = Policy(freeze({"lead": OWN, "ticket": OWN}), 2, may_define=True, roles=("admin",))

    assert one.fingerprint(["lead"]) == other.fingerprint({"lead"})
    assert one.fingerprint(["lead", "ticket"]) != other.fingerprint(["ticket", "lead"])
    assert one.fingerprint(["lead", "ticket"]) == one.fingerprint(["ticket", "lead"])


def test_what_is_kept_for_fingerprints_grows_with_the_objects_and_not_with_their_sets() -> None:
    policy = Policy(freeze({"lead": OWN}), 1)
    names = [f"object{number}" for number in range(8)]

    made = {policy.fingerprint(chosen) for size in range(9) for chosen in combinations(names, size)}

    assert (len(made), len(policy._digests), len(policy._fingerprints)) == (256, 8, 128)


def test_a_policy_made_from_another_has_fingerprints_of_its_own() -> None:
    policy = Policy(freeze({"lead": OWN}), 1)
    before = policy.fingerprint(["lead"])

    narrower = replace(policy, rights=freeze({"lead": NO_RIGHTS}))

    assert narrower.fingerprint(["lead"]) == Policy(freeze({}), 1).fingerprint(["lead"]) != before
