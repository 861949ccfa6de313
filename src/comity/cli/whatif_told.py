"""The answer of `comity whatif` as text for people, and as a sheet."""

from __future__ import annotations

import csv
import io

import click

from comity.cli import show
from comity.cli.ways import closure

SHOWN = 15  # rows of a region or a ranking that are printed; --json and --output have all
MEASURES = {"best": "best overall", "quickest": "quickest", "cheapest": "cheapest", "cleanest": "least CO2e"}


def told(answer: dict) -> None:
    """Print an answer of the shape comity.whatif/1."""
    _question(answer)
    for line in answer.get("build", ()):
        _line(line)
    for item in answer.get("improve", ()):
        _improved(item)
    for note in answer.get("notes", ()):
        show.wrapped(note, indent="  ")
    for number, case in enumerate(answer.get("cases", ())):
        _case(case, answer, last=number + 1 == len(answer["cases"]))
    for number, case in enumerate(answer.get("years", ())):
        _ahead(case, answer["cases"][number]["opened"])
    for region in answer.get("region", ()):
        _region(region)
    _rankings(answer)
    _closing(answer)


def _ahead(case: dict, opened: list[str]) -> None:
    """Before and after over simulated years of closures: days, dollars, and what hangs on each transit country."""
    state = f"{' and '.join(opened)} open all the time" if opened else "as things stand"
    show.wrapped(
        f"Over {case['scenarios']:,} simulated years of closures, {state}: {100 * case['use_share']:.0f} % of shipments would go "
        "by what is built or improved."
    )
    rows = []
    for name, label in (("days", "days"), ("cost_usd", "USD")):
        digits = 1 if name == "days" else 0
        cells = [
            "–" if case[side][name][measure] is None else f"{case[side][name][measure]:,.{digits}f}"
            for measure in ("mean", "p90", "cvar95")
            for side in ("before", "after")
        ]
        rows.append([label, *cells])
    show.listing(
        ["", "mean before", "after", "one in ten above, before", "after", "worst twentieth before", "after"], rows
    )
    depends = [[one["name"], f"{one['before_usd']:,.0f}", f"{one['after_usd']:,.0f}"] for one in case["dependence"][:8]]
    if depends:
        show.listing(["lost if it were shut (USD a shipment)", "before", "after"], depends)
    click.echo()


def _question(answer: dict) -> None:
    here, there, asked = answer["origin"], answer["destination"], answer["conditions"]
    cargo = asked["cargo"]
    changes = [f"{word} {', '.join(asked[word])}" for word in ("close", "open") if asked[word]]
    show.wrapped(
        f"{here['name']} ({here['country']}) to {there['name']} ({there['country']}), "
        f"{cargo['tonnes']:g} t as {cargo['kind']}, on {asked['on']}, by {', '.join(asked['modes'])}"
        f"{''.join('; ' + change for change in changes)}"
    )
    click.echo()


def _line(line: dict) -> None:
    """A line in two sentences: what it is and by whose word; where it joins."""
    gauge = f" of {' and '.join(map(str, line['gauge_mm']))} mm" if line["gauge_mm"] else ""
    facts = [line["state"].replace("_", " ") if line["state"] != "own" else "of your own"]
    facts += [f"to open in {line['opens_year']}"] if line["opens_year"] else []
    facts += [f"{line['capacity_mt_per_year']:g} Mt a year"] if line["capacity_mt_per_year"] else []
    facts += [f"USD {line['cost_usd_bn']:g} billion"] if line["cost_usd_bn"] else []
    cited = "" if line["source"] == "user" else f" [{line['source']}; {line['standing']}]"
    show.wrapped(f"Built: {line['name']}, {line['length_km']:,.0f} km{gauge}, {', '.join(facts)}{cited}", indent="  ")
    over = f"crosses at {', '.join(line['crossings'])}; " if line["crossings"] else ""
    show.wrapped(f"  {over}{'; '.join(line['joins'])}.", indent="  ")
    lacking = [f"{other['line']} at {other['at']}" for other in line["meets"] if not other["built"]]
    if lacking:
        show.wrapped(
            f"  It would meet plans that are not built here: {', '.join(lacking)}; add them with --build.", indent="  "
        )


def _improved(item: dict) -> None:
    low, high = item["usual_h"]
    usual = f"{low:g} h" if low == high else f"{low:g} to {high:g} h, by mode and direction"
    slower = " Where it takes less today it gets slower." if low < item["hours"] < high else ""
    show.wrapped(
        f"Quicker: {item['name']} takes {item['hours']:g} h in all, each way, instead of {usual}.{slower}", indent="  "
    )


# --- before and after ---------------------------------------------------------------------------------------


def _case(case: dict, answer: dict, last: bool) -> None:
    click.echo()
    if case["opened"]:
        click.echo(f"If {' and '.join(case['opened'])} were open, before as after:")
    else:
        click.echo("As things stand:")
    if not case["opened"] and answer["stopped_by"]:
        what = "What is built" if answer["build"] else "What is made quicker"
        show.wrapped(f"  {what} brings nothing on its best way, which is shut:", indent="  ")
        for item in answer["stopped_by"]:
            show.wrapped(f"  {item['id']}  {closure(item)}", indent=" " * 8)
    if case["before"] is None or case["after"] is None:
        show.wrapped("  No way is open " + ("before." if case["after"] else "before or after."))
        return
    changed = [name for name, saved in case["saved"].items() if any(saved.values())]
    if changed:
        _compared(case, changed)
    rest = [MEASURES[name] for name in MEASURES if name not in changed]
    if rest:
        show.wrapped(f"  {'Unchanged' if changed else 'Nothing changes'}: {', '.join(rest)}.", indent="  ")
        if "best" not in changed:
            show.wrapped(f"  {_figures('best overall', case['after']['best'])}", indent="    ")
    _by_change(case)
    _dependence(case)


def _compared(case: dict, changed: list[str]) -> None:
    """Before, after and change; measures with the same two ways share their lines."""
    alike: dict[tuple[str, str], list[str]] = {}
    for name in changed:
        alike.setdefault((case["before"][name]["title"], case["after"][name]["title"]), []).append(name)
    rows = []
    for names in alike.values():
        before, after, saved = (case[side][names[0]] for side in ("before", "after", "saved"))
        more = [_signed(-saved["time_h"] / 24, 1), _round_usd(-saved["cost_usd"]), _signed(-saved["co2e_kg"] / 1000, 1)]
        rows.append([f"  {', '.join(MEASURES[name] for name in names)}, before", *_numbers(before), before["title"]])
        rows.append(["    after", *_numbers(after), after["title"]])
        rows.append(["    change", *more, ""])
    show.listing(["", "days", "USD", "CO2e t", "way"], rows)


def _numbers(way: dict) -> list[str]:
    return [f"{way['time_h']['p50'] / 24:.1f}", show.usd(way["cost_usd"]["p50"]), f"{way['co2e_kg'] / 1000:.1f}"]


def _round_usd(value: float) -> str:
    return _signed(round(value, -1), 0)


def _signed(value: float, digits: int) -> str:
    text = f"{value:+,.{digits}f}"
    return text.lstrip("+-") if float(text.replace(",", "")) == 0 else text


def _figures(name: str, way: dict) -> str:
    days, usd, co2e = _numbers(way)
    return f"{name}: {way['title']}, {days} days, USD {usd}, {co2e} t CO2e"


def _by_change(case: dict) -> None:
    """The best way by what is built or improved where the best of all does not take it."""
    way, best = case["by_change"], case["after"]["best"]
    used = any(found["uses_change"] for found in case["after"].values())
    if way is None and not used:
        show.wrapped("  No open way by it is worth a forwarder's look.", indent="  ")
    elif way is not None and not best["uses_change"]:
        more = way["generalized_usd"] - best["generalized_usd"]
        show.wrapped(
            f"  {_figures('Best by it', way)}; USD {show.usd(more)} more, time valued, than the best.", indent="    "
        )
    else:
        show.wrapped(f"  {case['ways_using_it']} of the {case['ways']} open ways found lead by it.", indent="  ")


def _dependence(case: dict) -> None:
    """What shutting each transit country takes from the best way, before and after."""
    if not case["dependence"]:
        return
    rows = [[f"  {row['country']}", *_lost(row["before"]), *_lost(row["after"])] for row in case["dependence"]]
    click.echo("  What the best way loses when a transit country shuts (time valued, USD; days; USD):")
    show.listing(["  shut", "before", "days", "USD", "after", "days", "USD"], rows)


def _lost(lost: dict | None) -> list[str]:
    if lost is None:
        return ["no way", "", ""]
    if not any(lost.values()):
        return ["nothing", "", ""]
    return [show.usd(lost["generalized_usd"]), _signed(lost["time_h"] / 24, 1), _round_usd(lost["cost_usd"])]


# --- regions and rankings -----------------------------------------------------------------------------------


def _region(region: dict) -> None:
    click.echo()
    under = f", if {' and '.join(region['opened'])} were open" if region["opened"] else ", as things stand"
    total = region["total"]
    show.wrapped(
        f"Of {region['pairs']} pairs of {', '.join(region['members'])}{under}: {region['pairs_gaining']} gain; together, one "
        f"load each, USD {show.usd(total['generalized_usd'])} with time valued; days {_signed(-total['time_h'] / 24, 1)}, "
        f"USD {_round_usd(-total['cost_usd'])}, CO2e {_signed(-total['co2e_kg'] / 1000, 1)} t.",
        indent="  ",
    )
    rows = [
        [
            f"  {gain['origin']} to {gain['destination']}", show.usd(gain["generalized_usd"]),
            _signed(-gain["time_h"] / 24, 1), _round_usd(-gain["cost_usd"]), _signed(-gain["co2e_kg"] / 1000, 1),
        ]
        for gain in region["gains"][:SHOWN]
    ]  # fmt: skip
    if rows:
        show.listing(["  pair", "saved, time valued", "days", "USD", "CO2e t"], rows)
    if len(region["gains"]) > SHOWN:
        click.echo(f"  and {len(region['gains']) - SHOWN} more: --json, or --output FILE.csv")


def _rankings(answer: dict) -> None:
    of = f"pairs of {', '.join(answer['ranked_for'])}" if answer.get("ranked_for") else "this pair"
    for ranking in answer.get("rank_lines", ()):
        _lines_ranked(ranking, of)
    if "rank_crossings" in answer:
        _crossings_ranked(answer["rank_crossings"], of)


def _lines_ranked(ranking: dict, of: str) -> None:
    click.echo()
    under = f"if {' and '.join(ranking['opened'])} were open" if ranking["opened"] else "as things stand"
    show.wrapped(f"Planned lines by what each would save alone, {of}, one load each, {under}:")
    rows = [
        [
            f"  {rank['name']}", str(rank["pairs_gaining"]), show.usd(rank["generalized_usd"]),
            _signed(-rank["time_h"] / 24, 1), _round_usd(-rank["cost_usd"]),
        ]
        for rank in ranking["lines"]
        if rank["pairs_gaining"]
    ]  # fmt: skip
    if rows:
        show.listing(["  line", "pairs", "saved, time valued, USD", "days", "USD"], rows)
    idle = [rank["name"] for rank in ranking["lines"] if not rank["pairs_gaining"]]
    if idle:
        show.wrapped(f"  Of no use here: {'; '.join(idle)}.", indent="  ")


def _crossings_ranked(ranks: list[dict], of: str) -> None:
    click.echo()
    show.wrapped(f"Crossings and ports, {of}: days saved in all for each hour less, and for half the wait:")
    useful = [rank for rank in ranks if rank["days_saved_if_halved"] or rank["days_saved_per_hour"]]
    rows = [
        [
            f"  {rank['name']}", _hours(*rank["usual_h"]), str(rank["pairs_using"]),
            f"{rank['days_saved_per_hour']:.3f}", f"{rank['days_saved_if_halved']:.2f}",
        ]
        for rank in useful[:SHOWN]
    ]  # fmt: skip
    if rows:
        show.listing(["  crossing", "usual h", "best ways", "days per hour", "days if halved"], rows)
    rest = len(ranks) - len(rows)
    if rest:
        show.wrapped(
            f"  {rest} more {'would save less' if len(useful) > SHOWN else 'on other ways would save nothing'}."
        )


def _hours(low: float, high: float) -> str:
    """Hours in whole numbers from ten on; least and most where they differ."""
    words = [f"{hours:.0f}" if hours >= 9.95 else f"{hours:.1f}" for hours in (low, high)]
    return words[0] if words[0] == words[1] else "-".join(words)


def _closing(answer: dict) -> None:
    click.echo()
    if "usd_per_h" in answer:
        show.wrapped(
            f"Time valued: money and USD {answer['usd_per_h']:.2f} for each hour of expected time, which lies above the "
            "middle where a wait has a long tail. The best overall is the least of that."
        )
    if answer.get("build"):
        show.wrapped(
            "Speed and tariff of a line that is not built are assumptions (rail.AFG.new and its like: comity facts "
            "transport). Capacity is not reckoned with."
        )
    show.wrapped(
        "Each figure is a middle; ranges and every pair: --json, --output FILE.csv. A border as open: --open AFG-PAK."
    )


# --- as a sheet ---------------------------------------------------------------------------------------------

COLUMNS = (
    "part", "opened", "name", "side", "way", "time_h", "time_h_p10", "time_h_p90", "cost_usd", "co2e_kg", "generalized_usd",
)  # fmt: skip


def as_csv(answer: dict) -> str:
    """One row a measure and side, a country that shuts, a pair that gains (what it saves), a line or crossing ranked."""
    text = io.StringIO()
    sheet = csv.DictWriter(text, COLUMNS, restval="", extrasaction="ignore", lineterminator="\n")
    sheet.writeheader()
    for case in answer.get("cases", ()):
        opened = " ".join(case["opened"])
        for side in ("before", "after"):
            for name, way in (case[side] or {}).items():
                span = {f"time_h_{end}": way["time_h"][end] for end in ("p10", "p90")}
                figures = {"time_h": way["time_h"]["p50"], "cost_usd": way["cost_usd"]["p50"], "way": way["title"]}
                about = {"part": "way", "opened": opened, "name": MEASURES[name], "side": side}
                sheet.writerow(way | about | figures | span)
            for row in case["dependence"]:
                sheet.writerow(
                    {"part": "lost without", "opened": opened, "name": row["country"], "side": side} | (row[side] or {})
                )
    for region in answer.get("region", ()):
        for gain in region["gains"]:
            pair = f"{gain['origin']}-{gain['destination']}"
            sheet.writerow({"part": "pair saves", "opened": " ".join(region["opened"]), "name": pair} | gain)
    for ranking in answer.get("rank_lines", ()):
        for rank in ranking["lines"]:
            sheet.writerow({"part": "line saves", "opened": " ".join(ranking["opened"])} | rank)
    for rank in answer.get("rank_crossings", ()):
        sheet.writerow(
            {"part": "an hour less saves", "name": rank["id"], "time_h": round(rank["days_saved_per_hour"] * 24, 3)}
        )
    return text.getvalue()
