"""Who asks, for whom, in which transaction: the values every verb receives first.

Three kinds of work are three types, so that a query cannot call a write verb and a write verb cannot alter a table.
They are made only by `tenants.session`; nothing here opens, begins or commits.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple, NewType
from uuid import UUID

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from tenants.cache import TenantCache
    from tenants.errors import Language
    from tenants.file_tokens import FileKeys
    from tenants.ids import IdMaker
    from tenants.placement import Placement
    from tenants.secret_keys import SecretKeys
    from tenants.session import Session

TenantId = NewType("TenantId", UUID)

SYSTEM_ID = UUID(int=0)


class PrincipalKind(StrEnum):
    """Who can act."""

    ANONYMOUS = "anonymous"
    USER = "user"
    CLIENT = "client"
    SYSTEM = "system"


@dataclass(frozen=True)
class Principal:
    """Who acts. `session_id` is the session that every statement checks, of a sign-in or a token; the system has none.

    It is made once for a token, and every request asks what kind it is several times, so the answers are kept.
    """

    kind: PrincipalKind
    id: UUID
    session_id: UUID | None = None
    client_id: str = ""
    # The user's own zone, from the token; empty means the tenant's.
    zone: str = ""
    # What a token narrows the principal's rights to; a sign-in session has none.
    scopes: tuple[str, ...] = ()
    # The administrator who reads with this user's eyes, for one request; audit entries are his.
    viewer_id: UUID | None = None

    @cached_property
    def has_session(self) -> bool:
        """Whether there is a session that must be open; a viewer's was when the viewing was noted."""
        return self.viewer_id is None and (self.kind is PrincipalKind.USER or self.is_client)

    @cached_property
    def is_anonymous(self) -> bool:
        """Whether nobody in particular acts."""
        return self.kind is PrincipalKind.ANONYMOUS

    @property
    def user_id(self) -> UUID | None:
        """The user whose name stands on what is done; a client, the platform and nobody in particular have none."""
        return self.id if self.kind is PrincipalKind.USER else None

    @cached_property
    def is_client(self) -> bool:
        """Whether a client acts, in nobody's name."""
        return self.kind is PrincipalKind.CLIENT

    @cached_property
    def is_token(self) -> bool:
        """Whether a token of the API acts, for a user or a client: it never has more than its scopes name."""
        return bool(self.scopes) or self.is_client


ANONYMOUS = Principal(PrincipalKind.ANONYMOUS, SYSTEM_ID)
SYSTEM = Principal(PrincipalKind.SYSTEM, SYSTEM_ID)


class Origin(NamedTuple):
    """Where the request came from, for messages, audit and logs."""

    request_id: str
    language: Language = "en"
    address: str = ""
    agent: str = ""
    # When the answer is of no use any more, on the monotonic clock.
    deadline: float = math.inf


@dataclass(frozen=True, slots=True)
class Versions:
    """What `state` held when the snapshot in use was made."""

    metadata: int
    access: int


class Moving(StrEnum):
    """A version of `state` that a transaction moves; the value is its column."""

    METADATA = "metadata_version"
    ACCESS = "access_version"


@dataclass(frozen=True, slots=True)
class TenantSettings:
    """The one row of `tenant_setting`; changing it moves `metadata_version`."""

    name: str
    zone: str
    language: Language
    phone_region: str
    currency: str
    # Those who may not define run documents of the tenant's store only.
    trusted_only: bool = False


# Each read makes one, so their members are final for the type checker and not frozen: that would set each of twelve
# through a call.
@dataclass(slots=True, eq=False)
class ReadWork:
    """One READ ONLY transaction of one principal in one tenant."""

    placement: Final[Placement]
    principal: Final[Principal]
    origin: Final[Origin]
    session: Final[Session]
    cache: Final[TenantCache]
    versions: Final[Versions]
    settings: Final[TenantSettings]
    now: Final[datetime]
    zone: Final[ZoneInfo]
    ids: Final[IdMaker]
    # What signs the addresses of files that are answered.
    file_keys: Final[FileKeys | None] = None
    # What seals and opens the values of encrypted fields.
    secrets: Final[SecretKeys | None] = None


@dataclass(slots=True, eq=False)
class Work(ReadWork):
    """One transaction that writes records."""

    # Messages put into the outbox wake the relay after commit, without data.
    touched: Final[list[str]] = field(default_factory=list)
    # `state` moves just before the commit: until then the statements of this transaction compare with the versions
    # that they were built for, and no cache is filled with what might still be rolled back.
    moves: Final[set[Moving]] = field(default_factory=set)


@dataclass(slots=True, eq=False)
class DefinitionWork(Work):
    """One transaction as the owner role that changes the shape; `state` is locked before anything else."""
