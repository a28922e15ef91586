"""Everything that is wrong with one input, with the place of each, told at once."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from tenants.errors import Conflict, Invalid, Refused, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenants.errors import Fault, PathStep


class Findings:
    """Collects what a block refuses and lets the next block begin; `settle` refuses it all."""

    def __init__(self) -> None:
        self._violations: list[Violation] = []

    @contextmanager
    def at(self, *place: PathStep) -> Iterator[None]:
        """What is refused inside is wrong at this place, in the spelling of the API."""
        try:
            yield
        except Refused as refused:
            self._violations += [Violation((*place, *each.path), each.fault) for each in refused.violations]
        except (Invalid, Conflict) as fault:
            self.note(fault, *place)

    def note(self, fault: Fault, *place: PathStep) -> None:
        """Something is wrong at this place."""
        self._violations.append(Violation(place, fault))

    def settle(self) -> None:
        """Go on only if nothing was found."""
        if self._violations:
            raise Refused(tuple(self._violations))
