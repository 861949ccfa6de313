"""The section "What we promised each other": from an answer comity.promises/1 to the texts that page and paper print."""

from __future__ import annotations

import re
from typing import Any

from comity.agreements.promises import points
from comity.brief import words
from comity.brief.notes import Notes
from comity.brief.timeline import timeline
from comity.places.country import is_code as is_country

TITLE = "What we promised each other"
MOST_CHAINS = 8  # in the picture: more would not fit a page
MOST_OVERDUE = 12
MOST_SESSIONS = 8
COUNTED = (
    "Done counts among the promises in force: one that a later promise replaced counts with it, a cancelled one not at all. Never heard of: "
    "no report was found in a year or more. No report is no proof that nothing happened."
)
SHIPPED = "From the register of this pair that comes with Comity, made of dated public reports; a register of your own takes its place."
OWN = "From your register of commitments."
NONE = (
    "No register of promises is kept for this pair. Begin one: comity register init, then comity register add FOLDER."
)
SIDES = {"both": "both sides", "other": "other bodies"}


def section(told: Any, notes: Notes, country: Any) -> dict:
    """told : `register.Told` with an answer comity.promises/1 · country(code) -> its short name. Texts, rows, one picture."""
    answer = told.answer
    total = answer["total"]
    return {
        "title": TITLE,
        "from": " ".join(part for part in (told.words, OWN if told.own else SHIPPED) if part),
        "found": found(answer),
        "counted": COUNTED,
        "sessions": _shares(answer["by_session"], lambda name: name)[:MOST_SESSIONS],
        "sides": _shares(answer["by_side"], lambda name: SIDES.get(name) or country(name)),
        "chart": timeline(answer["chains"][:MOST_CHAINS], answer["on"], "From promise to outcome"),
        "overdue": [_overdue(one, notes, country) for one in answer["overdue"][:MOST_OVERDUE]],
        "moved_title": _moved_title(answer),
        "moved": [_moved(one, notes) for one in answer["moved"]],
        "raise": [_raise(number, one, notes, country) for number, one in enumerate(answer["to_raise"], 1)],
        "raised": raised(),
        "chains": [_chain(one, notes) for one in answer["chains"][:MOST_CHAINS]],
        "targets": [_target(one, notes) for one in answer["targets"]],
        "pinned": f"State on {words.day_in_words(answer['on'])}; {total['counted']} promises in force; register {answer['head']}.",
    }


def raised() -> str:
    """How the ten were chosen, from the very rows that chose them."""
    counted = ", ".join(f"{reason} {worth:g}" for reason, worth in points().items())
    return f"Chosen by reasons that are counted the same way for every promise, by our own judgement (table raising): {counted}."


def found(answer: dict) -> str:
    """What was found, in three sentences at most."""
    total = answer["total"]
    if not total["counted"]:
        return "No promise in force is known."
    text = (
        f"{total['done']} of {total['counted']} promises in force are done ({total['percent']} per cent); {total['overdue']} are "
        f"overdue and {total['never']} were never heard of again."
    )
    late = answer["overdue"][0] if answer["overdue"] else None
    if late:
        text += f" Longest overdue: {late['action']}, promised for {words.day_in_words(late['due_end'])}."
    most = max(answer["chains"], key=lambda chain: len(chain["promises"]), default=None)
    if most and len(most["promises"]) > 2:
        first = most["promises"][0]["said_on"]
        text += f" Promised most often: {most['title']}, {len(most['promises'])} times since {when(first)}; now {most['state']}."
    return text


def when(day: str | None) -> str:
    """A day, month or year in words."""
    if not day:
        return "an unknown day"
    if len(day) == 10:
        return words.day_in_words(day)
    return f"{words.MONTHS[int(day[5:7]) - 1]} {day[:4]}" if len(day) == 7 else day


def due(one: dict) -> str:
    """The time promised, in words."""
    if not one["due_end"]:
        return f"“{one['due_phrase']}”" if one["due_phrase"] else "no day told"
    if one["due_start"] == one["due_end"]:
        return words.day_in_words(one["due_end"])
    return f"{words.day_in_words(one['due_start'])} – {words.day_in_words(one['due_end'])}"


def overdue_text(days: int) -> str:
    """How long something is late: 12 days, 5 months, 3.4 years."""
    if days < 60:
        return f"{days} day{'s' * (days != 1)}"
    return f"{round(days / 30.44)} months" if days < 730 else f"{days / 365.25:.1f} years"


def _shares(rows: list[dict], name: Any) -> list[dict]:
    return [
        {"name": name(row["name"]), "counted": row["counted"], "done": row["done"], "percent": f"{row['percent']} %",
         "overdue": row["overdue"], "never": row["never"]}
        for row in rows if row["counted"]
    ]  # fmt: skip


def _cited(one: dict, notes: Notes) -> list[int]:
    return notes.at(one.get("address") or one.get("source"), one.get("said_on") or one.get("date"))


def _who(text: str, country: Any) -> str:
    """Codes of countries as their names: KAZ, PAK -> Kazakhstan, Pakistan."""
    return re.sub(r"\b[A-Z]{3}\b", lambda code: country(code[0]) if is_country(code[0]) else code[0], text)


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _overdue(one: dict, notes: Notes, country: Any) -> dict:
    return {"what": _upper(one["action"]), "who": _who(one["who"], country), "due": due(one), "late": overdue_text(one["days_overdue"]),
            "said": when(one["said_on"]), "sentence": one["sentence"] or "", "notes": _cited(one, notes)}  # fmt: skip


def _moved_title(answer: dict) -> str:
    last = answer["last_meeting"]
    return f"What moved since {last['name']} ({when(last['date'])})" if last else ""


def _moved(one: dict, notes: Notes) -> dict:
    return {"date": when(one["date"]), "text": one["text"], "notes": _cited(one, notes)}


def _raise(number: int, one: dict, notes: Notes, country: Any) -> dict:
    late = f", {overdue_text(one['days_overdue'])} late" if one["days_overdue"] else ""
    return {"number": str(number), "what": _upper(one["action"]), "who": _who(one["who"], country), "due": due(one), "why": ", ".join(one["reasons"]) + late,
            "sentence": one["sentence"] or "", "said": when(one["said_on"]), "notes": _cited(one, notes)}  # fmt: skip


def _chain(one: dict, notes: Notes) -> dict:
    """What was said and what came of it, in order of time."""
    steps = [(link["said_on"] or "", False, _said(link, notes)) for link in one["promises"]]
    steps += [(row["date"], True, _came(row, notes)) for row in one["outcomes"]]
    ordered = [step for _, _, step in sorted(steps, key=lambda step: step[:2])]
    return {
        "title": _upper(one["title"]),
        "state": one["state"],
        "branch": one["branches_from"] or "",
        "steps": ordered,
    }


def _said(link: dict, notes: Notes) -> dict:
    promised = due(link) if link["due_end"] or link["due_phrase"] else ""
    return {
        "kind": "said",
        "date": when(link["said_on"]),
        "text": _upper(link["sentence"] or link["action"]),
        "due": promised,
        "notes": _cited(link, notes),
    }


def _came(row: dict, notes: Notes) -> dict:
    return {"kind": "came", "date": when(row["date"]), "text": row["text"], "due": "", "notes": _cited(row, notes)}


def _target(one: dict, notes: Notes) -> dict:
    goal = f"{one['value']:g} {one['unit']}" + (f" by {words.day_in_words(one['due'])}" if one["due"] else "")
    rows = [
        {
            "date": when(row["date"]),
            "value": f"{row['value']:g}",
            "note": row["note"] or "",
            "notes": _cited(row, notes),
        }
        for row in one["actuals"]
    ]
    return {"measure": _upper(one["measure"]), "goal": goal, "rows": rows}
