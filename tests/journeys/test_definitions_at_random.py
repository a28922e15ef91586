"""[A2 A5 A11] Random sequences of changes with data in them: the database is as the registry says, and values survive.

`./kezhi test tests/journeys/test_definitions_at_random.py --operations 2000` runs as many sequences, `--seed` begins elsewhere.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, run_state_machine_as_test

from tests.journeys.at_random.arranging import ArrangingRules
from tests.journeys.at_random.asking import AskingRules
from tests.journeys.at_random.base import DRAWN
from tests.journeys.at_random.derived import DerivedRules
from tests.journeys.at_random.dictionaries import DictionaryRules
from tests.journeys.at_random.lines import LineRules
from tests.journeys.at_random.publishing import PublishingRules
from tests.journeys.at_random.retyping import RetypingRules
from tests.journeys.at_random.stage import open_stage
from tests.journeys.at_random.values import PLAIN

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hypothesis.strategies import DataObject

    from tenants.installation import Installation
    from tenants.provisioning import Provisioner

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

SEQUENCES, STEPS = 200, 7
USUAL = {"create", "update", "delete", "change_type", "publish", "roll_back", "retire_field", "restore_field"}


class Sequences(ArrangingRules, DerivedRules, AskingRules, DictionaryRules, LineRules, RetypingRules, PublishingRules):
    """All rules together, over an object that is there already, with records in it."""

    @initialize(
        drawn=DRAWN,
        types=st.lists(st.sampled_from(PLAIN), min_size=3, max_size=5, unique=True),
        opening=st.sampled_from(("plain", "roll-ups", "rules", "dictionary", "lines", "view")),
    )
    def begins(self, drawn: DataObject, types: list[str], opening: str) -> None:
        self.create_object(types)
        self.create_records(drawn, 2)
        OPENINGS[opening](self, drawn)
        self.remember()


# What takes several rules to come about stands there already in some sequences.
OPENINGS: Mapping[str, Callable[[Sequences, DataObject], None]] = {
    "plain": lambda *_: None,
    "roll-ups": Sequences.begin_with_roll_ups,
    "rules": Sequences.begin_with_rules,
    "dictionary": Sequences.begin_with_dictionary,
    "lines": Sequences.begin_with_lines,
    "view": Sequences.begin_with_view,
}


async def test_random_sequences_end_as_they_must(
    installation: Installation, provisioner: Provisioner, request: pytest.FixtureRequest
) -> None:
    opened = await open_stage(installation, provisioner)
    chosen = request.config.getoption("--operations") or SEQUENCES

    class Here(Sequences):
        stage = opened

    limits = settings(
        max_examples=chosen,
        stateful_step_count=STEPS,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate,),
    )
    begun = seed(request.config.getoption("--seed") or 0)(Here)
    # The machine knows nothing of event loops: it has its verbs run in this one.
    await asyncio.to_thread(run_state_machine_as_test, begun, settings=limits)

    assert opened.done.total() > chosen
    # Fewer may be asked for, where one looks for something.
    assert chosen < SEQUENCES or opened.done.keys() >= USUAL
