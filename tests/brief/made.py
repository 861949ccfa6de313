"""Answers made by hand: a risk and a portfolio small enough to know what must be said of them."""

from __future__ import annotations

DAYS = {"mean": 14.0, "p10": 8.0, "p50": 12.0, "p90": 22.0, "p95": 27.0, "cvar95": 35.0}
NOTHING = dict.fromkeys(DAYS)


def hold(key: str, kind: str, name: str, *, use=0.5, loss=0.0, days=0.0, none=0.0, gain=0.0, gain_days=0.0) -> dict:
    """A row of `depends_on`."""
    return {
        "key": key,
        "kind": kind,
        "name": name,
        "use_share": use,
        "if_shut": {"usd": loss, "days": days, "no_way_share": none},
        "if_never_shut": {"usd": gain, "days": gain_days, "no_way_share": 0.0},
    }


def closed(id: str, name: str, *, kind="crossing", severity="shut", since="2025-10-12", confirmed="2026-04-02") -> dict:
    """A row of `conditions.closed`."""
    return {
        "id": id, "name": name, "kind": kind, "reason": "", "since": since, "confirmed": confirmed, "severity": severity,
        "source": "comity",
    }  # fmt: skip


def hazard(key: str, touched: float, *in_force: str) -> dict:
    return {"key": key, "in_force": list(in_force), "share_of_departures_touched": touched}


def risk(*holds: dict, shut: tuple = (), hazards: tuple = (), days: dict | None = None, **more) -> dict:
    """A risk of 5,000 years of a 40 ft container."""
    days = DAYS if days is None else days
    told = {
        "origin": {"name": "Here"},
        "destination": {"name": "There"},
        "conditions": {
            "on": "2026-11-24",
            "cargo": {"kind": "40ft", "units": 1},
            "scenarios": 5000,
            "months": 12,
            "seed": 1,
            "closed": list(shut),
        },
        "usual": {"days": 12.0, "cost_usd": 9000.0},
        "days": days,
        "cost_usd": {"mean": 10_000.0},
        "no_way_share": 0.002,
        "extra": {"days_per_shipment": 2.0, "usd_per_shipment": 500.0},
        "by_month": [{"from": "2026-11-24", "no_way_share": 0.0, "days": days} for _ in range(12)],
        "histogram": {"edges": [4.0, 10.0, 20.0, 40.0], "share": [0.2, 0.5, 0.3]},
        "depends_on": list(holds),
        "hazards": list(hazards),
    }
    return told | more


def split(shares: list[float], *, paid=0.0, saved=0.0, alike=(), titles=None, most=1.0) -> dict:
    """A portfolio over ways that cost 10,000 on average and 20,000 in the worst month, all on the cheapest.

    paid, saved : USD that the chosen split costs more on average, and less in the worst month, than all on the cheapest
    """
    spread = {"p10": 240.0, "p50": 300.0, "p90": 480.0}
    ways = [
        {
            "title": titles[number] if titles else f"Truck by way {number}",
            "open_today": True,
            "share": share,
            "most_share": most,
            "time_h": spread,
            "cost_usd": {"p10": 5000.0, "p50": 6000.0, "p90": 9000.0},
        }
        for number, share in enumerate(shares)
    ]
    cheapest = _point([1.0] + [0.0] * (len(shares) - 1), 10_000.0, 20_000.0)
    chosen = _point(shares, 10_000.0 + paid, 20_000.0 - saved)
    equal = _point([1 / len(shares)] * len(shares), 12_000.0, 22_000.0)
    return {
        "conditions": {"volume_units_per_year": 1000.0, "risk": 0.5, "cargo": {"kind": "40ft", "units": 1}},
        "ways": ways,
        "chosen": chosen,
        "frontier": [cheapest, chosen] if paid or saved else [cheapest],
        "beside": [cheapest | {"name": "all on the cheapest"}, equal | {"name": "equal shares"}],
        "alike": list(alike),
    }


def _point(shares: list[float], mean: float, tail: float) -> dict:
    return {"name": "", "shares": shares, "fresh_mean_usd": mean, "fresh_cvar_usd": tail}


def plan(*dwells: dict) -> dict:
    """A plan with one open way and the waits on it."""
    way = {
        "id": "a1", "open": True, "title": "Truck", "countries": ["KAZ", "PAK"], "dwells": list(dwells), "closures": [],
        "time_h": {"p10": 200.0, "p50": 300.0, "p90": 500.0}, "cost_usd": {"p10": 5e3, "p50": 6e3, "p90": 9e3},
    }  # fmt: skip
    return {"alternatives": [way], "conditions": {"closed": []}}


def dwell(kind: str, at: str, p50: float, p90: float) -> dict:
    return {"kind": kind, "id": at, "at": at, "time_h": {"p10": 0.0, "p50": p50, "p90": p90}}
