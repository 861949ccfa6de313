"""Every error that Comity raises on purpose. Each is ours and a built-in at once, and says how to mend it.

ComityError                     exit 1
├── BadInput (ValueError)       exit 2   a value, date, file or flag that cannot be used
│   ├── PlaceUnknown            exit 3   no such place; suggestions in `candidates`
│   │   └── PlaceAmbiguous      exit 3   several places; the list in `candidates`
│   └── TableFaults             exit 4   every fault of a table at once, with line and column
├── NoRoute (LookupError)       exit 5   no itinerary; says which end or which closure
├── FactMissing (LookupError)   exit 6   a figure the model needs has no row
├── NetworkUnusable (OSError)   exit 7   the compiled network cannot be built, opened or written
├── MissingExtra (ImportError)  exit 8   an optional package; the sentence has the pip command
└── RegisterUnusable (OSError)  exit 9   the register cannot be opened, read or written; nothing of it is lost
"""

from __future__ import annotations

from collections.abc import Sequence


class ComityError(Exception):
    """Any error with a sentence for the user. `exit_code` is what the command line returns."""

    exit_code = 1


class BadInput(ComityError, ValueError):
    """A value, date, flag or file that cannot be used as it stands."""

    exit_code = 2


class PlaceUnknown(BadInput):
    """No place has this name. `candidates` holds the nearest ones by spelling."""

    exit_code = 3

    def __init__(self, message: str, candidates: Sequence = ()):
        super().__init__(message)
        self.candidates = tuple(candidates)


class PlaceAmbiguous(PlaceUnknown):
    """Several places have this name. Nothing is guessed: `candidates` lists them."""


class TableFaults(BadInput):
    """A table with faults. `faults` holds every one of them, each with line and column."""

    exit_code = 4

    def __init__(self, name: str, faults: Sequence[str]):
        self.faults = tuple(faults)
        listed = "\n".join(f"  {fault}" for fault in self.faults)
        super().__init__(f"{name} has {len(self.faults)} fault{'s' * (len(self.faults) != 1)}:\n{listed}")


class NoRoute(ComityError, LookupError):
    """No itinerary joins the two ends under these conditions."""

    exit_code = 5


class FactMissing(ComityError, LookupError):
    """A figure that the model needs has no row in the fact tables."""

    exit_code = 6


class NetworkUnusable(ComityError, OSError):
    """The compiled network cannot be built, opened or written."""

    exit_code = 7


class MissingExtra(ComityError, ImportError):
    """An optional package is not installed."""

    exit_code = 8


class RegisterUnusable(ComityError, OSError):
    """The register of commitments cannot be opened, read or written, or is damaged. What was acknowledged stays."""

    exit_code = 9
