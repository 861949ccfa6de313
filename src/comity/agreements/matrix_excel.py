"""The matrix as an Excel file: summary, commitments, evidence, targets; ready for print, and nothing in it is run."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any

from comity.agreements.matrix import Matrix, Row, Share

COLUMNS = (  # heading, field of Row, width in letters; the first PRINTED go on paper
    ("No.", "number", 5), ("Agreed at", "agreed_at", 18), ("Commitment", "commitment", 36), ("Who", "who", 17), ("Topic", "topic", 11),
    ("Due", "due", 11), ("State", "state", 13), ("Days overdue", "days_overdue", 9), ("Last evidence", "evidence", 28), ("Carry over", "carry_over", 7),
    ("Remarks", "remarks", 28), ("Agreed on", "agreed_on", 11), ("Side", "side", 7), ("Firmness", "strength", 9), ("Due at first", "due_before", 12),
    ("Source", "source", 40), ("Words of the source", "sentence", 50), ("Id", "id", 7),
)  # fmt: skip
PRINTED = 11
LINE_POINTS = 12.5  # height of a line of 9 points
COLOURS = {
    "kept": "#DDEFD9",
    "kept late": "#EAF3DE",
    "under way": "#FFF4CC",
    "overdue": "#F8D7D3",
    "never heard of": "#EAD9E8",
    "lapsed": "#E4E4E4",
    "cancelled": "#E4E4E4",
}
FOOTNOTE = (
    "Per cent done = done / (all - apart). Apart are the superseded, which count with their successor, and the cancelled. 'Never heard of': no evidence was "
    "found within a year; no report is no proof that nothing happened."
)


def excel(matrix: Matrix, title: str, evidence: list[dict[str, Any]] = ()) -> bytes:  # type: ignore[assignment]
    """The bytes of an .xlsx file; the same matrix gives the same bytes. `evidence` : rows with id, date, kind, text, source, for."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    book.set_properties({"title": title, "created": datetime.fromisoformat(f"{matrix.on}T00:00:00")})
    style = _styles(book)
    _summary(book.add_worksheet("Summary"), matrix, title, style)
    _commitments(book.add_worksheet("Commitments"), matrix, title, style)
    _evidence(book.add_worksheet("Evidence"), evidence, style)
    _targets(book.add_worksheet("Targets"), matrix, style)
    book.close()
    return out.getvalue()


def _styles(book) -> dict[str, Any]:
    base = {
        "font_name": "Calibri",
        "font_size": 9,
        "valign": "top",
        "text_wrap": True,
        "border": 1,
        "border_color": "#BBBBBB",
    }
    made = {
        "title": book.add_format({"bold": True, "font_size": 14, "font_name": "Calibri"}), "plain": book.add_format({"font_size": 9, "text_wrap": True, "valign": "top"}),
        "head": book.add_format(base | {"bold": True, "bg_color": "#1F3A4D", "font_color": "#FFFFFF"}), "cell": book.add_format(base),
        "day": book.add_format(base | {"num_format": "yyyy-mm-dd", "align": "left"}), "group": book.add_format(base | {"bold": True, "bg_color": "#E8EEF2"}),
        "link": book.add_format(base | {"font_color": "#1F4E79", "underline": 1}),
    }  # fmt: skip
    return made | {f"state {name}": book.add_format(base | {"bg_color": colour}) for name, colour in COLOURS.items()}


def _printed(sheet, title: str, header_row: int, columns: int) -> None:
    """A4 across, the header on every page, page numbers."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(header_row)
    sheet.set_header(f"&L{title.replace('&', '&&')}")
    sheet.set_footer("&L&F&RPage &P of &N")
    sheet.freeze_panes(header_row + 1, 0)


def _summary(sheet, matrix: Matrix, title: str, style) -> None:
    sheet.set_column(0, 0, 60)
    sheet.set_column(1, 7, 12)
    sheet.write_string(0, 0, title, style["title"])
    sheet.write_string(1, 0, f"State on {matrix.on}. Register: {matrix.head}", style["plain"])
    row = 3
    for name, shares in (
        ("All", (matrix.total,)),
        ("By session", matrix.by_session),
        ("By side", matrix.by_side),
        ("By topic", matrix.by_topic),
    ):
        for column, heading in enumerate(
            (
                name,
                "Counted",
                "Done",
                "Per cent done",
                "Under way",
                "Overdue",
                "Never heard of",
                "Superseded or cancelled",
            )
        ):
            sheet.write_string(row, column, heading, style["head"])
        for share in shares:
            row += 1
            _share(sheet, row, share, style)
        row += 2
    sheet.write_string(row, 0, FOOTNOTE, style["plain"])
    sheet.set_row(row, 48)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _share(sheet, row: int, share: Share, style) -> None:
    sheet.write_string(row, 0, share.name, style["cell"])
    values = (share.counted, share.done, share.percent, share.under_way, share.overdue, share.never, share.apart)
    for column, value in enumerate(values, 1):
        if value is None:
            sheet.write_string(row, column, "-", style["cell"])
        else:
            sheet.write_number(row, column, value, style["cell"])


def _commitments(sheet, matrix: Matrix, title: str, style) -> None:
    for column, (heading, _, width) in enumerate(COLUMNS):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, heading, style["head"])
    sheet.set_row(0, 2 * LINE_POINTS)
    row = 0
    for _, rows in matrix.groups:
        for line in rows:
            row += 1
            sheet.set_row(
                row, LINE_POINTS * max(_lines(str(getattr(line, name)), width) for _, name, width in COLUMNS[:PRINTED])
            )
            for column, (_, name, _) in enumerate(COLUMNS):
                _cell(sheet, row, column, name, line, style)
    sheet.autofilter(0, 0, max(row, 1), len(COLUMNS) - 1)
    _printed(sheet, title, 0, len(COLUMNS))
    sheet.print_area(0, 0, max(row, 1), PRINTED - 1)


def _cell(sheet, row: int, column: int, name: str, line: Row, style) -> None:
    value = getattr(line, name)
    if name == "state":
        sheet.write_string(row, column, value, style.get(f"state {value}", style["cell"]))
    elif name == "carry_over":
        sheet.write_string(row, column, "yes" if value else "no", style["cell"])
    elif name == "days_overdue" and not value:
        sheet.write_string(row, column, "", style["cell"])
    elif name in ("number", "days_overdue"):
        sheet.write_number(row, column, value, style["cell"])
    elif name == "source" and _is_link(value):
        sheet.write_url(row, column, value, style["link"], value)
    elif len(value) == 10 and _day(value):
        sheet.write_datetime(row, column, datetime.combine(_day(value), datetime.min.time()), style["day"])  # type: ignore[arg-type]
    else:
        sheet.write_string(row, column, _clean(value), style["cell"])


def _lines(text: str, width: int) -> int:
    """Lines that a text takes in a column, some words being too long for the end of a line."""
    return sum(max(1, -(-len(part) * 115 // (100 * width))) for part in text.split("\n"))


def _is_link(text: str) -> bool:
    """An address that a spreadsheet may open: plain web pages, of a length that Excel takes."""
    return (
        text.startswith(("https://", "http://"))
        and len(text) < 2000
        and not any(sign in text for sign in ' "<>\\^`{|}')
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _clean(text: str) -> str:
    """Without signs that XML cannot hold, and no longer than a cell."""
    return "".join(sign for sign in text if sign in "\n\t" or ord(sign) >= 32 and ord(sign) not in (0xFFFE, 0xFFFF))[
        :32_000
    ]


def _evidence(sheet, evidence, style) -> None:
    for column, (heading, width) in enumerate(
        (("Id", 7), ("Date", 12), ("Kind", 12), ("What it shows", 70), ("Source", 50), ("For", 24))
    ):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, heading, style["head"])
    for row, one in enumerate(evidence, 1):
        for column, value in enumerate(
            (one["id"], one["date"], one["kind"], one["text"], one["source"] or "", ", ".join(one["for"]))
        ):
            sheet.write_string(row, column, _clean(value), style["cell"])
    _printed(sheet, "Evidence", 0, 6)


def _targets(sheet, matrix: Matrix, style) -> None:
    for column, (heading, width) in enumerate(
        (("Target", 44), ("Unit", 14), ("Date", 12), ("Value", 12), ("What it is", 60), ("Source", 44))
    ):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, heading, style["head"])
    row = 0
    for target in matrix.targets:
        lines = [(target["due"] or "", target["value"], "target", "")]
        lines += (
            [(target["baseline_date"] or "", target["baseline"], "baseline", "")]
            if target["baseline"] is not None
            else []
        )
        lines += [(one["date"], one["value"], one["note"] or "", one["source"] or "") for one in target["actuals"]]
        for when, value, what, source in lines:
            row += 1
            for column, text in ((0, target["measure"]), (1, target["unit"]), (2, when), (4, what), (5, source)):
                sheet.write_string(row, column, _clean(text), style["cell"])
            sheet.write_number(row, 3, value, style["cell"])
    _printed(sheet, "Targets", 0, 6)
