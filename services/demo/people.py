"""The twelve people of the demo company, their departments and roles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from uuid import UUID

DOMAIN = "demo.example"


@dataclass(frozen=True, slots=True)
class Person:
    """One user to create: the part of the mail before the @, and where they stand."""

    account: str
    name: str
    title: str
    department: str
    role: str
    region: str = ""

    @property
    def email(self) -> str:
        """The address they sign in with."""
        return f"{self.account}@{DOMAIN}"


# (key, name, account of the manager)
DEPARTMENTS: tuple[tuple[str, str, str], ...] = (
    ("east", "华东销售部", "manager.east"),
    ("south", "华南销售部", "manager.south"),
    ("operations", "运营服务部", "director"),
)

PEOPLE: tuple[Person, ...] = (
    Person("admin", "周敏", "系统管理员", "operations", "admin"),
    Person("director", "陈国栋", "销售总监", "operations", "director"),
    Person("manager.east", "林晓东", "华东区经理", "east", "manager"),
    Person("manager.south", "黄丽华", "华南区经理", "south", "manager"),
    Person("sales1", "王磊", "客户经理", "east", "sales", "east"),
    Person("sales2", "李静", "客户经理", "east", "sales", "east"),
    Person("sales3", "张伟", "客户经理", "east", "sales", "east"),
    Person("sales4", "吴永健", "客户经理", "south", "sales", "south"),
    Person("sales5", "郑佳怡", "客户经理", "south", "sales", "south"),
    Person("service", "徐海燕", "服务主管", "operations", "service"),
    Person("service2", "马俊峰", "服务工程师", "operations", "service"),
    Person("finance", "何文博", "财务主管", "operations", "finance"),
)


@dataclass(frozen=True, slots=True)
class Staff:
    """Ids of the people by account."""

    ids: Mapping[str, UUID]

    def seller(self, source: random.Random, region: str) -> UUID:
        """One of the region's sales people."""
        return self.ids[source.choice([person.account for person in PEOPLE if person.region == region])]

    def engineer(self, source: random.Random) -> UUID:
        """One of the service people."""
        return self.ids[source.choice([person.account for person in PEOPLE if person.role == "service"])]
