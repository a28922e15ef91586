"""Places in a text, and what was found wrong there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tenants.errors import Fault, PathStep, Refused, Scalar, Violation


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong: where it begins, counted in characters from 0, and what."""

    position: int
    fault: Fault


class ExpressionRefused(Exception):
    """Everything that is wrong with a text, in the order of the text."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(sorted(findings, key=lambda each: each.position))
        super().__init__([each.fault.message() for each in self.findings])

    def as_input(self, *path: PathStep) -> Refused:
        """The refusal of a verb whose input has the text at a path."""
        return Refused(tuple(Violation(path, each.fault) for each in self.findings))


def refused(text: str, at: int, fault: type[Fault], **details: Scalar) -> Finding:
    """A finding with line and column, which its message names."""
    before = text[:at]
    line, column = before.count("\n") + 1, at - (before.rfind("\n") + 1) + 1
    return Finding(at, fault(line=line, column=column, position=at, **details))
