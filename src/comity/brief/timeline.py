"""Chains of promise to outcome through time: what was said, for when it was promised, and what came of it, as one SVG."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from comity.brief.charts import (
    ACCENT,
    BAR,
    INK,
    LINE,
    LOSS,
    SMALL,
    SOFT,
    TEXT,
    WIDTH,
    Scale,
    bar,
    dot,
    framed,
    line,
    text_width,
    words,
    wrapped,
)

ROW, TITLE_LINE = 36.0, 14.0
LEFT, RIGHT = 6.0, WIDTH - 8
LEGEND = (("o", "said"), ("bar", "time promised"), ("diamond", "what came of it"), ("dash", "nothing heard since"))


def timeline(chains: Sequence[dict], on: str, title: str) -> dict | None:
    """{"svg", "about"} of some chains of comity.promises/1, or None without any. The same chains give the same text.

    A ring: a promise was said · a bar: the days it was promised for · a diamond: what came of it · dashes: nothing since
    """
    if not chains:
        return None
    first = min(_year(chain["promises"][0]["said_on"]) for chain in chains)
    ends = [one["due_end"] for chain in chains for one in chain["promises"] if one["due_end"]]
    last = (
        max(date.fromisoformat(on).toordinal(), *(date.fromisoformat(end).toordinal() for end in ends), 0)
        if ends
        else date.fromisoformat(on).toordinal()
    )
    scale = Scale(low=date(first, 1, 1).toordinal(), high=last + 40, start=LEFT, stop=RIGHT)
    shapes, y = _legend(33.0)
    top = y
    for chain in chains:
        drawn, y = _chain(chain, y, scale, on)
        shapes += drawn
    return {
        "svg": framed("chart-promises", title, about(chains), y + 22, _years(first, scale, top - 4, y + 2) + shapes),
        "about": about(chains),
    }


def about(chains: Sequence[dict]) -> str:
    """The picture in words."""
    told = []
    for chain in chains:
        many = len(chain["promises"])
        outcome = chain["outcomes"][-1]["date"] if chain["outcomes"] else "nothing heard"
        told.append(
            f"{chain['title']}: promised {many} time{'s' * (many != 1)} since {chain['promises'][0]['said_on']}, {chain['state']} ({outcome})"
        )
    return "; ".join(told)


def _year(day: str | None) -> int:
    return int((day or "2000")[:4])


def middle(day: str) -> int:
    """A day as a number; the middle of a month or year where no more is known."""
    return date.fromisoformat((day + "-07-01")[:10] if len(day) == 4 else (day + "-15")[:10]).toordinal()


def _years(first: int, scale: Scale, top: float, bottom: float) -> list[str]:
    """A thin line for each new year; names where there is room."""
    found = []
    last = date.fromordinal(int(scale.high)).year
    every = max(1, round((last - first + 1) / 9))
    for year in range(first, last + 1):
        x = scale(date(year, 1, 1).toordinal())
        found.append(line([(x, top), (x, bottom)], LINE))
        half = text_width(str(year), SMALL) / 2
        if (year - first) % every == 0 and half < x + 1 and x + half < WIDTH:
            found.append(words(x, bottom + 13, str(year), anchor="middle"))
    return found


def _chain(chain: dict, y: float, scale: Scale, on: str) -> tuple[list[str], float]:
    """One chain: its name and state above, its marks on a line."""
    late = chain["state"] in ("overdue", "never heard of", "lapsed")
    state = chain["state"]
    room = RIGHT - LEFT - text_width(state, SMALL) - 12
    shapes = []
    for number, text in enumerate(wrapped(chain["title"][:1].upper() + chain["title"][1:], TEXT, room)[:2]):
        shapes.append(words(LEFT, y + 11 + TITLE_LINE * number, text, size=TEXT, fill=INK, bold=True))
        below = y + 11 + TITLE_LINE * number
    shapes.append(words(RIGHT, y + 11, state, size=SMALL, fill=LOSS if late else ACCENT, anchor="end", bold=True))
    middle_y = below + 14
    days = [middle(one["said_on"]) for one in chain["promises"] if one["said_on"]]
    heard = [middle(one["date"]) for one in chain["outcomes"]]
    told = max([*days, *heard])
    shapes.append(line([(scale(min(days)), middle_y), (scale(told), middle_y)], SOFT, 1.2))
    if chain["state"] not in ("kept", "kept late") and told < middle(on):
        shapes.append(
            line([(scale(told), middle_y), (scale(middle(on)), middle_y)], LOSS if late else SOFT, 1.2, "2 3")
        )
    for one in chain["promises"]:
        if one["due_end"]:
            start, stop = scale(middle(one["due_start"])), scale(middle(one["due_end"]))
            shapes.append(bar(start, middle_y + 5, max(stop, start + 2.5), middle_y + 9, BAR))
    shapes += [dot(scale(day), middle_y, 3.6, "#fff", INK) for day in days]
    shapes += [_diamond(scale(day), middle_y) for day in heard]
    return shapes, middle_y + ROW - 14


def _diamond(x: float, y: float, half: float = 5.2) -> str:
    return f'<path d="M{x:.1f},{y - half:.1f}L{x + half:.1f},{y:.1f}L{x:.1f},{y + half:.1f}L{x - half:.1f},{y:.1f}Z" fill="{ACCENT}" stroke="#fff" stroke-width="1"/>'


def _legend(y: float) -> tuple[list[str], float]:
    shapes, x = [], LEFT
    for kind, text in LEGEND:
        wide = 24 + text_width(text, SMALL)
        if x + wide > RIGHT:
            x, y = LEFT, y + 16
        mark = {
            "o": dot(x + 7, y - 4, 3.6, "#fff", INK), "bar": bar(x, y - 6, x + 15, y - 2, BAR), "diamond": _diamond(x + 7, y - 4),
            "dash": line([(x, y - 4), (x + 15, y - 4)], LOSS, 1.2, "2 3"),
        }[kind]  # fmt: skip
        shapes += [mark, words(x + 20, y, text)]
        x += wide + 8
    return shapes, y + 14
