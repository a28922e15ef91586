"""Messages survive the way through JSON, and versions that know other fields."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from services.messages import Message

RECORD = UUID("01a1ffed-93b7-7000-8524-383b88dc5656")


@dataclass(frozen=True, slots=True)
class Remind(Message):
    name: ClassVar[str] = "customer.remind"
    record_id: UUID
    days: int = 7


def test_message_comes_back_as_it_went() -> None:
    message = Remind(RECORD, days=3)

    assert Remind.parse(json.loads(message.payload())) == message


def test_payload_is_canonical() -> None:
    assert Remind(RECORD).payload() == f'{{"days": 7, "record_id": "{RECORD}"}}'


def test_older_payload_takes_the_default_and_newer_fields_are_ignored() -> None:
    assert Remind.parse({"record_id": str(RECORD), "colour": "red"}) == Remind(RECORD, days=7)
