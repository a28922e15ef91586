"""Whoever writes lines of heads at random, in a story that can be told again."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from services import records

if TYPE_CHECKING:
    from uuid import UUID

    from tests.builders.derived import Family


class Scribe:
    """Writes lines at random, one deed after the other."""

    def __init__(self, made: Family, heads: list[UUID], seed: int) -> None:
        self.made, self.heads, self.dice = made, heads, random.Random(seed)  # noqa: S311 - a repeatable story
        self.live: list[UUID] = []
        self.gone: list[UUID] = []

    async def write(self) -> None:
        deed = self.dice.choice(["new", "new", "change", "change", "delete", "restore", "destroy"])
        line, tenant = self.made.line, self.made.tenant
        if deed == "restore" and self.gone:
            back = self.gone.pop()
            await tenant.write(lambda work: records.restore(work, line, [back]))
            self.live.append(back)
        elif deed in {"delete", "destroy"} and self.live:
            out = self.live.pop(self.dice.randrange(len(self.live)))
            verb = records.delete if deed == "delete" else records.destroy
            await tenant.write(lambda work: verb(work, line, [out]))
            self.gone += [out] if deed == "delete" else []
        elif deed == "change" and self.live:
            some = self.dice.sample(self.live, min(len(self.live), 3))
            values = self._values()
            await tenant.write(lambda work: records.update(work, line, some, values))
        else:
            self.live += await self.made.new_lines(*(self._values() for _ in range(self.dice.randint(1, 3))))

    def _values(self) -> dict[str, object]:
        dice = self.dice
        return {
            "headId_c": dice.choice([*self.heads, None]),
            "number_c": dice.choice([None, dice.randint(-5, 9)]),
            "done_c": dice.choice([True, False, None]),
            "day_c": f"2026-0{dice.randint(1, 9)}-01",
            "amount_c": dice.choice([None, {"amount": dice.randint(1, 9)}, {"amount": "0.5", "currency": "USD"}]),
        }
