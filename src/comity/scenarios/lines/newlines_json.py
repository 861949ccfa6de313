"""The answer of `whatif` as one JSON object: comity.whatif/1. Hours, USD and kg CO2e; money and CO2e for all units."""

from __future__ import annotations

from collections.abc import Sequence

from comity import facts
from comity.network import Network
from comity.network.lines import Line, planned
from comity.routing.answer import asked, place
from comity.routing.request import Request
from comity.scenarios.lines.gains import CrossingRank, LineRank, RegionCase
from comity.scenarios.lines.newlines import Case, Choice, Loss, Way, Whatif

MEASURES = ("best", "quickest", "cheapest", "cleanest")


def as_json(answer: Whatif) -> dict:
    """The whole answer."""
    units = answer.request.cargo.units
    return question(answer.request, answer.network) | {
        "build": [_built(line, answer) for line in answer.lines],
        "improve": [
            {"id": item.id, "name": item.name, "hours": item.hours, "usual_h": [round(h, 1) for h in item.usual_h]}
            for item in answer.improved
        ],
        "notes": list(answer.notes),
        "stopped_by": [item.json() for item in answer.stopped_by],
        "usd_per_h": round(answer.usd_per_h * units, 3),
        "cases": [_case(case, units) for case in answer.cases],
        "region": [_region(case, units) for case in answer.region],
        "years": [case.json() for case in answer.ahead],
    }


def question(request: Request, network: Network) -> dict:
    """What was asked, as every answer begins."""
    from comity import __version__

    return {
        "schema": "comity.whatif/1",
        "origin": place(request.origin),
        "destination": place(request.destination),
        "conditions": asked(request),
        "version": {"comity": __version__, "network": network.id, "facts": facts.digest()},
    }


def listed(line: Line) -> dict:
    """A line with what is known of it."""
    gauges = sorted({station.gauge_mm for station in line.stations} - {0})
    return {
        "id": line.id,
        "name": line.name,
        "mode": line.mode.word,
        "length_km": round(line.km, 1),
        "gauge_mm": gauges,
        "state": line.state,
        "opens_year": line.opens_year,
        "capacity_mt_per_year": line.capacity_mt_per_year,
        "cost_usd_bn": line.cost_usd_bn,
        "source": line.source,
        "standing": line.standing,
        "note": line.note,
        "stations": [
            {"name": station.name, "lon": station.lon, "lat": station.lat, "country": station.country}
            for station in line.stations
        ],
    }


def _built(line: Line, answer: Whatif) -> dict:
    built = {item.id for item in answer.lines}
    laid = next(item for item in answer.laid if item.id == line.id)
    return listed(line) | {
        "meets": [{"line": other, "at": at, "built": other in built} for other, at in laid.meets],
        "countries": list(laid.countries),
        "crossings": list(laid.crossings),
        "joins": list(laid.notes),
    }


def _case(case: Case, units: int) -> dict:
    before, after = case.before, case.after
    return {
        "opened": list(case.opened),
        "before": _choice(before, units),
        "after": _choice(after, units),
        "saved": {name: _saved(before, after, name, units) for name in MEASURES} if before.ways and after.ways else {},
        "by_change": None if case.by_change is None else _way(case.by_change, units),
        "ways_using_it": sum(way.uses for way in after.ways),
        "ways": len(after.ways),
        "dependence": [_loss(loss, units) for loss in case.losses],
    }


def _choice(choice: Choice, units: int) -> dict | None:
    return {name: _way(getattr(choice, name), units) for name in MEASURES} if choice.ways else None


def _way(found: Way, units: int) -> dict:
    way = found.way
    return {
        "title": found.title,
        "time_h": way.time_h.json(),
        "cost_usd": way.cost_usd.times(units).json(),
        "co2e_kg": round(way.co2e_kg * units, 1),
        "distance_km": round(way.distance_km, 1),
        "generalized_usd": round(found.generalized_usd * units, 2),
        "countries": list(way.countries),
        "crossings": [gate.id for gate in way.crossings],
        "uses_change": found.uses,
        "line_km": {id: round(km, 1) for id, km in found.line_km.items()},
    }


def _saved(before: Choice, after: Choice, name: str, units: int) -> dict:
    one, other = getattr(before, name), getattr(after, name)
    return {
        "time_h": round(one.way.time_h.p50 - other.way.time_h.p50, 2),
        "cost_usd": round((one.way.cost_usd.p50 - other.way.cost_usd.p50) * units, 2),
        "co2e_kg": round((one.way.co2e_kg - other.way.co2e_kg) * units, 1),
        "generalized_usd": round((one.generalized_usd - other.generalized_usd) * units, 2),
    }


def _loss(loss: Loss, units: int) -> dict:
    def told(lost: tuple[float, float, float] | None) -> dict | None:
        if lost is None:
            return None
        generalized, hours, usd = lost
        return {
            "generalized_usd": round(generalized * units, 2),
            "time_h": round(hours, 2),
            "cost_usd": round(usd * units, 2),
        }

    return {"country": loss.country, "before": told(loss.before), "after": told(loss.after)}


def _region(case: RegionCase, units: int) -> dict:
    names = ("generalized_usd", "time_h", "cost_usd", "co2e_kg")
    scale = {name: 1 if name == "time_h" else units for name in names}
    rows = [
        {"origin": gain.origin, "destination": gain.destination}
        | {name: round(getattr(gain, name) * scale[name], 2) for name in names}
        for gain in case.gains
    ]
    return {
        "opened": list(case.opened),
        "members": list(case.members),
        "pairs": case.pairs,
        "pairs_gaining": len(rows),
        "joined_anew": [list(pair) for pair in case.joined_anew],
        "total": {name: round(sum(row[name] for row in rows), 2) for name in names},
        "gains": rows,
    }


def lines_ranked(found: Sequence[tuple[Sequence[str], Sequence[LineRank]]], units: int) -> list[dict]:
    """Rankings of lines, with the borders taken as open in each."""
    return [{"opened": list(opened), "lines": _lines_ranked(ranks, units)} for opened, ranks in found]


def _lines_ranked(ranks: Sequence[LineRank], units: int) -> list[dict]:
    """Ranked lines: sums over the pairs, money for all units."""
    return [
        {
            "ids": list(rank.ids),
            "name": rank.name,
            "pairs_gaining": rank.pairs_gaining,
            "generalized_usd": round(rank.generalized_usd * units, 2),
            "time_h": round(rank.time_h, 2),
            "cost_usd": round(rank.cost_usd * units, 2),
        }
        for rank in ranks
    ]


def crossings_ranked(ranks: Sequence[CrossingRank]) -> list[dict]:
    """Ranked crossings: hours saved, summed over the pairs, for an hour less and for half the dwell."""
    return [
        {
            "id": rank.id,
            "name": rank.name,
            "usual_h": [round(h, 1) for h in rank.usual_h],
            "pairs_using": rank.pairs_using,
            "days_saved_per_hour": round(rank.hours_saved_per_hour / 24, 4),
            "days_saved_if_halved": round(rank.hours_saved_if_halved / 24, 3),
        }
        for rank in ranks
    ]


def plans() -> list[dict]:
    """Every row of links_planned.csv, with its length as it is laid and how that is done."""
    by_id = {line.id: line for line in planned()}
    names = ("id", "name", "mode", "state", "opens_year", "capacity_mt_per_year", "cost_usd_bn", "laid_as", "same_as")
    found = []
    for row in facts.rows("links_planned"):
        told = {name: row[name] for name in (*names, "source", "standing", "note")}
        told |= {"countries": list(row["country"]), "length_km": row["length_km"]}
        told["gauge_mm"] = [row["gauge_mm"]] if row["gauge_mm"] else []
        found.append(told | _as_laid(by_id[row["id"]]) if row["id"] in by_id else told)
    return found


def _as_laid(line: Line) -> dict:
    told = listed(line)
    countries = list(dict.fromkeys(station.country for station in line.stations))
    return {name: told[name] for name in ("length_km", "gauge_mm", "stations")} | {"countries": countries}
