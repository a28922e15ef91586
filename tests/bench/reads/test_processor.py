"""Processor time is counted by threads: what ends meanwhile takes nothing away from what others have run."""

from __future__ import annotations

import os

from bench.reads import processor


def test_thread_that_ended_takes_nothing_away() -> None:
    assert processor.between({1: 100, 2: 50}, {1: 130}) == 30


def test_thread_that_began_counts_whole() -> None:
    assert processor.between({1: 100}, {1: 130, 3: 20}) == 50


def test_this_process_has_run_and_has_memory_and_a_title() -> None:
    own = os.getpid()

    assert own in processor.by_thread(own)
    assert processor.nanoseconds(own) > 0
    assert processor.memory(own) > 1
    assert "python" in processor.title(own)


def test_process_that_is_gone_has_nothing() -> None:
    gone = 2**22 + 1

    assert (processor.nanoseconds(gone), processor.memory(gone), processor.title(gone)) == (0, 0.0, "")
