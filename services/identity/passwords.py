"""Passwords: argon2id in threads of its own, so that neither the event loop nor the memory of the machine suffers.

A mail address that nobody has is checked against a decoy of the same cost, so that an answer takes equally long.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from pwdlib.hashers.argon2 import Argon2Hasher

from schema.metadata.normal_text import normal
from services.identity.errors import PasswordChecksBusy, PasswordWeak

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

SHORTEST = 8
LONGEST = 128
# OWASP's first choice for argon2id: 19 MiB, two passes, one lane; about 40 ms on one core.
MEMORY_KIB, PASSES, LANES = 19_456, 2, 1
_THREADS = 2
# 40 ms each on two threads: whoever comes after these would wait for more than a second.
MOST_WAITING = 50
# The hash of a random password that nobody knows.
DECOY = "$argon2id$v=19$m=19456,t=2,p=1$lMLLcxMJnNOoxRAOXiBZdg$rY0s+NIe6yIhqvPnO9FWfwd0UhIeITZSx5cQ4rF42bs"

_hasher = Argon2Hasher(memory_cost=MEMORY_KIB, time_cost=PASSES, parallelism=LANES)
_threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="argon2")
_waiting = asyncio.BoundedSemaphore(MOST_WAITING)


def weakness(password: str, email: str) -> PasswordWeak | None:
    """Length, and not the mail address; no rules of composition, which only make passwords worse."""
    long_enough = SHORTEST <= len(normal("NFKC", password)) <= LONGEST
    if long_enough and password.casefold() != email.casefold():
        return None
    return PasswordWeak(minimum=SHORTEST, maximum=LONGEST)


async def hash_password(password: str) -> str:
    """The hash to store."""
    return await _in_thread(lambda: _hasher.hash(_secret(password)))


async def verify(password: str, password_hash: str | None) -> bool:
    """Whether the password fits; without a hash the same work is done for nothing."""
    secret = _secret(password if len(password) <= LONGEST else "")
    fits = await _in_thread(lambda: _hasher.verify(secret, password_hash or DECOY))
    return fits and password_hash is not None and len(password) <= LONGEST


def is_outdated(password_hash: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(password_hash)


def _secret(password: str) -> bytes:
    # NFKC, so that full-width digits of a Chinese keyboard are the digits they look like.
    return normal("NFKC", password).encode("utf-8", "surrogatepass")


async def _in_thread(work: Callable[[], T]) -> T:
    if _waiting.locked():
        raise PasswordChecksBusy
    async with _waiting:
        return await asyncio.get_running_loop().run_in_executor(_threads, work)
