"""Existing lists (Excel, CSV) into a register: columns found or told, every fault at once, all rows or none.

One row is one record. `record` says which kind it makes (commitment where it does not say); `key` names it, and other
columns refer to keys. The columns are those of COLUMNS; the table `promises` that ships is of this very shape.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from comity.agreements import rules, work
from comity.agreements.records import CHOICES, ENDS
from comity.errors import BadInput, FactMissing, TableFaults

RECORDS = ("body", "meeting", "commitment", "evidence", "target", "actual", "note")
COLUMNS = {  # name: other headers under which it is found, in lower case
    "record": ("kind of record", "row type", "вид записи"),
    "key": ("no", "no.", "number", "id", "#", "№", "n"),
    "pair": ("countries", "between", "страны"),
    "date": ("said on", "agreed on", "when", "day", "дата"),
    "text": (
        "action",
        "commitment",
        "what",
        "agreement",
        "decision",
        "task",
        "what was agreed",
        "обязательство",
        "поручение",
        "мероприятие",
    ),
    "sentence": ("source sentence", "words", "wording", "текст"),
    "actors": (
        "who",
        "responsible",
        "responsible party",
        "actor",
        "by whom",
        "ответственный",
        "исполнитель",
        "исполнители",
    ),
    "beneficiaries": ("for whom", "beneficiary", "для кого"),
    "strength": ("firmness",),
    "topic": ("sector", "field", "area", "тема", "сфера"),
    "due_start": ("from", "start"),
    "due_end": ("due", "deadline", "due date", "by", "term", "срок", "срок исполнения"),
    "due_phrase": ("deadline in words",),
    "grade": ("specificity",),
    "status": ("state", "progress", "состояние", "статус"),
    "done_on": ("completed", "completed on", "done", "исполнено"),
    "meeting": ("session", "meeting no", "заседание"),
    "serves": ("evidence for", "for"),
    "chain": ("renewed by", "follow-up"),
    "kind": ("type",),
    "number": ("session number", "session no"),
    "until": ("end", "last day"),
    "place": ("city", "venue", "место"),
    "measure": ("indicator", "показатель"),
    "unit": (),
    "baseline": (),
    "baseline_date": (),
    "value": ("target",),
    "reason": ("reason for delay", "delay", "причина"),
    "source": ("link", "url", "reference", "источник"),
    "note": ("remarks", "comment", "comments", "примечание"),
}
STATUS_WORDS = {
    **dict.fromkeys(("completed", "complete", "implemented", "fulfilled", "closed", "исполнено", "выполнено"), "done"),
    **dict.fromkeys(
        ("in progress", "ongoing", "in process", "under implementation", "исполняется", "в работе"), "under way"
    ),
    **dict.fromkeys(("pending", "open", "new", "not begun", "не начато"), "not started"),
    **dict.fromkeys(("dropped", "canceled", "отменено"), "cancelled"),
    **dict.fromkeys(("started", "partially", "partly"), "minimum"),
    "expired": "lapsed",
}
EXCEL_ZERO = date(1899, 12, 30)


@dataclass(frozen=True, slots=True)
class Table:
    """A list as read: header, and rows with their number in the file."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[Any, ...]], ...]


@dataclass(frozen=True, slots=True)
class Columns:
    """Which header is which column, and words of states beyond those known."""

    told: Mapping[str, str]
    statuses: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Line:
    """What came of one row."""

    row: int
    what: str


@dataclass(slots=True)
class Outcome:
    """What an import did, or would do."""

    lines: list[Line] = field(default_factory=list)
    new: dict[str, int] = field(default_factory=dict)
    known: int = 0
    ids: dict[str, str] = field(default_factory=dict)

    @property
    def summary(self) -> str:
        """In a line: 3 meetings and 12 commitments new, 4 rows known already."""
        made = ", ".join(f"{many} {kind}" for kind, many in self.new.items()) or "nothing"
        return f"{made} new, {self.known} row{'s' * (self.known != 1)} known already"

    def to_json(self) -> dict[str, Any]:
        """comity.import/1"""
        return {"schema": "comity.import/1", "new": self.new, "known": self.known, "ids": self.ids,
                "rows": [{"row": line.row, "what": line.what} for line in self.lines]}  # fmt: skip


# --- reading the list ---------------------------------------------------------------------------------------------------


def table(path: Path, sheet: str | None = None) -> Table:
    """Rows of an Excel or CSV file. Raises BadInput for a file that is neither."""
    content = path.read_bytes()
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        cells = _excel(path, sheet)
    else:
        cells = _csv(content, path)
    filled = [(number, row) for number, row in cells if any(cell not in ("", None) for cell in row)]
    if not filled:
        raise BadInput(f"{path} holds no rows.")
    header = tuple(str(cell).strip() for cell in filled[0][1])
    return Table(path.name, header, tuple(filled[1:]))


def _excel(path: Path, sheet: str | None) -> list[tuple[int, tuple[Any, ...]]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(str(path))
        if sheet is not None and sheet not in book.sheet_names:
            raise BadInput(f"{path} has no sheet {sheet!r}; it has {', '.join(book.sheet_names)}.")
        rows = book.get_sheet_by_name(sheet or book.sheet_names[0]).to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError, IndexError) as fault:
        if isinstance(fault, BadInput):
            raise
        raise BadInput(f"{path} cannot be read as Excel ({fault}). Save it again as xlsx, or as CSV.") from fault
    return [(number, tuple(row)) for number, row in enumerate(rows, 1)]


def _csv(content: bytes, path: Path) -> list[tuple[int, tuple[Any, ...]]]:
    from comity.agreements.files.formats import plain

    text = plain(content)
    if "\0" in text:
        raise BadInput(f"{path} is no CSV file. Save the list as xlsx or CSV.")
    first = text.splitlines()[0] if text.splitlines() else ""
    comma = max((",", ";", "\t"), key=first.count)
    csv.field_size_limit(10**7)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=comma, strict=True)
        return [(reader.line_num, tuple(row)) for row in reader]
    except csv.Error as fault:
        raise BadInput(f"{path} cannot be read as CSV ({fault}). Save it again as xlsx or CSV.") from fault


def columns(header: Sequence[str], told: Mapping[str, str], map_file: Path | None = None) -> Columns:
    """Which header is which column: as told, else by its name. Raises BadInput for names that are none, and with no text."""
    import tomllib

    statuses: dict[str, str] = {}
    asked = dict(told)
    if map_file is not None:
        try:
            read = tomllib.loads(map_file.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
            raise BadInput(f"{map_file} is no TOML: {fault}.") from fault
        if not all(isinstance(read.get(name, {}), dict) for name in ("columns", "statuses")):
            raise BadInput(
                f'{map_file} has two parts, [columns] and [statuses], each with lines like text = "What was agreed".'
            )
        asked = {**read.get("columns", {}), **asked}
        statuses = {word.casefold(): status for word, status in read.get("statuses", {}).items()}
    wrong = [f"there is no column {name!r}" for name in asked if name not in COLUMNS]
    wrong += [
        f"the list has no header {text!r}; it has {', '.join(header)}" for text in asked.values() if text not in header
    ]
    wrong += [f"{status!r} is no status" for status in statuses.values() if status not in CHOICES["statuses"]]
    if wrong:
        raise BadInput("; ".join(wrong) + f". Columns are {', '.join(COLUMNS)}.")
    found = {name: _header_of(name, header) for name in COLUMNS if name not in asked}
    used = set(asked.values())
    kept = {name: text for name, text in found.items() if text is not None and text not in used}
    final = {**kept, **asked}
    if "text" not in final:
        raise BadInput(
            f"No column tells what was agreed. Say which: --map text={header[0]!r}. The list has {', '.join(header)}."
        )
    return Columns(final, statuses)


def _header_of(name: str, header: Sequence[str]) -> str | None:
    words = (name, name.replace("_", " "), *COLUMNS[name])
    lower = {text.casefold(): text for text in reversed(header)}
    return next((lower[word] for word in words if word in lower), None)


# --- rows as values ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """One row, its cells as text by column."""

    number: int
    cells: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.cells.get(name, "")


def rows_of(listed: Table, told: Columns) -> list[Row]:
    """Rows with their cells as text under the names of COLUMNS."""
    places = {name: listed.header.index(text) for name, text in told.told.items()}
    return [
        Row(number, {name: _text(row[place]) if place < len(row) else "" for name, place in places.items()})
        for number, row in listed.rows
    ]


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).replace("\0", " ").strip()


def day(text: str) -> str:
    """An ISO day, month or year of the usual spellings: 2026-11-25, 25.11.2026, 25/11/2026, 25 November 2026, 11.2026, 46351.

    Raises ValueError.
    """
    told = text.strip()
    told = told.removesuffix(" 00:00:00")
    if re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", told):
        date.fromisoformat((told + "-01-01")[:10])
        return told
    match = re.fullmatch(r"(\d{1,2})[./](\d{1,2})[./](\d{4})", told)
    if match:
        return date(int(match[3]), int(match[2]), int(match[1])).isoformat()
    match = re.fullmatch(r"(\d{1,2})[./](\d{4})", told)
    if match:
        return date(int(match[2]), int(match[1]), 1).isoformat()[:7]
    if re.fullmatch(r"\d{5}", told):  # Excel counts days
        return date.fromordinal(EXCEL_ZERO.toordinal() + int(told)).isoformat()
    return _in_words(told)


def _in_words(text: str) -> str:
    from comity.agreements.reading.due import Times
    from comity.agreements.reading.tokens import tokens
    from comity.agreements.reading.words import lexicon

    words = tokens(text, 0, len(text), lexicon("en"))
    spans = Times(words, lexicon("en"), None).spans()
    if len(spans) == 1 and spans[0].end - spans[0].first == len(words):
        return spans[0].stop.isoformat()
    raise ValueError(text)


# --- into the register --------------------------------------------------------------------------------------------------


def taken_in(
    register,
    listed: Table,
    told: Columns,
    *,
    who: str,
    why: str | None = None,
    pair: str | None = None,
    dry_run: bool = False,
) -> Outcome:
    """Enter a list in one transaction, or with `dry_run` only say what would come of it.

    pair : of rows that do not tell it · Raises TableFaults with every fault of every row, and writes nothing then.
    """
    rows = rows_of(listed, told)
    outcome = Outcome()
    try:
        with register.writing(who, why or f"imported from {listed.name}") as write:
            Import(write, told, pair, outcome).all(rows, listed.name)
            if dry_run:
                raise _Undone
    except _Undone:
        pass
    return outcome


class _Undone(Exception):
    """Ends a dry run: what was written in its transaction is taken back."""


class Import:
    """One import into an open transaction."""

    def __init__(self, write, told: Columns, pair: str | None, outcome: Outcome):
        self.write, self.told, self.pair, self.outcome = write, told, pair, outcome
        self.faults: list[str] = []
        self.new = set()  # rows that made something: only these get the state that the list tells
        self.country_of = work.side_of_body(write)

    new: set[int]

    def all(self, rows: Sequence[Row], name: str) -> None:
        """Meetings first, then commitments, then what hangs on them."""
        for kind in RECORDS:
            for row in rows:
                if (row["record"] or "commitment").lower() == kind:
                    self._row(kind, row)
        for row in rows:
            if (row["record"] or "commitment").lower() not in RECORDS:
                self._fault(row, f"record is {row['record']!r}; it can be {', '.join(RECORDS)}")
        if not self.faults:
            for row in rows:
                self._joined(row)
        if self.faults:
            raise TableFaults(name, sorted(self.faults, key=lambda fault: int(fault.split()[1].rstrip(",:"))))

    def _row(self, kind: str, row: Row) -> None:
        try:
            identity, new = getattr(self, f"_{kind}")(row)
        except (BadInput, ValueError) as fault:
            self._fault(row, str(fault) or "cannot be read")
            return
        if row["key"]:
            if row["key"] in self.outcome.ids:
                self._fault(row, f"the key {row['key']!r} is there twice")
            self.outcome.ids[row["key"]] = identity
        plural = {"evidence": "pieces of evidence", "body": "bodies"}.get(kind, kind + "s")
        if new:
            self.new.add(row.number)
            self.outcome.new[plural] = self.outcome.new.get(plural, 0) + 1
        else:
            self.outcome.known += 1
        self.outcome.lines.append(
            Line(row.number, f"{identity} {kind}: {row['text'][:80]}" + ("" if new else " (known already)"))
        )

    def _fault(self, row: Row, what: str) -> None:
        self.faults.append(f"row {row.number}, {what.rstrip('.')}")

    # each: (id, whether it is new)

    def _body(self, row: Row) -> tuple[str, bool]:
        sides = self._names(row, "actors")
        if len(sides) != 1:
            raise BadInput("a body names the one country it belongs to (actors)")
        known = self.write.rows("bodies", name=row["text"], side=sides[0])
        made = known[0]["id"] if known else self.write.add("bodies", name=row["text"], side=sides[0])
        self.country_of = work.side_of_body(self.write)
        return made, not known

    def _meeting(self, row: Row) -> tuple[str, bool]:
        pair, start = self._pair(row), self._day(row, "date")
        known = next(
            (one for one in self.write.rows("meetings", pair=pair, start=start) if one["name"] == row["text"]), None
        )
        if known:
            return known["id"], False
        made = self.write.add(
            "meetings", name=row["text"], kind=row["kind"] or "other", session=self._whole(row, "number"), pair=pair,
            parties=pair.split("-"), start=start, end=self._day(row, "until", False), place=row["place"] or None, source=self._source(row),
        )  # fmt: skip
        return made, True

    def _commitment(self, row: Row) -> tuple[str, bool]:
        pair = self._pair(row)
        actors = self._names(row, "actors") or tuple(pair.split("-"))
        said = self._day(row, "date", False)
        mark = work.fingerprint(f"{said} {row['text']}", row["text"], actors)
        known = self.write.rows("commitments", fingerprint=mark)
        if known:
            return known[0]["id"], False
        start, end = self._due(row)
        made = self.write.add(
            "commitments", pair=pair, side=rules.side(actors, pair, self.country_of), actors=actors, action=row["text"],
            beneficiaries=self._names(row, "beneficiaries"), strength=row["strength"] or "agreed", topic=row["topic"] or self._topic(row["text"]),
            due_start=start, due_end=end, due_phrase=row["due_phrase"] or None, grade=row["grade"] or work.grade(row["text"], actors, bool(end)),
            decision="confirmed", said_on=said, meeting=self._key(row, "meeting"), delay_reason=row["reason"] or None,
            status="not started", fingerprint=mark,
        )  # fmt: skip
        self._sentence(row, made, pair, said)
        if row["note"]:
            self.write.add("notes", about=made, date=said or end or date.today().isoformat(), text=row["note"])
        return made, True

    def _sentence(self, row: Row, commitment: str, pair: str, said: str | None) -> None:
        """The row's own words as the source, with its address."""
        words = row["sentence"] or row["text"]
        title = f"{words[:80]} ({said or 'no date'})"
        document = work.keep_document(
            self.write,
            text=words + "\n",
            title=title,
            parties=pair.split("-"),
            kind="list",
            date=said,
            source=self._source(row),
        )
        self.write.add("sources", commitment=commitment, document=document, sentence=words, start=0, end=len(words))

    def _evidence(self, row: Row) -> tuple[str, bool]:
        pair, when = self._pair(row), self._day(row, "date")
        known = next(
            (one for one in self.write.rows("evidence", pair=pair, date=when) if one["text"] == row["text"]), None
        )
        if known:
            return known["id"], False
        return self.write.add(
            "evidence", pair=pair, date=when, kind=row["kind"] or "report", text=row["text"], source=self._source(row)
        ), True

    def _target(self, row: Row) -> tuple[str, bool]:
        pair = self._pair(row)
        measure, value = row["measure"] or row["text"], self._number(row, "value")
        known = next(
            (
                one
                for one in self.write.rows("targets", pair=pair)
                if (one["measure"], one["value"]) == (measure, value)
            ),
            None,
        )
        if known:
            return known["id"], False
        commitment = next((self.outcome.ids[key] for key in self._list(row["serves"]) if key in self.outcome.ids), None)
        made = self.write.add(
            "targets", commitment=commitment, pair=pair, measure=measure, unit=row["unit"] or "units", value=value, due=self._due(row)[1],
            baseline=self._number(row, "baseline", False), baseline_date=self._day(row, "baseline_date", False),
        )  # fmt: skip
        return made, True

    def _actual(self, row: Row) -> tuple[str, bool]:
        target = next(
            (
                self.outcome.ids[key]
                for key in self._list(row["serves"])
                if self.outcome.ids.get(key, "").startswith("t")
            ),
            None,
        )
        if target is None:
            raise BadInput("an actual names its target by key (serves)")
        when, value = self._day(row, "date"), self._number(row, "value")
        for one in self.write.rows("actuals", target=target):
            if (one["date"], one["value"], one["source"]) == (when, value, self._source(row)):
                return one["id"], False
        told = ". ".join(part for part in (row["text"], row["note"]) if part)
        return self.write.add(
            "actuals", target=target, date=when, value=value, source=self._source(row), note=told or None
        ), True

    def _note(self, row: Row) -> tuple[str, bool]:
        about = next(
            (
                self.outcome.ids[key]
                for key in [*self._list(row["serves"]), *self._list(row["meeting"])]
                if key in self.outcome.ids
            ),
            None,
        )
        if about is None:  # what is said of the pair alone stands as a document
            pair = self._pair(row)
            digest = hashlib.sha256((row["text"] + "\n").encode()).hexdigest()
            known = bool(self.write.rows("documents", text_hash=digest))
            made = work.keep_document(self.write, text=row["text"] + "\n", title=row["text"][:80], parties=pair.split("-"), kind="other",
                                      date=self._day(row, "date", False), source=self._source(row))  # fmt: skip
            return made, not known
        told = f"{row['text']} ({self._source(row)})" if row["source"] else row["text"]
        known_note = next((one for one in self.write.rows("notes", about=about) if one["text"] == told), None)
        if known_note:
            return known_note["id"], False
        return self.write.add("notes", about=about, date=self._day(row, "date"), text=told), True

    # --- what refers to other rows ---------------------------------------------------------------------------------

    def _joined(self, row: Row) -> None:
        kind = (row["record"] or "commitment").lower()
        identity = self.outcome.ids.get(row["key"]) if row["key"] else self._made(row)
        if identity is None:
            return
        try:
            if kind == "evidence":
                for key in self._list(row["serves"]):
                    target = self._known(key)
                    if target.startswith("c"):
                        work.link(self.write, identity, "supports", target)
            elif kind == "commitment":
                for key in self._list(row["chain"]):
                    work.link(self.write, self._known(key), "renews", identity)
                if row.number in self.new:  # a second import takes nothing back that was entered since
                    self._ended(row, identity)
        except (BadInput, ValueError) as fault:
            self._fault(row, str(fault))

    def _made(self, row: Row) -> str | None:
        return next((line.what.split()[0] for line in self.outcome.lines if line.row == row.number), None)

    def _ended(self, row: Row, identity: str) -> None:
        """The state that the list tells, once everything is there that it rests on."""
        word = row["status"].casefold()
        status = self.told.statuses.get(word) or STATUS_WORDS.get(word, word)
        if not status or self.write.get(identity)["status"] == status:
            return
        if status not in CHOICES["statuses"]:
            raise BadInput(
                f"status is {row['status']!r}; it can be {', '.join(CHOICES['statuses'])}, or a word told in --map-file"
            )
        later = [self._known(key) for key in self._list(row["chain"])]
        if status == "superseded" and not later:
            raise BadInput("a superseded commitment names the one in its place (chain)")
        closed = self._day(row, "done_on", False) or (
            self.write.get(later[0])["said_on"] if later and status == "superseded" else None
        )
        closed = closed or self._day(row, "due_end", False) or self._day(row, "date", False)
        work.set_status(
            self.write, identity, status, on=closed if status in ENDS else None, by="the list that was imported" if status == "done" else None,
            by_commitment=later[0] if status == "superseded" else None,
        )  # fmt: skip

    # --- cells -----------------------------------------------------------------------------------------------------

    def _pair(self, row: Row) -> str:
        from comity.places import country

        if row["pair"]:
            return work.pair_of([country(part).alpha3 for part in re.split(r"[-,;/–]", row["pair"]) if part.strip()])
        if self.pair:
            return self.pair
        raise BadInput("the pair is not told: a column pair, or --parties KAZ,PAK")

    def _day(self, row: Row, name: str, needed: bool = True) -> str | None:
        if not row[name]:
            if needed:
                raise BadInput(f"{name} is not told")
            return None
        try:
            return day(row[name])
        except ValueError:
            raise BadInput(f"{name} is {row[name]!r}, and that is no date like 2026-11-25 or 25.11.2026") from None

    def _due(self, row: Row) -> tuple[str | None, str | None]:
        start, end = self._day(row, "due_start", False), self._day(row, "due_end", False)
        first, last = _first(start or end), _last(end or start)
        return first, last

    def _number(self, row: Row, name: str, needed: bool = True) -> float | None:
        text = row[name].replace(" ", "").replace("\u00a0", "")
        if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", text):  # 1,000
            text = text.replace(",", "")
        if not text:
            if needed:
                raise BadInput(f"{name} is not told")
            return None
        try:
            return float(text)
        except ValueError:
            raise BadInput(f"{name} is {row[name]!r}, and that is no number") from None

    def _whole(self, row: Row, name: str) -> int | None:
        value = self._number(row, name, False)
        if value is not None and value != int(value):
            raise BadInput(f"{name} is {row[name]!r}, and that is no whole number")
        return None if value is None else int(value)

    def _names(self, row: Row, name: str) -> tuple[str, ...]:
        from comity.places.country import country_named

        found = []
        listed = self._list(row[name])
        if len(listed) == 1 and "," in listed[0] and all(country_named(part) for part in listed[0].split(",")):
            listed = listed[0].split(",")
        for part in listed:
            known = country_named(part)
            found.append(known.alpha3 if known else part)
        return tuple(dict.fromkeys(found))

    def _topic(self, text: str) -> str:
        from comity.agreements.reading.topic import Said, topic

        return topic(Said(act=text, subject="", sentence=text), "en")[0]

    def _list(self, text: str) -> list[str]:
        return [part.strip() for part in text.split(";") if part.strip()]

    def _key(self, row: Row, name: str) -> str | None:
        return self._known(row[name]) if row[name] else None

    def _known(self, key: str) -> str:
        if key not in self.outcome.ids:
            raise BadInput(f"there is no row with the key {key!r}")
        return self.outcome.ids[key]

    def _source(self, row: Row) -> str | None:
        from comity import facts

        told = row["source"]
        if not told or "/" in told:
            return told or None
        try:
            return facts.source(told).url or told
        except FactMissing:  # a word that is no id of our own table of sources stays what it is
            return told


def _first(text: str | None) -> str | None:
    return (text + "-01-01")[:10] if text and len(text) == 4 else (text + "-01")[:10] if text else None


def _last(text: str | None) -> str | None:
    import calendar

    if not text or len(text) == 10:
        return text
    year, month = int(text[:4]), int(text[5:7]) if len(text) == 7 else 12
    return date(year, month, calendar.monthrange(year, month)[1]).isoformat()
