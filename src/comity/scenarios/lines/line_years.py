"""What a new line or a quicker crossing changes over many years of closures: how much it is used, and what hangs on whom.

Before and after are measured on the same simulated years, so that chance is not taken for an effect.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from comity import places
from comity.scenarios.ensembles import pieces
from comity.scenarios.ensembles.outcome import spread_of
from comity.scenarios.ensembles.study import Study, Years
from comity.scenarios.lines.sides import Side
from comity.scenarios.risk import Risk, measured


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """Before and after over simulated years. `opened` are borders taken as open all the time, on both sides.

    use_share : of shipments, after, that go by what is built or improved
    """

    opened: tuple[str, ...]
    years: Years
    before: Risk
    after: Risk
    use_share: float

    def json(self) -> dict:
        """As an answer tells it: days, dollars for all units, and the loss of each transit country, before and after."""
        return {
            "opened": list(self.opened),
            "scenarios": self.years.scenarios,
            "months": self.years.months,
            "seed": self.years.seed,
            "use_share": round(self.use_share, 4),
            "before": _fares(self.before),
            "after": _fares(self.after),
            "dependence": self._dependence(),
        }

    def _dependence(self) -> list[dict]:
        sides = [
            {one.key: one.loss_usd for one in risk.dependences if one.kind == "country"}
            for risk in (self.before, self.after)
        ]
        codes = sorted({*sides[0], *sides[1]}, key=lambda code: (-max(side.get(code, 0.0) for side in sides), code))
        return [
            {
                "country": code,
                "name": places.country(code).short,
                "before_usd": round(sides[0].get(code, 0.0), 2),
                "after_usd": round(sides[1].get(code, 0.0), 2),
            }
            for code in codes
        ]


def ahead(opened: tuple[str, ...], before: Side, after: Side, marks: dict[int, str], years: Years) -> Ahead:
    """The years of both sides. marks : gate rows of what is built or improved. Raises as `risk` does."""
    risks = [_risk(side, years) for side in (before, after)]
    ways = risks[1].study.ensemble.ways
    by_it = np.array([not set(marks).isdisjoint(way.itinerary.gate_rows) for way in ways] + [False])  # -1: no way
    share = float(by_it[risks[1].outcome.way].mean())
    return Ahead(opened=opened, years=years, before=risks[0], after=risks[1], use_share=share)


def _risk(side: Side, years: Years) -> Risk:
    of = Study(replace(side.request, open_=(*side.request.open_, *side.built)), side.network)
    return measured(
        of, years, "departure", list(pieces.in_this_process(of, years, "departure", lambda done, total: None))
    )


def _fares(risk: Risk) -> dict:
    units = risk.study.request.cargo.units
    return {
        "days": spread_of(risk.outcome.time_h / 24),
        "cost_usd": spread_of(risk.outcome.cost_usd * units),
        "no_way_share": round(float((risk.outcome.way < 0).mean()), 5),
    }
