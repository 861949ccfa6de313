"""The brief as one self-contained HTML file: no script, no outside request, readable on a phone and on paper."""

from __future__ import annotations

from html import escape
from importlib import resources

from comity.brief.words import MONTHS


def page(brief: dict) -> str:
    """HTML of a composed brief."""
    question = brief["question"]
    body = [
        f'<header><p class="kicker">{e(question["subtitle"])}</p><h1>{e(question["title"])}</h1><p class="asked">{e(question["asked"])}</p></header>',
        f'<p class="answer">{e(question["answer"])}</p>',
        f'<figure class="map">{brief["map"]}</figure>',
        "<h2>The ways side by side</h2>",
        _alternatives(brief["alternatives"]),
        _shut(brief["shut"], brief["independent"]) if brief["shut"] else _fallen(brief),
        _promised(brief),
        _flown(brief),
        _pairs(brief["pairs"]),
        "<h2>The figures that decide most</h2>",
        _figures(brief["figures"]),
        "<h2>Leg by leg</h2>",
        f'<p class="small">{e(brief["adding"])}</p>',
        *(_legs(way) for way in brief["legs"]),
        "<h2>Conditions and boundaries</h2>",
        "<ul>" + "".join(f"<li>{e(text)}</li>" for text in question["conditions"]) + "</ul>",
        f"<p>{e(brief['boundaries'])}</p><p>{e(brief['credits'])}</p>",
        "<h2>Sources</h2>",
        _notes(brief["notes"]),
        "<h2>The same brief again</h2>",
        f'<pre>{e(brief["again"]["command"])}</pre><p class="small">{e(brief["again"]["versions"])}</p>',
    ]
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{e(question['title'])}: {e(question['subtitle'])}</title><style>{style()}</style></head><body><main>{''.join(body)}</main></body></html>\n"
    )


def page_of_plan(plan: dict) -> str:
    """HTML of a plan alone, without the sections that need further plans."""
    from comity.brief.compose import whole

    return page(whole(plan, {}, [], plan["origin"]["name"], plan["destination"]["name"]))


def page_of_flights(section: dict, notes: list[dict], ends: tuple[str, str]) -> str:
    """HTML of the section "Direct flights" alone, with its sources."""
    title = f"Direct flights: {e(ends[0])} and {e(ends[1])}"
    body = _flown({"flown": section, "not_flown": ""}) + f"<h2>Sources</h2>{_notes(notes)}"
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{style()}</style></head><body><main>{body}</main></body></html>\n"
    )


def style() -> str:
    return (resources.files("comity.brief") / "templates" / "brief.css").read_text(encoding="utf-8")


def e(text) -> str:
    return escape(str(text))


def marks(numbers: list[int]) -> str:
    links = ",".join(f'<a href="#n{number}">{number}</a>' for number in numbers)
    return f"<sup>{links}</sup>" if links else ""


def table(head: list[str], rows: list[list[str]], kind: str) -> str:
    """A table that scrolls inside its own box; cells carry their column's name for the narrow layout."""
    top = "".join(f'<th scope="col">{name}</th>' for name in head)
    body = "".join(
        "<tr>"
        + "".join(f'<td data-label="{e(name)}">{cell}</td>' for name, cell in zip(head, row, strict=True))
        + "</tr>"
        for row in rows
    )
    return f'<div class="scroll"><table class="{kind}"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'


def _alternatives(ways: list[dict]) -> str:
    is_open = [way for way in ways if way["open"]]
    shut = [way for way in ways if not way["open"]]
    text = "".join(
        f'<div class="ways">{"".join(_card(way) for way in group)}</div>' if group else "" for group in (is_open,)
    )
    if shut:
        text += f'<h3>Shut on this day: what they would be</h3><div class="ways shut">{"".join(_card(way) for way in shut)}</div>'
    return text or "<p>No way was found.</p>"


def _card(way: dict) -> str:
    tags = "".join(f'<span class="tag">{e(label)}</span>' for label in way["labels"])
    shut = "".join(
        f"<li><b>{e(item['name'])}</b>: {e(item['state'])}. {e(item['reason'])}{marks(item['notes'])}</li>"
        for item in way["shut"]
    )
    papers = (
        ", ".join(f"{e(item['name'])}{marks(item['notes'])}" for item in way["papers"])
        or "no regime covers the whole way"
    )
    change = f"<dt>Change of truck</dt><dd>{e(', '.join(way['truck_changes']))}</dd>" if way["truck_changes"] else ""
    return (
        f'<article class="way"><h4><span class="number">{e(way["id"])}</span> {e(way["title"])}</h4>{tags}'
        f'<div class="big"><div><b>{e(way["days"])}</b><span>days, middle {e(way["days_mid"])}</span></div><div><b>{e(way["usd"])}</b>'
        f"<span>USD, middle {e(way['usd_mid'])}</span></div><div><b>{e(way['co2e'])}</b><span>CO₂e</span></div><div><b>{e(way['km'])}</b><span>km</span></div></div>"
        f"<dl><dt>Countries</dt><dd>{e(' → '.join(way['countries']))}</dd><dt>Crossings</dt><dd>{e(' → '.join(way['crossings']) or 'none by land')}</dd>"
        f"<dt>Papers</dt><dd>{papers}</dd>{change}</dl>{f'<ul class=states>{shut}</ul>' if shut else ''}</article>"
    )


def _independence(rows: list[dict]) -> str:
    if not rows:
        return "<p>No transit country lies on the open ways.</p>"
    head = [
        "Without",
        "Open ways through it",
        "Independent ways left",
        "Best that remains",
        "Days",
        "USD",
        "Days more",
        "USD more",
    ]
    return table(
        head,
        [
            [
                e(r["country"]),
                e(r["used"]),
                f"<b>{e(r['left'])}</b>",
                e(r["best"]),
                e(r["days"]),
                e(r["usd"]),
                e(r["more_days"]),
                e(r["more_usd"]),
            ]
            for r in rows
        ],
        "cards",
    )


def _fallen(brief: dict) -> str:
    """What stands in place of the section on shut borders where nobody played through any years."""
    return (
        "<h2>If a transit country falls away</h2>"
        + _independence(brief["independence"])
        + (f'<p class="small">{e(brief["independent"])}</p>' if brief["independence"] else "")
        + "".join(f'<p class="small">{e(text)}</p>' for text in brief["left_out"])
    )


def _shut(shut: dict, independent: str) -> str:
    """The section "If a border shuts"."""
    parts = [
        f"<h2>{e(shut['title'])}</h2><p>{e(shut['asked'])}{marks(shut['notes'])}</p>",
        _in_force(shut["in_force"]),
        f'<p class="answer">{e(" ".join(shut["found"]))}</p>',
        f'<div class="charts">{"".join(_figure(name, chart) for name, chart in shut["charts"].items())}</div>',
        f'<p class="small">{e(shut["bars"])}</p>' if shut["bars"] else "",
        f"<h3>Each transit country taken away</h3><p>{e(shut['hung'])}</p>",
        _countries(shut["countries"]),
        f'<p class="small">{e(independent)}</p>' if shut["countries"] else "",
        _split(shut["split"]) if shut["split"] else "",
        *(f"<p>{e(text)}</p>" for text in shut["faults"]),
        _lines(shut["lines"]),
        f'<h3>What to ask for in the meeting</h3><p class="answer">{e(shut["ask"])}</p><p class="small">{e(shut["small"])}</p>',
    ]
    return "".join(parts)


def _promised(brief: dict) -> str:
    """The section "What we promised each other"."""
    told = brief["promised"]
    if not told:
        return f'<p class="small">{e(brief["not_promised"])}</p>' if brief["not_promised"] else ""
    parts = [
        f'<h2>{e(told["title"])}</h2><p class="answer">{e(told["found"])}</p><p class="small">{e(told["from"])} {e(told["pinned"])}</p>',
        f'<div class="charts">{_figure("promises", told["chart"])}{_done(told)}</div>'
        if told["chart"]
        else _done(told),
        f'<p class="small">{e(told["counted"])}</p>',
        _raise(told),
        _overdue(told["overdue"]),
        _moved(told),
        _chains(told["chains"]),
        "".join(_target(one) for one in told["targets"]),
    ]
    return "".join(parts)


def _flown(brief: dict) -> str:
    """The section "Direct flights"."""
    told = brief["flown"]
    if not told:
        return f'<p class="small">{e(brief["not_flown"])}</p>' if brief["not_flown"] else ""
    head = [
        "Pair",
        "km",
        "With",
        "Must fill",
        "Fills, P10-P90",
        "Must fill at worst",
        "Million USD a year",
        "Chance it pays",
    ]
    rows = [
        [f"<b>{e(r['pair'])}</b> {e(r['codes'])}", *(e(r[name]) for name in ("km", "with", "needs", "expects", "shut", "result", "chance"))]
        for r in told["rows"]
    ]  # fmt: skip
    asks = [
        [f"<b>{e(r['item'])}</b>: {e(r['means'])}", e(r["state"]), f"{e(r['told'])}{marks(r['notes'])}"]
        for r in told["ask"]
    ]
    return "".join(
        [
            f'<h2>{e(told["title"])}</h2><p class="answer">{e(told["found"])}</p>',
            f'<figure class="map">{told["map"]}</figure>' if told["map"] else "",
            table(head, rows, "cards"),
            "<ul>" + "".join(f"<li>{e(text)}</li>" for text in (*told["reasons"], *told["airspace"])) + "</ul>",
            _first(told["first"]) if told["first"] else "",
            "<h3>What to ask the authorities</h3>",
            table(["Right", "State", "What is known"], asks, "cards"),
            f"<p>{e('; '.join(told['authorities']))}</p>" if told["authorities"] else "",
            f'<p class="small">{e(told["small"])}{marks(told["notes"])}</p>',
        ]
    )


def _first(told: dict) -> str:
    """The best pair in full."""
    names = ("hub", "hours", "share", "now", "won", "flown")
    head = ["Stopover", "Hours", "Share", "A year now", "Won back", "Both legs flown"]
    ways = table(head, [[e(row[name]) for name in names] for row in told["stopovers"]], "cards")
    months = table(list(MONTHS), [[e(load) for load in told["months"]]], "counts")
    names = ("name", "km", "ground", "clear", "escape", "engine")
    head = ["High ground below", "km", "Ground m", "Clear at", "To where 10,000 ft is safe", "Above one-engine height"]
    ground = table(head, [[e(row[name]) for name in names] for row in told["ground"]], "cards")
    sentences = "".join(f"<li>{e(text)}</li>" for text in told["sentences"])
    return "".join(
        [
            f"<h3>{e(told['title'])}</h3><ul>{sentences}</ul>",
            ways if told["stopovers"] else "",
            f'<p class="small">Seats filled by month, middle</p>{months}',
            ground if told["ground"] else "",
        ]
    )


def _done(told: dict) -> str:
    """Per cent done by side and by session."""
    names = ("name", "counted", "done", "percent", "overdue", "never")
    head = ["", "In force", "Done", "Per cent", "Overdue", "Never heard of"]
    tables = [
        f"<h3>Done, by {what}</h3>"
        + table([of, *head[1:]], [[e(row[name]) for name in names] for row in rows], "counts")
        for what, of, rows in (("side", "Side", told["sides"]), ("session", "Agreed at", told["sessions"]))
    ]
    return f"<div>{''.join(tables)}</div>"


def _raise(told: dict) -> str:
    if not told["raise"]:
        return ""
    head = ["No.", "What", "Who", "Due", "Why raise it", "Said, and in which words"]
    rows = [
        [
            e(r["number"]),
            f"<b>{e(r['what'])}</b>",
            e(r["who"]),
            e(r["due"]),
            e(r["why"]),
            f"<span>{e(r['said'])}: {e(r['sentence'])}{marks(r['notes'])}</span>",
        ]
        for r in told["raise"]
    ]
    return f'<h3>The ten to raise</h3>{table(head, rows, "cards")}<p class="small">{e(told["raised"])}</p>'


def _overdue(rows: list[dict]) -> str:
    if not rows:
        return "<h3>Overdue</h3><p>Nothing with a day of its own is overdue.</p>"
    head = ["What", "Who", "Promised for", "Late by", "Said, and in which words"]
    body = [
        [
            f"<b>{e(r['what'])}</b>",
            e(r["who"]),
            e(r["due"]),
            e(r["late"]),
            f"<span>{e(r['said'])}: {e(r['sentence'])}{marks(r['notes'])}</span>",
        ]
        for r in rows
    ]
    return "<h3>Overdue</h3>" + table(head, body, "cards")


def _moved(told: dict) -> str:
    if not told["moved_title"]:
        return ""
    items = "".join(f"<li><b>{e(row['date'])}</b>: {e(row['text'])}{marks(row['notes'])}</li>" for row in told["moved"])
    return f"<h3>{e(told['moved_title'])}</h3>" + (
        f"<ul>{items}</ul>" if items else "<p>No report of anything was found.</p>"
    )


def _chains(chains: list[dict]) -> str:
    """Each chain step by step, with its sources."""
    if not chains:
        return ""
    text = "<h3>From promise to outcome, step by step</h3>"
    for chain in chains:
        branch = f' <span class="small">goes on from: {e(chain["branch"])}</span>' if chain["branch"] else ""
        steps = "".join(
            f'<li class="{step["kind"]}"><b>{e(step["date"])}</b> {e(step["text"])}'
            f"{' <i>for ' + e(step['due']) + '</i>' if step['due'] else ''}{marks(step['notes'])}</li>"
            for step in chain["steps"]
        )
        text += f'<h4>{e(chain["title"])}: {e(chain["state"])}{branch}</h4><ul class="chain">{steps}</ul>'
    return text


def _target(target: dict) -> str:
    rows = [[e(r["date"]), e(r["value"]), f"<span>{e(r['note'])}{marks(r['notes'])}</span>"] for r in target["rows"]]
    return f"<h3>Target: {e(target['measure'])}, {e(target['goal'])}</h3>" + (
        table(["Of", "Value", "Whose figure"], rows, "cards shares") if rows else "<p>No value is known.</p>"
    )


def _in_force(rows: list[dict]) -> str:
    if not rows:
        return "<p>No closure is in force today on the ways that these shipments take.</p>"
    items = "".join(f"<li><b>{e(row['names'])}</b>: {e(row['state'])}{marks(row['notes'])}</li>" for row in rows)
    return f'<p>In force today on these ways:</p><ul class="states">{items}</ul>'


def _figure(name: str, chart: dict) -> str:
    return f'<figure class="chart {name}">{chart["svg"]}</figure>'


def _countries(rows: list[dict]) -> str:
    if not rows:
        return ""
    head = [
        "Without",
        "Shipments that use it",
        "Open ways through it",
        "Independent ways left",
        "Best that remains today",
        "Days more today",
        "Freight USD more today",
        "Lost in a year without it",
        "Gained if it could never shut",
    ]
    names = ("country", "share", "used", "left", "best", "more_days", "more_usd", "if_shut", "if_never_shut")
    return table(head, [[e(row[name]) for name in names] for row in rows], "cards")


def _split(split: dict) -> str:
    rows = [[e(r[name]) for name in ("way", "chosen", "careful", "days", "usd")] for r in split["rows"]]
    head = ["Way", "Share chosen", "Most cautious", "Days", "USD"]
    told = "".join(f"<p>{e(text)}</p>" for text in (split["alike"], split["left_out"]) if text)
    chart = _figure("frontier", split["chart"]) if split["chart"] else ""
    top = f"<h3>Splitting the cargo</h3><p>{e(split['said'])}{marks(split['notes'])}</p>"
    if not rows:
        return top
    return f'{top}<div class="beside">{chart}<div>{table(head, rows, "cards shares")}{told}</div></div>'


def _lines(rows: list[dict]) -> str:
    if not rows:
        return ""
    names = ("name", "usd", "days", "state", "opens", "depends_on")
    head = ["Line", "USD saved, days counted as money", "Days", "State", "Opens", "Open for it"]
    body = [[e(row[name]) for name in names] for row in rows]
    return "<h3>New lines that would help most</h3>" + table(head, body, "cards")


def _pairs(rows: list[dict]) -> str:
    if not rows:
        return ""
    body = [[e(r["from"]), e(r["to"]), e(r["days"]), e(r["usd"]), e(r["way"])] for r in rows]
    return "<h2>Between other freight places</h2>" + table(
        ["From", "To", "Days", "USD", "Best open way"], body, "cards"
    )


def _figures(rows: list[dict]) -> str:
    body = [
        [
            e(r["what"]) + marks(r["notes"]),
            e(r["figure"]),
            e(r["usd"]),
            e(r["share"]),
            f'<span class="standing {e(r["standing"])}">{e(r["standing"])}</span>',
        ]
        for r in rows
    ]
    return table(["What", "Low / middle / high", "USD", "Of its way's spread", "Standing"], body, "cards")


def _legs(way: dict) -> str:
    rows = [
        f'<tr class="{e(s["kind"])}"><td>{e(s["what"])}{marks(s["notes"])}</td><td>{e(s["where"])}</td><td>{e(s["km"])}</td><td>{e(s["time"])}</td>'
        f"<td>{e(s['usd'])}</td><td>{e(s['co2e'])}</td><td>{e(s['standing'])}</td></tr>"
        for s in way["steps"]
    ]
    head = "".join(
        f'<th scope="col">{name}</th>' for name in ("Step", "Where", "km", "Time", "USD", "CO₂e", "Standing")
    )
    state = "" if way["open"] else " (shut)"
    return (
        f'<h3>{e(way["id"])} {e(way["title"])}{state}</h3><div class="scroll"><table class="legs"><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _notes(notes: list[dict]) -> str:
    rows = []
    for note in notes:
        where = f' <a href="{e(note["url"])}">{e(note["url"])}</a>' if note["url"] else ""
        said = ", ".join(part for part in (note["publisher"], note["published"]) if part)
        rows.append(
            f'<li id="n{note["number"]}">{e(note["title"])}. {e(said)}.{where} <i>{e(note["standing"])}</i></li>'
        )
    return f'<ol class="notes">{"".join(rows)}</ol>'
