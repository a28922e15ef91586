"""What is asked: Q1 to Q8 as documents of Kezhi and of the peers, which read the same columns of the same records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

KEYS = 50


@dataclass(frozen=True, slots=True)
class Query:
    """One question in the words of each server; empty where a server has no words for it."""

    name: str
    title: str
    kezhi: str
    postgraphile: str = ""
    naive: str = ""
    # Whether it is about one customer, whose id is a variable.
    is_keyed: bool = False

    def variables(self, customers: Sequence[UUID]) -> list[dict[str, str]]:
        """The variables of successive requests."""
        return [{"id": str(each)} for each in customers[:KEYS]] if self.is_keyed else [{}]


_FIELDS = "id name shortName phone email website industry region level status source scale address note lastActivityAt"
_Q1 = f"query Q1($id: ID!) {{ customer(id: $id) {{ {_FIELDS} }} }}"
_Q4 = f"query Q4 {{ customers(first: 500, orderBy: [{{name: ASC}}]) {{ nodes {{ {_FIELDS} }} }} }}"
_Q2 = """query Q2 { opportunities(first: 50, filter: {stage: {eq: "negotiation"}}, orderBy: [{amount: DESC}]) {
  edges { cursor node { id name stage amount { amount currency } closeOn probability
    customer { id name region } owner { id name } } } pageInfo { hasNextPage endCursor } } }"""
_Q3 = """query Q3($id: ID!) { customer(id: $id) { id name phone email industry region level status
  contacts(first: 20) { nodes { id name title phone email } }
  opportunities(first: 20) { nodes { id name stage closeOn amount { amount currency } owner { id name } } }
  activities(first: 20) { nodes { id kind subject occurredAt createdBy { id name } } } } }"""
_Q5 = (
    "query Q5 { opportunitiesAggregate(groupBy: [{stage: true}]) { group { stage } count sum { amount { amount } } } }"
)
_Q6 = """query Q6($id: ID!) { customer(id: $id) { id name level status region industryLabel lastActivityAt
  owner { name department { name } }
  contacts(first: 20, orderBy: [{isPrimary: DESC}, {name: ASC}]) { totalCount nodes { id name title phone email } }
  opportunities(first: 20, filter: {stage: {notIn: ["won", "lost"]}}, orderBy: [{closeOn: ASC}]) {
    nodes { id name stage stageLabel amount { amount currency } owner { name } } }
  activities(first: 20, orderBy: [{occurredAt: DESC}]) {
    nodes { id kind subject occurredAt createdBy { name } contact { name } } }
  quotes(first: 10) { nodes { id number status } } contracts(first: 10) { nodes { id number name status } }
  opportunitiesAggregate(groupBy: [{stage: true}]) { group { stage } count sum { amount { amount } } } } }"""
_Q7 = """query Q7 { customers(first: 50, orderBy: [{name: ASC}], filter: {opportunities: {some: {
  stage: {eq: "negotiation"}, activities: {some: {kind: {eq: "visit"}}}}}}) { nodes { id name region } } }"""
_Q8 = """query Q8 { contacts(first: 1000, orderBy: [{createdAt: ASC}]) { pageInfo { endCursor hasNextPage }
  nodes { id name phone email title department role isPrimary createdAt customer { name } } } }"""

# PostGraphile: the same under the same names, so far as aliases can do it.
_ROW = "id: rowId"
_FIELDS_P = _FIELDS.replace("id", _ROW, 1)
_P1 = f"query Q1($id: UUID!) {{ customer: customerByRowId(rowId: $id) {{ {_FIELDS_P} }} }}"
_P4 = f"""query Q4 {{ customers: allCustomers(first: 500, condition: {{deletedAt: null}}, orderBy: [NAME_SORT_ASC]) {{
  nodes {{ {_FIELDS_P} }} }} }}"""
_MONEY = "amount amountCurrency"
_P2 = f"""query Q2 {{ opportunities: allOpportunities(first: 50, condition: {{stage: "negotiation", deletedAt: null}},
  orderBy: [AMOUNT_DESC]) {{ edges {{ cursor node {{ {_ROW} name stage {_MONEY} closeOn probability
    customer {{ {_ROW} name region }} owner {{ {_ROW} name }} }} }} pageInfo {{ hasNextPage endCursor }} }} }}"""
_NEWEST = "first: 20, condition: {deletedAt: null}, orderBy: [CREATED_AT_DESC]"
_P3 = f"""query Q3($id: UUID!) {{ customer: customerByRowId(rowId: $id) {{
  {_ROW} name phone email industry region level status
  contacts({_NEWEST}) {{ nodes {{ {_ROW} name title phone email }} }}
  opportunities({_NEWEST}) {{ nodes {{ {_ROW} name stage closeOn {_MONEY} owner {{ {_ROW} name }} }} }}
  activities({_NEWEST}) {{ nodes {{ {_ROW} kind subject occurredAt createdBy {{ {_ROW} name }} }} }} }} }}"""
_P8 = f"""query Q8 {{ contacts: allContacts(first: 1000, condition: {{deletedAt: null}}, orderBy: [CREATED_AT_ASC]) {{
  pageInfo {{ endCursor hasNextPage }}
  nodes {{ {_ROW} name phone email title department role isPrimary createdAt customer {{ name }} }} }} }}"""

_N2 = """query Q2 { opportunities(first: 50, stage: "negotiation") { edges { cursor node { id name stage
  amount { amount currency } closeOn probability customer { id name region } owner { id name } } }
  pageInfo { hasNextPage endCursor } } }"""
_N4 = f"query Q4 {{ customers(first: 500) {{ nodes {{ {_FIELDS} }} }} }}"

QUERIES = (
    Query("Q1", "one customer, 15 fields", _Q1, _P1, _Q1, is_keyed=True),
    Query("Q2", "50 opportunities, filtered and sorted, with customer and owner", _Q2, _P2, _N2),
    Query("Q3", "a customer with 20 contacts, opportunities and activities", _Q3, _P3, _Q3, is_keyed=True),
    Query("Q4", "500 customers, 15 fields", _Q4, _P4, _N4),
    Query("Q5", "100,000 opportunities grouped", _Q5),
    Query("Q6", "the page of a customer: seven lists, totals, labels", _Q6, is_keyed=True),
    Query("Q7", "customers by `some` across two relations", _Q7),
    Query("Q8", "a page of 1,000 contacts to export", _Q8, _P8),
)
