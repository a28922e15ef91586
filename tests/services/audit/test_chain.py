"""The hash chain: whatever is changed, removed, added, moved or cut off is found."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from uuid import UUID

from services.audit import chain
from services.audit.chain import Break, Head, Link

TENANT, OTHER = UUID(int=1), UUID(int=2)
START = chain.origin(TENANT)


def links(number: int = 5) -> list[Link]:
    made, head = [], START
    for position in range(number):
        body = f"entry {position}".encode()
        after = chain.follow(head, body)
        made.append(Link(after.seq, head.hash, after.hash, body))
        head = after
    return made


def found(walked: list[Link], *heads: Head) -> list[Break]:
    last, breaks = chain.breaks(START, walked, heads)
    return [*breaks, *chain.cut_off(last, heads)]


def head_of(link: Link) -> Head:
    return Head(link.seq, link.hash)


def test_a_link_covers_its_number_the_one_before_and_the_stored_bytes() -> None:
    head = chain.follow(Head(6, b"before"), b"body")

    assert head == Head(7, hashlib.sha256(b"before" + (7).to_bytes(8) + b"body").digest())


def test_a_chain_that_was_left_alone_holds() -> None:
    made = links()

    assert found(made, head_of(made[2]), head_of(made[4])) == []
    assert found([]) == []


def test_a_changed_entry_is_one_break() -> None:
    made = links()
    made[2] = replace(made[2], body=b"entry x")

    assert found(made) == [Break(3, "was changed after it was written")]


def test_a_removed_entry_is_missing() -> None:
    made = links()
    del made[2]

    assert found(made) == [Break(3, "is missing before entry 4")]


def test_moved_entries_are_found() -> None:
    made = links()
    made[1], made[2] = (
        replace(made[2], seq=2), replace(made[1], seq=3)
    )  # fmt: skip

    assert [each.seq for each in found(made)] == [2, 3, 4]


def test_an_entry_slipped_in_is_found() -> None:
    made = links()
    made.insert(2, replace(made[2], body=b"new"))

    assert [each.seq for each in found(made)] == [3, 3]


def test_a_chain_cut_off_no_longer_meets_its_signed_head() -> None:
    made = links()

    assert found(made[:3], head_of(made[4])) == [Break(4, "was cut off: the chain was signed up to 5")]
    assert found([], head_of(made[0])) == [Break(1, "was cut off: the chain was signed up to 1")]


def test_a_chain_written_anew_is_not_the_one_that_was_signed() -> None:
    signed = head_of(links()[4])
    rewritten, head = [], START
    for position in range(5):
        body = f"other {position}".encode()
        after = chain.follow(head, body)
        rewritten.append(Link(after.seq, head.hash, after.hash, body))
        head = after

    assert found(rewritten) == []
    assert found(rewritten, signed) == [Break(1, "was written anew, or one up to 5: that is not what was signed")]


def test_of_a_tail_written_anew_the_first_entry_that_is_not_proven_is_named() -> None:
    made = links()
    signed = [head_of(made[1]), head_of(made[4])]
    rewritten, head = made[:3], head_of(made[2])
    for position in (3, 4):
        body = f"other {position}".encode()
        after = chain.follow(head, body)
        rewritten.append(Link(after.seq, head.hash, after.hash, body))
        head = after

    assert found(rewritten) == []
    assert found(rewritten, *signed) == [Break(3, "was written anew, or one up to 5: that is not what was signed")]


def test_chains_of_two_tenants_cannot_be_swapped() -> None:
    _, breaks = chain.breaks(chain.origin(OTHER), links(), [])

    assert breaks == (Break(1, "does not follow the entry before it"),)


def test_a_head_is_signed_with_its_tenant() -> None:
    head = Head(7, b"x" * 32)

    assert chain.statement(TENANT, head) != chain.statement(OTHER, head)
    assert chain.statement(TENANT, head) == b"kezhi audit head\0" + TENANT.bytes + (7).to_bytes(8) + b"x" * 32
