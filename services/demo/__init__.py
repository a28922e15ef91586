"""The demo company: twelve people and eighteen months of customers, deals and service, invented and deterministic."""

from services.demo.loading import begin, has_begun, load_next
from services.demo.messages import LoadDemo
from services.demo.people import PEOPLE
from services.demo.staffing import staff

__all__ = ["PEOPLE", "LoadDemo", "begin", "has_begun", "load_next", "staff"]
