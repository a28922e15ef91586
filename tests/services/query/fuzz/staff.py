"""Random staff: who sits where, who leads, who stands in for whom; and what that makes of whom, counted the slow way."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, TypeAlias
from uuid import UUID

from tests.services.query.fuzz.rows import PEOPLE
from tests.services.query.world import ALICE, SESSION_ID

if TYPE_CHECKING:
    from tests.services.query.fuzz.rows import Record
    from tests.services.query.world import World

REGION, OFFICE, DESK, ELSEWHERE = DEPARTMENTS = tuple(UUID(int=number) for number in (6001, 6002, 6003, 6004))
TEAMS = (UUID(int=6101), UUID(int=6102))
# Each with those that it lies in.
_ABOVE: Mapping[UUID, Sequence[UUID]] = {
    REGION: (REGION,), OFFICE: (OFFICE, REGION), DESK: (DESK, OFFICE, REGION), ELSEWHERE: (ELSEWHERE,),
}  # fmt: skip
# A user, a department or a team.
Grantee: TypeAlias = tuple[UUID | None, UUID | None, UUID | None]
_WIPED = ("delegation", "department_member", "team_member")


@dataclass(frozen=True)
class Staff:
    """Everything about people that scopes ask for."""

    homes: Mapping[UUID, UUID | None]
    # Department and user; team and user.
    further: Sequence[tuple[UUID, UUID]]
    teams: Sequence[tuple[UUID, UUID]]
    managers: Mapping[UUID, UUID | None]
    # From whom to whom, from when to when.
    delegations: Sequence[tuple[UUID, UUID, datetime, datetime]]

    def seats(self, user: UUID) -> set[UUID]:
        """The departments that somebody sits in."""
        home = self.homes[user]
        return {each for each, who in self.further if who == user} | ({home} if home else set())

    def team(self, user: UUID) -> set[UUID]:
        """Who sits in what somebody manages, and the manager."""
        return {each for each in PEOPLE if any(self.managers[seat] == user for seat in self.seats(each))} | {user}

    def department(self, user: UUID) -> set[UUID]:
        return {each for each in PEOPLE if self.seats(each) & self.seats(user)} | {user}

    def tree(self, user: UUID) -> set[UUID]:
        mine = self.seats(user)
        return {each for each in PEOPLE if any(mine & set(_ABOVE[seat]) for seat in self.seats(each))} | {user}

    def stood_in_for(self, user: UUID) -> set[UUID]:
        now = datetime.now(UTC)
        return {one for one, other, starts, ends in self.delegations if other == user and starts <= now < ends}

    def is_meant(self, user: UUID, grantee: Grantee) -> bool:
        """Whether something given to a user, a department or a team is given to somebody."""
        one, department, team = grantee
        above = {each for seat in self.seats(user) for each in _ABOVE[seat]}
        return one == user or department in above or (team, user) in self.teams


def make_staff(rng: random.Random) -> Staff:
    now = datetime.now(UTC)
    pairs = [(one, other) for one in PEOPLE for other in PEOPLE if one != other and ALICE in {one, other}]
    spans = [(-2, -1), (-1, 1), (-1, 1), (1, 2)]
    return Staff(
        homes={each: rng.choice((*DEPARTMENTS, OFFICE, None)) for each in PEOPLE},
        further=_some(rng, [(each, who) for each in DEPARTMENTS for who in PEOPLE], 3),
        teams=_some(rng, [(each, who) for each in TEAMS for who in PEOPLE], 4),
        managers={each: rng.choice((ALICE, *PEOPLE, None)) for each in DEPARTMENTS},
        delegations=[
            (*pair, now + timedelta(days=starts), now + timedelta(days=ends))
            for pair in rng.sample(pairs, rng.choice((0, 0, 1, 2)))
            for starts, ends in [rng.choice(spans)]
        ],
    )


def some_grantee(rng: random.Random) -> Grantee:
    match rng.randint(0, 3):
        case 0 | 1:
            return rng.choice((ALICE, *PEOPLE)), None, None
        case 2:
            return None, rng.choice(DEPARTMENTS), None
        case _:
            return None, None, rng.choice(TEAMS)


def _some(rng: random.Random, offered: Sequence[tuple[UUID, UUID]], most: int) -> list[tuple[UUID, UUID]]:
    return rng.sample(offered, rng.randint(0, most))


async def settle(world: World, users: Sequence[Record]) -> None:
    """People, departments and teams; Alice is signed in."""
    for each in users:
        told = [each.values[name] for name in ("id", "email", "name", "title", "createdAt", "updatedAt")]
        await world.execute(
            "INSERT INTO t_query.user (id, email, name, title, created_at, updated_at, name_sort) "
            "VALUES ($1, $2, $3, $4, $5, $6, $7)",
            *told,
            each.companions["name"]["sort"],
        )
    await world.execute("INSERT INTO t_query.session (id, user_id) VALUES ($1, $2)", SESSION_ID, ALICE)
    for department in DEPARTMENTS:
        await world.execute("INSERT INTO t_query.department (id, name) VALUES ($1, 'd')", department)
    for department, above in _ABOVE.items():
        for depth, ancestor in enumerate(above):
            await world.execute(
                "INSERT INTO t_query.department_closure VALUES ($1, $2, $3)", ancestor, department, depth
            )
    for place, team in enumerate(TEAMS):
        await world.execute("INSERT INTO t_query.team (id, name) VALUES ($1, $2)", team, f"team {place}")


async def seat(world: World, staff: Staff) -> None:
    """These seats, and no others."""
    for table in _WIPED:
        await world.connection.execute(f"DELETE FROM t_query.{table}")  # noqa: S608 - fixed names
    for user, home in staff.homes.items():
        await world.execute("UPDATE t_query.user SET department_id = $2 WHERE id = $1", user, home)
    for department, manager in staff.managers.items():
        await world.execute("UPDATE t_query.department SET manager_id = $2 WHERE id = $1", department, manager)
    for pair in staff.further:
        await world.execute("INSERT INTO t_query.department_member (department_id, user_id) VALUES ($1, $2)", *pair)
    for pair in staff.teams:
        await world.execute("INSERT INTO t_query.team_member (team_id, user_id) VALUES ($1, $2)", *pair)
    for place, each in enumerate(staff.delegations):
        await world.execute(
            "INSERT INTO t_query.delegation (id, from_user_id, to_user_id, starts_at, ends_at) VALUES ($1, $2, $3, $4, $5)",
            UUID(int=6200 + place),
            *each,
        )
