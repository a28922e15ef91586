"""The whole story: eighteen months of a demo company, the same for the same seed, people, numbers and end."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from services.demo.after_sales import write_campaigns, write_service
from services.demo.chronicle import Chronicle, Operation
from services.demo.companies import write_customer, write_lead
from services.demo.deals import write_catalogue, write_deals
from services.demo.people import Staff

if TYPE_CHECKING:
    from uuid import UUID

SPAN = timedelta(days=548)
SEED = 20_260_301
FIRST_CUSTOMERS = 100
CUSTOMERS = 1_100
LEADS = 160


@lru_cache(maxsize=1)
def story(
    end: datetime,
    people: tuple[tuple[str, UUID], ...],
    numbers: tuple[tuple[str, int], ...],
    *,
    seed: int = SEED,
    customers: int = CUSTOMERS,
) -> tuple[tuple[Operation, ...], ...]:
    """Periods of operations. The first holds the first hundred customers with their contacts.

    Kept in memory because the steps of one loading job ask for it in turn.
    """
    chronicle = Chronicle(seed, end - SPAN, end, dict(numbers))
    staff = Staff(dict(people))
    catalogue = write_catalogue(chronicle)
    write_campaigns(chronicle, staff)
    used: set[str] = set()
    for number in range(customers):
        first = number < FIRST_CUSTOMERS
        at = chronicle.begin if first else chronicle.moment(chronicle.begin + timedelta(days=16), end)
        customer = write_customer(chronicle, staff, at, used)
        write_deals(chronicle, catalogue, customer)
        write_service(chronicle, staff, customer)
    for _ in range(LEADS):
        write_lead(chronicle, staff, chronicle.moment(end - timedelta(days=60), end))
    return tuple(chronicle.periods())
