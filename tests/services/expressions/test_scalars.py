"""Constants survive JSON."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from services.expressions.scalars import read_scalar, write_scalar
from services.expressions.tree import Scalar
from services.expressions.types import Kind


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Kind.BOOLEAN, True),
        (Kind.NUMBER, Decimal("-0.0000000001")),
        (Kind.NUMBER, Decimal("9999999999999999999999999999.9999999999")),
        (Kind.TEXT, "华'\\"),
        (Kind.CHOICE, "won"),
        (Kind.DATE, date(1, 1, 1)),
        (Kind.DATETIME, datetime(2026, 3, 1, 1, 2, 3, 4, tzinfo=UTC)),
        (Kind.RECORD, UUID(int=11)),
    ],
)
def test_a_constant_is_the_same_after_json(kind: Kind, value: Scalar) -> None:
    assert read_scalar(kind, json.loads(json.dumps(write_scalar(value)))) == value
