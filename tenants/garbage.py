"""What a process of the product keeps for its whole life is taken out of the garbage collector's rounds, which are seldom.

Modules, tables and schemas are some hundred thousand objects that never become garbage; looking through them again and
again was an eighth of the processor time of a job that writes many records.
"""

from __future__ import annotations

import gc

# So many containers before the youngest are looked through, and so many such rounds before older ones are. Nearly all that a
# request makes is gone with it, without the collector; with Python's 700 its rounds were 2.6 % of what reads took. A schema that
# was pushed out of its cache is gone with the oldest only: 50 rounds would keep two thousand of them, a megabyte each.
_YOUNG, _MIDDLE, _OLD = 20_000, 20, 5


def keep_what_is_loaded() -> None:
    """Once in a process, after its imports and before its work: what is there now is never looked at again, the rest seldom."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, _MIDDLE, _OLD)
