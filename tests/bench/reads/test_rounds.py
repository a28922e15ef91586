"""Statements of a request are counted in the log of the database, those of its transaction apart."""

from __future__ import annotations

import pytest

from bench.reads.rounds import Cell, Sample, counted

KEZHI = """
2026-01-01 00:00:00.000 UTC [1] LOG:  statement:
	BEGIN READ ONLY; SET LOCAL ROLE "t_a"
2026-01-01 00:00:00.000 UTC [1] LOG:  execute __asyncpg_stmt_1__: SELECT s.fresh FROM t_a.state
2026-01-01 00:00:00.000 UTC [1] DETAIL:  Parameters: $1 = 'SELECT'
2026-01-01 00:00:00.000 UTC [1] LOG:  statement: COMMIT
"""
POSTGRAPHILE = """
2026-01-01 00:00:00.000 UTC [1] LOG:  statement: begin
2026-01-01 00:00:00.000 UTC [1] LOG:  execute <unnamed>: select set_config(el->>0, el->>1, true) from json_array_elements($1::json) el
2026-01-01 00:00:00.000 UTC [1] LOG:  execute 6c90: select
	__customer__."id" as "0"
2026-01-01 00:00:00.000 UTC [1] LOG:  statement: commit
"""


@pytest.mark.parametrize(("log", "expected"), [(KEZHI, (1, 2)), (POSTGRAPHILE, (1, 3)), ("", (0, 0))])
def test_statements_and_control_are_told_apart(log: str, expected: tuple[int, int]) -> None:
    assert counted(log) == expected


def test_cell_is_the_median_of_its_rounds() -> None:
    samples = [Sample(rate, rate / 10, rate, rate * 2, rate * 3, int(rate)) for rate in (10.0, 90.0, 20.0)]
    cell = Cell(tuple(samples))

    assert (cell.rate, cell.p50, cell.p99, cell.server_us, cell.postgres_us, cell.size) == (20, 2, 20, 40, 60, 90)
