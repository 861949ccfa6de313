"""When: the days that a phrase of time names, counted from the day of the text where it has to be.

A vague phrase ("in the near future") names no days, and gives none.
"""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from comity.agreements.commitment import Due
from comity.agreements.reading.tokens import Token
from comity.agreements.reading.words import Lexicon

SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "winter": (12, 2)}
OF_TIME = frozenset(
    (
        "<month>",
        "<today>",
        "<tomorrow>",
        "<weekday>",
        "<unit-day>",
        "<unit-week>",
        "<unit-month>",
        "<unit-quarter>",
        "<unit-half>",
        "<unit-year>",
    )
    + tuple(f"<season-{name}>" for name in SEASONS)
)
PHRASE = 9  # words between the first of a phrase and its word of time
FAR = date(2200, 1, 1)  # later years are numbers of something else


@dataclass(frozen=True, slots=True)
class Span:
    """Days named by words[first:end]. `edge` : "by" where only the end counts, "within" where it runs from the text's day."""

    first: int
    end: int
    start: date
    stop: date
    relative: bool = False


class Times:
    """Reads phrases of time in one sentence. `base` : day of the text, or None."""

    def __init__(self, words: Sequence[Token], lexicon: Lexicon, base: date | None):
        self.words, self.lexicon, self.base = words, lexicon, base
        self.lows = [word.low for word in words]

    def spans(self) -> list[Span]:
        """Every phrase of time, from left to right, the longest at each place."""
        found, place = [], 0
        near = self._near()
        while place < len(self.words):
            span = self._at(place) if place in near else None
            if span:
                found.append(span)
                place = span.end
            else:
                place += 1
        return found

    def _near(self) -> frozenset[int]:
        """Places from which a word of time is near enough to belong to a phrase that begins there."""
        marks = [
            place for place, word in enumerate(self.words)
            if not OF_TIME.isdisjoint(word.tags) or (is_number(self.lows[place][:4]) and len(self.lows[place]) >= 4) or self._middle(self.lows[place])
            or self._marked(self.lows[place])
        ]  # fmt: skip
        return frozenset(place for mark in marks for place in range(max(0, mark - PHRASE), mark + 1))

    # --- words -------------------------------------------------------------------------------------------------

    def _tag(self, place: int, *tags: str) -> bool:
        return 0 <= place < len(self.words) and any(tag in self.words[place].tags for tag in tags)

    def _low(self, place: int) -> str:
        return self.lows[place] if 0 <= place < len(self.lows) else ""

    def _number(self, place: int, kind: str) -> int | None:
        return self.lexicon.number(self._low(place), kind)

    def _digits(self, place: int, least: int, most: int) -> int | None:
        told = self._low(place)
        for ending in self.lexicon.words("number-ending"):
            if told.endswith(ending) and is_number(told[: -len(ending)]):
                told = told[: -len(ending)]
        return int(told) if is_number(told) and len(told) <= 4 and least <= int(told) <= most else None

    def _year(self, place: int) -> int | None:
        told = self._low(place)
        return int(told) if len(told) == 4 and is_number(told) and 1900 <= int(told) < FAR.year else None

    def _middle(self, low: str) -> int:
        """Letters of what stands for the middle or end at the head of a word such as mid-2025, end-April; 0 without."""
        if "-" not in low:
            return 0
        marks = (mark for mark in (*self.lexicon.words("midof"), *self.lexicon.words("endof")) if mark.endswith("-"))
        return next((len(mark) for mark in marks if low.startswith(mark) and len(low) > len(mark)), 0)

    def _marked(self, low: str) -> bool:
        """Whether a word is a quarter or half by its sign: Q2, H1."""
        if len(low) != 2 or not is_number(low[1]):
            return False
        return low[0] in self.lexicon.words("quarter-mark") or low[0] in self.lexicon.words("half-mark")

    def _count(self, place: int) -> int | None:
        return self._digits(place, 1, 999) or self._number(place, "count")

    # --- phrases -----------------------------------------------------------------------------------------------

    def _at(self, place: int) -> Span | None:
        """The phrase that begins here, with its preposition."""
        here = place
        edge = ""
        if self._tag(here, "<within>") or (self._tag(here, "<within-time>") and self._within(here + 1)):
            return self._within_span(place)
        if self._tag(here, "<as>") and self._tag(here + 1, "<from-of>"):
            here += 1
        if self._tag(here, "<by>", "<time-prep>"):
            if self._tag(here, "<not>") and self._tag(here + 1, "<later>") and self._tag(here + 2, "<than>"):
                edge, here = "by", here + 3
            elif self._tag(here, "<by>"):
                edge = "by" if self._tag(here, "<deadline>") else "before" if self._tag(here, "<before>") else ""
                here += 1
            else:
                edge = "of" if self._tag(here, "<of>") else "between" if self._tag(here, "<between>") else ""
                here += 1
        if edge == "of" and not self._tag(place, "<as>"):
            return None
        while self._tag(here, "<filler>") and not self._tag(here, "<earlyof>", "<lateof>"):
            here += 1
        found = self._core(here)
        if found is None:
            return None
        end, start, stop, relative = found
        if self._tag(end, "<upto>") and edge not in ("by", "before"):
            other = self._core(end + 1 + self._tag(end + 1, "<the>"))
            years = (
                other
                and self._year(other[0] - 1) == other[1].year
                and (stop - start).days > 360
                and (other[2] - other[1]).days > 360
            )
            joined = not self._tag(end, "<and>") or years or edge == "between"
            if other and (other[2] >= start or relative) and joined:
                end, stop = other[0], other[2]
                if relative and not other[3]:  # from March to June 2025: the year is told once
                    start = _in_year(start, stop)
        if edge in ("by", "before"):
            start = self.base if self.base and self.base <= stop and relative else stop
            start, stop = self._edge(edge, start, stop, found)
        if self._tag(place, "<open-time>"):
            return None
        return Span(place, end, start, stop, relative)

    def _edge(self, edge: str, start: date, stop: date, found) -> tuple[date, date]:
        """By the end of March: that day. Before 2030: the last day before it, before the end of the year: its end."""
        first = found[1]
        if edge == "before" and self._tag(found[0], "<is-over>"):
            return stop, stop
        if edge == "before" and (stop - first).days in (0, *range(27, 32), *range(364, 367)) and stop != first:
            last = first - timedelta(days=1)
            return last, last
        return stop, stop

    def _within(self, place: int) -> bool:
        here = place
        while self._tag(here, "<within-filler>"):
            here += 1
        return bool(self._count(here) or self._tag(place, "<a>")) and any(
            self._tag(at, "<unit-day>", "<unit-week>", "<unit-month>", "<unit-year>") for at in (here, here + 1)
        )

    def _within_span(self, place: int) -> Span | None:
        """Within 60 days, in the next two months: from the day of the text."""
        if self.base is None:
            return None
        here = place + 1
        while self._tag(here, "<within-filler>"):
            here += 1
        count = self._count(here)
        if count is None:
            count = 1
        else:
            here += 1
        if self._tag(here, "<workday>"):
            here += 1
        for unit in ("day", "week", "month", "year"):
            if self._tag(here, f"<unit-{unit}>"):
                if self._tag(here + 1, "<counts-from>") and not self._from_text(here + 2):
                    return None  # of the entry into force: no day is known
                stop = moved(self.base, count, unit)
                return Span(place, here + 1, self.base, stop, True) if stop else None
        return self._at_unit(place, here)

    def _from_text(self, place: int) -> bool:
        """Whether a time counts from the text itself: of signature, of the signing of these minutes, from today."""
        if self._tag(place, "<signing>") and self._low(place + 1) in (".", ",", ";", ""):
            return True
        words = range(place, min(place + 7, len(self.words)))
        return self._tag(place, "<today>") or any(
            self._tag(at, "<this>", "<these>") and self._tag(at + 1, "<document>", "<eventnoun>") for at in words
        )

    def _at_unit(self, place: int, here: int) -> Span | None:
        found = self._core(here)
        return Span(place, found[0], found[1], found[2], found[3]) if found else None

    def _core(self, place: int) -> tuple[int, date, date, bool] | None:
        """(end, first day, last day, whether counted from the text) of the phrase without its preposition."""
        for reader in (self._iso, self._part, self._day_first, self._month_first, self._quarter, self._season, self._relative,
                       self._later, self._month, self._plain_year):  # fmt: skip
            found = reader(place)
            if found:
                return found
        return None

    def _iso(self, place: int):
        try:
            day = date.fromisoformat(self._low(place)) if len(self._low(place)) == 10 else None
        except ValueError:
            return None
        return (place + 1, day, day, False) if day else None

    def _part(self, place: int):
        """Beginning, middle or end of a longer time; early May, mid-2025."""
        low = self._low(place)
        here = place + 1
        if self._middle(low):
            return self._mid(
                place, low[self._middle(low) :], end=low[: self._middle(low)] in self.lexicon.words("endof")
            )
        which = next((name for name in ("endof", "beginof", "midof", "lateof") if self._tag(place, f"<{name}>")), None)
        if which is None:
            return None
        while self._tag(here, "<part-filler>"):
            here += 1
        found = self._core(here)
        if found is None or found[1] == found[2]:
            return None
        end, start, stop, relative = found
        third = max((stop - start).days // 3, 1)
        if which == "endof":
            return end, stop, stop, relative
        if which == "beginof":
            return end, start, start + timedelta(days=third), relative
        if which == "midof":
            return end, start + timedelta(days=third), stop - timedelta(days=third), relative
        return end, stop - timedelta(days=third), stop, relative

    def _mid(self, place: int, rest: str, *, end: bool):
        """Mid-May, mid-2025, end-April: the middle third of a month or year, or its last day. By mid-2025: its first half."""
        by = self._tag(place - 1, "<deadline>", "<before>")
        month = self.lexicon.number(rest, "month")
        year = self._year(place + 1) if month else (int(rest) if len(rest) == 4 and is_number(rest) else None)
        if month:
            start, stop = self._of_month(month, year)
            if start is None or stop is None:
                return None
            here = place + 1 + (year is not None)
            if end:
                return here, stop, stop, year is None
            return here, start + timedelta(days=9), start + timedelta(days=14 if by else 19), year is None
        if year and end:
            return place + 1, date(year, 12, 31), date(year, 12, 31), False
        if year:
            return place + 1, date(year, 5, 1), date(year, 6, 30) if by else date(year, 8, 31), False
        return None

    def _day_first(self, place: int):
        """8 July, 8 and 9 September 2025, the 8th of July, 20-22 May."""
        low = self._low(place)
        first = self._digits(place, 1, 31)
        if first is None and self._tag(place + 1, "<of>"):
            first = self._number(place, "ordinal")  # the first of June
        here = place + 1
        last: int | None = first
        if first is None:
            parts = low.replace("–", "-").split("-")
            if len(parts) == 2 and all(is_number(part) and 1 <= int(part) <= 31 for part in parts):
                first, last = int(parts[0]), int(parts[1])
            else:
                return None
        elif self._tag(here, "<days-join>") and self._digits(here + 1, 1, 31):
            last, here = self._digits(here + 1, 1, 31), here + 2
        if self._tag(here, "<of>"):
            here += 1
        month = self._number(here, "month")
        if month is None:
            return None
        return self._dated(here + 1, month, first, last)

    def _month_first(self, place: int):
        """July 8, September 8 and 9, 2025, May 20-22."""
        month = self._number(place, "month")
        if month is None or (self._tag(place, "<month-or-word>") and not self.words[place].capital):
            return None
        here = place + 1
        if self._low(here) == ".":
            here += 1
        first = self._digits(here, 1, 31)
        if first is None:
            parts = self._low(here).replace("–", "-").split("-")
            if len(parts) != 2 or not all(is_number(part) and 1 <= int(part) <= 31 for part in parts):
                return None
            return self._dated(here + 1, month, int(parts[0]), int(parts[1]))
        last: int | None = first
        here += 1
        if self._tag(here, "<days-join>") and self._digits(here + 1, 1, 31) and not self._number(here + 2, "month"):
            last, here = self._digits(here + 1, 1, 31), here + 2
        return self._dated(here, month, first, last)

    def _dated(self, here: int, month: int, first: int, last: int | None):
        at = here + (self._low(here) == ",")
        year = self._year(at)
        relative = year is None
        if year is not None:
            here = at + 1
        elif self._tag(at, "<this>", "<next>") and self._tag(at + 1, "<unit-year>"):
            year = (self.base.year + self._tag(at, "<next>")) if self.base else None
            here = at + 2
        if year is None:
            year = self._year_of(month, first)
        try:
            return (here, date(year, month, first), date(year, month, last or first), relative) if year else None
        except ValueError:
            return None

    def _year_of(self, month: int, day: int | None = None) -> int | None:
        """The year of a month without one: that of the text, or the next where the month has long passed."""
        if self.base is None:
            return None
        passed = (self.base.year * 12 + self.base.month) - (self.base.year * 12 + month)
        return self.base.year + (1 if passed > 5 else 0) - (1 if passed < -10 else 0)

    def _of_month(self, month: int, year: int | None) -> tuple[date, date] | tuple[None, None]:
        year = year or self._year_of(month)
        if year is None:
            return None, None
        return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])

    def _month(self, place: int):
        """May, May 2025, May this year, the third week of May."""
        month = self._number(place, "month")
        if month is None or (self._tag(place, "<month-or-word>") and not self.words[place].capital):
            return self._week_of(place)
        here = (
            place
            + 1
            + ((self._low(place + 1) == "," or self._tag(place + 1, "<of>")) and (self._year(place + 2) is not None))
        )
        year = self._year(here)
        relative = year is None
        if year:
            here += 1
        elif self._tag(here, "<of>") and self._tag(here + 1, "<this>", "<next>") and self._tag(here + 2, "<unit-year>"):
            year = self.base.year + self._tag(here + 1, "<next>") if self.base else None
            here += 3
        elif self._tag(here, "<this>", "<next>") and self._tag(here + 1, "<unit-year>"):
            year = self.base.year + self._tag(here, "<next>") if self.base else None
            here += 2
        start, stop = self._of_month(month, year)
        return (here, start, stop, relative) if start else None

    def _week_of(self, place: int):
        nth = self._number(place, "ordinal")
        last = self._tag(place, "<final>")
        if (
            (nth or last)
            and self._tag(place + 1, "<unit-week>", "<unit-half>", "<ten>")
            and self._tag(place + 2, "<of-in>")
        ):
            found = self._month(place + 3)
            if found:
                end, start, stop, relative = found
                if self._tag(place + 1, "<unit-half>"):
                    middle = start + timedelta(days=14)
                    return (
                        (end, start, middle, relative)
                        if nth == 1
                        else (end, middle + timedelta(days=1), stop, relative)
                    )
                first = stop - timedelta(days=6) if last else start + timedelta(days=7 * ((nth or 1) - 1))
                return end, first, min(first + timedelta(days=6), stop), relative
        return None

    def _quarter(self, place: int):
        """The first quarter of 2025, Q2 2025, the second half of the year, of January."""
        low = self._low(place)
        here = place
        nth: int | None
        end: int
        if self._marked(low):
            nth, parts, here = int(low[1]), 4 if low[0] in self.lexicon.words("quarter-mark") else 2, place + 1
        else:
            nth = self._number(place, "ordinal")
            if self._tag(place, "<final>"):
                nth = 4 if self._tag(place + 1, "<unit-quarter>") else 2
            if nth is None or not self._tag(place + 1, "<unit-quarter>", "<unit-half>"):
                return None
            parts, here = (4 if self._tag(place + 1, "<unit-quarter>") else 2), place + 2
        while self._tag(here, "<of>", "<the>"):
            here += 1
        if parts == 2 and self._number(here, "month"):
            return self._week_of(place)
        year, relative, end = self._a_year(here)
        if year is None and self.base:
            year, relative, end = self.base.year, True, here
        if year is None or nth > parts:
            return None
        months = 12 // parts
        first = months * (nth - 1) + 1
        last = first + months - 1
        return end, date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1]), relative

    def _a_year(self, here: int) -> tuple[int | None, bool, int]:
        if self._low(here) == ",":
            here += 1
        year = self._year(here)
        if year:
            return year, False, here + 1
        if self._tag(here, "<this>", "<next>") and self._tag(here + 1, "<unit-year>") and self.base:
            return self.base.year + self._tag(here, "<next>"), True, here + 2
        if self._tag(here, "<unit-year>") and self.base:
            return self.base.year, True, here + 1
        return None, True, here

    def _season(self, place: int):
        kind = next((name for name in SEASONS if self._tag(place, f"<season-{name}>")), None)
        if kind is None or (
            self._tag(place, "<verb>")  # prices fall
            and not self._tag(place - 1, "<definite-time>")
        ):
            return None
        here = (
            place
            + 1
            + (
                self._tag(place + 1, "<of>")
                and (self._year(place + 2) is not None or self._tag(place + 2, "<this>", "<next>"))
            )
        )
        year, relative, end = self._a_year(here)
        if year is None and self.base:
            first, last = SEASONS[kind]
            within = first <= self.base.month <= last and self._tag(place - 1, "<next>")
            year, end = self.base.year + (within or self.base.month > last >= first), here
        if year is None:
            return None
        first, last = SEASONS[kind]
        later = year + (last < first)
        return end, date(year, first, 1), date(later, last, calendar.monthrange(later, last)[1]), relative

    def _relative(self, place: int):
        """This year, next month, the coming week, the end of the year, tomorrow, Friday."""
        if self.base is None:
            return None
        if self._tag(place, "<today>"):
            return place + 1, self.base, self.base, True
        if self._tag(place, "<tomorrow>"):
            day = self.base + timedelta(days=1)
            return place + 1, day, day, True
        for unit in ("week", "month", "quarter", "year"):
            tag = f"<unit-{unit}>"
            if (
                self._tag(place, "<this>", "<next>", "<last>")
                and self._tag(place + 1, tag)
                and not self._tag(place + 1, "<plural-time>")
            ):
                ahead = self._tag(place, "<next>") - self._tag(place, "<last>")
                start, stop = whole(self.base, unit, ahead)
                return place + 2, start, stop, True
            over = self._tag(place + 1, "<is-over>")  # before the year is out
            if (
                unit in ("year", "month")
                and self._tag(place, tag)
                and not self._tag(place, "<plural-time>")
                and self._tag(place - 1, "<the>")
                and (self._tag(place - 2, "<in-of-within>") or (over and self._tag(place - 2, "<before>")))
            ):
                start, stop = whole(self.base, unit, 0)
                return place + 1, start, stop, True
        month = self._number(place + 1, "month") if self._tag(place, "<next>", "<this>") else None
        if month and (self.words[place + 1].capital or not self._tag(place + 1, "<month-or-word>")):
            year = self.base.year + (month <= self.base.month and self._tag(place, "<next>"))
            first, last = self._of_month(month, year)
            return (place + 2, first, last, True) if first and last else None
        weekday = self._number(place + 1, "weekday") if self._tag(place, "<next>", "<this>") else None
        if weekday is not None:
            day = self.base + timedelta(days=(weekday - self.base.weekday() - 1) % 7 + 1)
            return place + 2, day, day, True
        return None

    def _later(self, place: int):
        """Later this year, later in the year: from the day of the text to the end."""
        if self.base is None or not self._tag(place, "<later>"):
            return None
        here = place + 1
        while self._tag(here, "<later-filler>"):
            here += 1
        for unit in ("week", "month", "year"):
            if (self._tag(here, "<this>") and self._tag(here + 1, f"<unit-{unit}>")) or (
                here > place + 1 and self._tag(here, f"<unit-{unit}>")
            ):
                _, stop = whole(self.base, unit, 0)
                return here + 1 + self._tag(here, "<this>"), self.base, stop, True
        return None

    def _plain_year(self, place: int):
        year = self._year(place)
        low = self._low(place)
        if year is None and len(low) == 9 and low[4] in "-–" and is_number(low[:4]) and is_number(low[5:]):
            first, last = int(low[:4]), int(low[5:])
            return (
                (place + 1, date(first, 1, 1), date(last, 12, 31), False) if 1900 < first <= last < FAR.year else None
            )
        if year is None or not self._tag(place - 1, "<before-year>"):
            return None
        return place + 1, date(year, 1, 1), date(year, 12, 31), False


def _in_year(day: date, stop: date) -> date:
    """A day without a year of its own, in the year that puts it last before `stop`."""
    try:
        here = day.replace(year=stop.year)
        return here if here <= stop else day.replace(year=stop.year - 1)
    except ValueError:  # 29 February
        return stop


def is_number(text: str) -> bool:
    """Whether a text is digits, and plain ones: a raised 2 is none."""
    return text.isascii() and text.isdigit()


def moved(day: date, count: int, unit: str) -> date | None:
    """A day that lies a number of days, weeks, months or years later."""
    try:
        if unit in ("day", "week"):
            return day + timedelta(days=count * (7 if unit == "week" else 1))
        months = day.year * 12 + day.month - 1 + count * (12 if unit == "year" else 1)
        year, month = divmod(months, 12)
        return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
    except (ValueError, OverflowError):
        return None


def whole(day: date, unit: str, ahead: int) -> tuple[date, date]:
    """First and last day of the week, month, quarter or year of a day, or of the one `ahead` of it."""
    if unit == "week":
        monday = day - timedelta(days=day.weekday()) + timedelta(days=7 * ahead)
        return monday, monday + timedelta(days=6)
    if unit == "year":
        return date(day.year + ahead, 1, 1), date(day.year + ahead, 12, 31)
    length = 3 if unit == "quarter" else 1
    months = (day.year * 12 + day.month - 1) // length * length + ahead * length
    first = date(months // 12, months % 12 + 1, 1)
    last = months + length - 1
    return first, date(last // 12, last % 12 + 1, calendar.monthrange(last // 12, last % 12 + 1)[1])


def due(span: Span, words: Sequence[Token], text: str, base: date | None) -> Due:
    """A span as the due of a commitment."""
    phrase = text[words[span.first].start : words[span.end - 1].end]
    return Due(start=span.start, end=span.stop, phrase=phrase, base=base if span.relative else None)
