"""Texts read for commitments, by rules with grammar: `read` is the one door.

A sentence is split into words; frames (rows of a table) show where something is promised; the clause round each tells who
acts, when, on what condition; and each field keeps the words that decided it. See docs/methods/reading.md.
"""

from comity.agreements.reading.reader import languages, read

__all__ = ["languages", "read"]
