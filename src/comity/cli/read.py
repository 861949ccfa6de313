"""`comity read`: texts read for commitments, as a table or as data; and how well that goes, against a reader's answers."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from comity.cli import show

BIDI = dict.fromkeys(
    [*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F], None
)  # they would turn a line about


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="FILE|FOLDER|-")
@click.option("--date", metavar="DATE", help="Day of the text, 2021-08-02, from which 'next month' counts.")
@click.option("--parties", metavar="A,B", help="Countries it is between; default the two it names most.")
@click.option("--language", default="en", show_default=True, help="Language of the texts.")
@click.option(
    "--index",
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help="CSV with id, date, country_a, country_b of each text.",
)
@click.option(
    "--score",
    nargs=2,
    type=click.Path(exists=True, dir_okay=False),
    metavar="ANSWERS NEGATIVES",
    help="Score against answers (JSON Lines).",
)
@click.option("--json", "wants_json", is_flag=True, help="One JSON object on standard output.")
@click.option("--output", type=click.Path(dir_okay=False), metavar="FILE", help="Write the JSON into a file.")
def read(paths, date, parties, language, index, score, wants_json, output) -> None:
    """Read texts for commitments: who promised what to whom, by when, how firmly.

    FILE is txt, md, html, docx or pdf with a text layer. Nothing is kept: `comity register add` does that.
    """
    from comity.errors import BadInput

    if len(paths) > 1:
        raise BadInput("One FILE or FOLDER at a time. Put several texts into a folder.")
    told = index_of(paths[0], index, score[0] if score else None)
    readings = readings_of(paths[0], told, date, parties, language)
    if score:
        _score(score, list(readings), wants_json)
        return
    if wants_json or output:
        _as_json(readings, output, wants_json)
        return
    for number, (reading, refused, _) in enumerate(readings):
        if number:
            click.echo()
        _told(reading) if reading else show.wrapped(f"not read: {refused['why']}")


def readings_of(path: str, told: dict, date, parties, language) -> Iterator[tuple]:
    """(Reading, None, Text) or (None, {"file", "why"}, None) of each text, as it is read."""
    from comity.agreements.files import Refused, texts
    from comity.agreements.reading import read as reading_of

    between = tuple(part for part in (parties or "").replace(";", ",").split(",") if part.strip())
    reading_of("", date=date, parties=between, language=language)  # a wrong flag is told before any file is read
    for text in texts(path):
        if isinstance(text, Refused):
            yield None, {"file": text.file, "why": text.why}, None
            continue
        known = told.get(Path(text.file).stem, {})
        yield reading_of(
            text.text, date=date or known.get("date"), parties=between or known.get("parties", ()), file=text.file, language=language,
        ), None, text  # fmt: skip


def index_of(path: str, index: str | None, answers: str | None) -> dict[str, dict]:
    """Date and parties by the name of a text without its ending: from --index, or an index.csv beside the texts."""
    from comity.errors import BadInput

    folder = Path(path)
    near = folder if folder.is_dir() else folder.parent
    beside = [near / "index.csv", near.parent / "index.csv"]
    beside += [Path(answers).parent / "index.csv"] if answers else []
    chosen = Path(index) if index else next((file for file in beside if path != "-" and file.is_file()), None)
    if chosen is None:
        return {}
    try:
        with open(chosen, encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as fault:
        raise BadInput(f"{chosen} cannot be read as CSV in UTF-8 ({fault}).") from fault
    return {_key(row): _known(row) for row in rows if _key(row)}


def _key(row: dict) -> str:
    return Path(row.get("id") or row.get("file") or "").stem


def _known(row: dict) -> dict:
    parties = (
        [row.get(name) for name in ("country_a", "country_b")]
        if row.get("country_a")
        else (row.get("parties") or "").split(",")
    )
    return {
        "date": row.get("date") or None,
        "parties": tuple(part.strip() for part in parties if part and part.strip()),
    }


# --- out --------------------------------------------------------------------------------------------------------------


def plain(reading) -> dict:
    """A Reading as the JSON of comity.read/1 has it."""
    return {
        "file": reading.file, "date": reading.date.isoformat() if reading.date else None, "parties": list(reading.parties),
        "sentences": reading.sentences, "commitments": [_commitment(one) for one in reading.commitments],
    }  # fmt: skip


def _commitment(one) -> dict:
    due = one.due and {"start": one.due.start.isoformat(), "end": one.due.end.isoformat(), "phrase": one.due.phrase}
    return {
        "sentence": one.sentence, "start": one.start, "end": one.end, "actors": list(one.actors), "action": one.action,
        "beneficiaries": list(one.beneficiaries), "due": due, "strength": one.strength, "topic": one.topic,
        "condition": one.condition, "cues": dict(one.cues), "confidence": one.confidence,
    }  # fmt: skip


def _as_json(readings: Iterator[tuple], output: str | None, wants_json: bool) -> None:
    texts, refused = [], []
    for reading, not_read, _ in readings:
        texts.append(plain(reading)) if reading else refused.append(not_read)
    answer = {"schema": "comity.read/1", "texts": texts, "refused": refused}
    if output:
        from comity.routing.export import save

        save(Path(output), (json.dumps(answer, ensure_ascii=False, indent=1) + "\n").encode())
        show.talk(f"written: {output}")
    if wants_json:
        show.as_json(answer)


def _told(reading) -> None:
    """One text for a person."""
    when = f", {reading.date.isoformat()}" if reading.date else ", no date known: relative dates are left out (--date)"
    between = " and ".join(reading.parties) or "no country found (--parties)"
    count = len(reading.commitments)
    show.wrapped(
        f"{reading.file or 'text'}: {between}{when}. {count or 'No'} commitment{'s' * (count != 1)} in {reading.sentences} sentence{'s' * (reading.sentences != 1)}."
    )
    last = None
    for one in reading.commitments:
        if one.start != last:
            click.echo()
            show.wrapped(f"  {marked(one)}", indent="  ")
        last = one.start
        due = (
            f", due {one.due.end.isoformat() if one.due.start == one.due.end else f'{one.due.start} to {one.due.end}'}"
            if one.due
            else ""
        )
        condition = f" [{one.condition}]" if one.condition else ""
        show.wrapped(
            f"    {one.strength.upper()}  {', '.join(one.actors)}: {safe(one.action)}{safe(condition)}  ({one.topic}{due}; {one.confidence:.0%})",
            indent="        ",
        )


def safe(text: str) -> str:
    """Text on one line, without the signs that would turn a terminal's line about."""
    return " ".join(text.translate(BIDI).split())


def marked(one) -> str:
    """The sentence, its deciding words underlined on a terminal."""
    text = safe(one.sentence)
    cue = safe(one.cues.get("strength", "")).split(" … ")[-1]
    if cue and cue in text and sys.stdout.isatty():
        return text.replace(cue, click.style(cue, underline=True, bold=True), 1)
    return text


# --- score ------------------------------------------------------------------------------------------------------------


def _score(files: tuple[str, str], readings: list[tuple], wants_json: bool) -> None:
    from comity.agreements.score import cue_list, score

    answers, negatives = (_lines(file) for file in files)
    found = {Path(reading.file).stem: reading for reading, _, _ in readings if reading}
    result = score(answers, negatives, found)
    precision, recall = cue_list(
        [row for row in answers if row["id"] in found], [row for row in negatives if row["id"] in found]
    )
    if wants_json:
        show.as_json(result.to_json() | {"cue_list": {"precision": precision, "recall": recall}})
        return
    show.wrapped(
        f"{result.texts} texts, {result.counts['sentences']} sentences with {result.answers} commitments, {result.counts['negatives']} without."
    )
    rows = [
        ["sentence precision", _share(result.precision), _share(precision)], ["sentence recall", _share(result.recall), _share(recall)],
        ["recall of agreed and will", _share(result.firm_recall), ""], ["strength right", _share(result.strength), ""],
        ["topic right", _share(result.topic), ""], ["due right, of dated ones", _share(result.due), ""],
        ["due invented, of undated ones", _share(result.due_invented), ""],
    ]  # fmt: skip
    show.listing(["", "these rules", "a list of cue words"], rows)
    for title, those in (("missed", result.missed), ("wrongly proposed", result.wrong)):
        for sentence in those:
            show.wrapped(f"{title}: {safe(sentence)}", indent="    ")


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def _lines(file: str) -> list[dict]:
    """Rows of JSON Lines. Raises BadInput with the line that is none."""
    from comity.errors import BadInput

    rows = []
    for number, line in enumerate(Path(file).read_text(encoding="utf-8-sig").splitlines(), 1):
        if line.strip():
            try:
                row = json.loads(line)
                rows.append(
                    {"due": None, "strength": "", "topic": "", **row, "id": str(row["id"]), "sentence": row["sentence"]}
                )
            except (ValueError, KeyError, TypeError) as fault:
                raise BadInput(f"{file}, line {number} is no answer: a JSON object with id and sentence.") from fault
    return rows
