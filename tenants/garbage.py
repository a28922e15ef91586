"""What a process of the product keeps for its whole life is taken out of the garbage collector's rounds.

Modules, tables and schemas are some hundred thousand objects that never become garbage; looking through them again and
again was an eighth of the processor time of a job that writes many records.
"""

from __future__ import annotations

import gc


def keep_what_is_loaded() -> None:
    """Once in a process, after its imports and before its work: what is there now is never looked at again."""
    gc.collect()
    gc.freeze()
