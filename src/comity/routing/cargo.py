"""What is sent: the unit it travels in, its weight and its worth."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from comity import facts
from comity.units import HOURS_PER_DAY, TEU_PER_CONTAINER

KINDS = ("20ft", "40ft", "reefer", "truckload", "bulk")
TEU = TEU_PER_CONTAINER | {"truckload": 2.0, "bulk": 1.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cargo:
    """Cargo of one question. Search works on one unit (a container or a truck); totals are for all `units`."""

    kind: str
    tonnes: float
    value_usd_per_t: float
    payload_t: float  # most that one unit carries

    @property
    def units(self) -> int:
        return max(1, ceil(self.tonnes / self.payload_t - 1e-9))

    @property
    def teu_per_unit(self) -> float:
        return TEU[self.kind]

    @property
    def tonnes_per_unit(self) -> float:
        return self.tonnes / self.units

    @property
    def usd_per_h(self) -> float:
        """Value of an hour of one unit's time: a share of its worth per day (Hummels & Schaur 2013)."""
        share = facts.figure("cargo", "value_of_time_pct_per_day").value / 100
        return self.tonnes_per_unit * self.value_usd_per_t * share / HOURS_PER_DAY

    def json(self) -> dict:
        """The cargo as an answer tells it; units and TEU in all."""
        return {
            "kind": self.kind,
            "tonnes": self.tonnes,
            "value_usd_per_t": self.value_usd_per_t,
            "units": self.units,
            "teu": self.units * self.teu_per_unit,
        }


def cargo(kind: str, tonnes: float, value_usd_per_t: float | None = None) -> Cargo:
    """Cargo of a kind; its worth and payload come from transport.csv unless given."""
    subject = f"cargo.{kind}"
    worth = facts.figure(subject, "value_usd_per_t").value if value_usd_per_t is None else value_usd_per_t
    payload = facts.figure(subject, "payload_t").value
    return Cargo(kind=kind, tonnes=tonnes, value_usd_per_t=worth, payload_t=payload)
