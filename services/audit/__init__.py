"""Who did what, and the proof that it was not changed since: entries, the chain that links them, its verification."""

from services.audit.chain import Break, Head, follow, origin, statement
from services.audit.entries import ROW, Entry, append, canonical, insertion, rows
from services.audit.verification import Examined, SignedHead, Verification, examine, verify

__all__ = [
    "ROW",
    "Break",
    "Entry",
    "Examined",
    "Head",
    "SignedHead",
    "Verification",
    "append",
    "canonical",
    "examine",
    "follow",
    "insertion",
    "origin",
    "rows",
    "statement",
    "verify",
]
